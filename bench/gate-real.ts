import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { GateOutcome } from '../reports/gate/contract.js';
import { writeFileAtomically } from '../reports/result-file.js';
import { GATE_OPTIONS, gateOnce } from './gate/gate-once.js';
import { PLANTED_HOSTS } from './gate/hosts.js';

// Real gates on this machine, as many as it takes to count alarms: identical arms, and heads whose broadcast loop is slower
// by 20 %. Each outcome is kept in a file as soon as it is known, and a run begun again goes on after the last.

const { values } = parseArgs({
  options: {
    same: { type: 'string', default: '20' },
    planted: { type: 'string', default: '10' },
    scenario: { type: 'string', default: 'websocket,sse' },
    ...GATE_OPTIONS,
    out: { type: 'string', default: 'results/gate-real.json' },
  },
});
/** Of 20 gates without a change one may fail, of 10 with 20 % at least 9 must. */
const FALSE_ALARMS = 1 / 20;
const ALARMS = 9 / 10;

type Kind = 'same' | 'planted';

/** What is kept of a gate. */
interface KeptGate {
  readonly kind: Kind;
  /** Number of its kind, from 1. */
  readonly number: number;
  readonly scenario: string;
  readonly at: string;
  readonly seconds: number;
  readonly pairs: number;
  readonly outcome: GateOutcome['outcome'];
  /** Rules that did not pass, and every metric with a ratio. */
  readonly rules: readonly { metric: string; verdict: string; ratio: number | null; message: string }[];
}

/** The settings and every gate that was run with them. */
interface KeptGates {
  readonly settings: Readonly<Record<string, string>>;
  readonly gates: readonly KeptGate[];
}

const { same, planted, out, ...settings } = values;
const scenarios = values.scenario.split(',');
const wanted: Readonly<Record<Kind, number>> = { same: Number(same), planted: Number(planted) };
let kept = load();

for (const { kind, number } of turns()) {
  if (kept.gates.some((gate) => gate.kind === kind && gate.number === number)) continue;
  const scenario = scenarios[(number - 1) % scenarios.length]!;
  const gate = await oneGate(kind, number, scenario);
  kept = { ...kept, gates: [...kept.gates, gate] };
  await mkdir(dirname(out), { recursive: true });
  await writeFileAtomically(out, [`${JSON.stringify(kept, null, 1)}\n`]);
  const left = wanted.same + wanted.planted - kept.gates.length;
  console.log(
    `${kind} ${number} of ${wanted[kind]}, ${scenario}: ${gate.outcome}, ${gate.pairs} pairs, ${gate.seconds.toFixed(0)} s; ` +
      `${left} left, about ${Math.ceil((left * gate.seconds) / 60)} min`,
  );
}
tell();
process.exit(0);

/** Gates that were kept with these settings. Others are in the way: nothing is mixed. */
function load(): KeptGates {
  if (!existsSync(out)) return { settings, gates: [] };
  const found = JSON.parse(readFileSync(out, 'utf8')) as KeptGates;
  if (JSON.stringify(found.settings) === JSON.stringify(settings)) {
    console.log(`Going on after ${found.gates.length} gates of ${out}.`);
    return found;
  }
  console.error(`${out} has gates with other settings: remove it, or give another --out.`);
  process.exit(2);
}

/** The two kinds mixed, so that an interrupted run has some of both. */
function turns(): { kind: Kind; number: number }[] {
  const list = (['same', 'planted'] as const).flatMap((kind) =>
    Array.from({ length: wanted[kind] }, (_, at) => ({
      kind,
      number: at + 1,
      share: (at + 1) / wanted[kind],
    })),
  );
  return list.sort((a, b) => a.share - b.share);
}

async function oneGate(kind: Kind, number: number, scenario: string): Promise<KeptGate> {
  const { outcome: judged, ...facts } = await gateOnce(
    scenario,
    values,
    number * 2 + (kind === 'planted' ? 1 : 0),
    kind === 'planted' ? PLANTED_HOSTS['a broadcast loop slower by 20 %'] : undefined,
  );
  const { outcome, rules } = judged;
  return {
    kind,
    number,
    scenario,
    at: facts.startedAt,
    seconds: facts.seconds,
    pairs: facts.pairs,
    outcome,
    rules: rules
      .filter(({ verdict, ratio }) => verdict !== 'pass' || ratio !== null)
      .map(({ rule, verdict, ratio, message }) => ({
        metric: rule.metric,
        verdict,
        ratio: ratio?.ratio ?? null,
        message,
      })),
  };
}

function tell(): void {
  const of = (kind: Kind): readonly KeptGate[] => kept.gates.filter((gate) => gate.kind === kind);
  const count = (kind: Kind, outcome: GateOutcome['outcome']): number =>
    of(kind).filter((gate) => gate.outcome === outcome).length;
  const line = (kind: Kind, what: string, goal: string, met: boolean): void =>
    console.log(
      `${what}: ${count(kind, 'fail')} alarms in ${of(kind).length} gates (goal: ${goal}: ${met ? 'met' : 'MISSED'}); ` +
        `${count(kind, 'pass')} passed, ${count(kind, 'inconclusive')} inconclusive`,
    );
  const most = Math.floor(of('same').length * FALSE_ALARMS);
  const least = Math.ceil(of('planted').length * ALARMS);
  line('same', 'No change', `at most ${most}`, count('same', 'fail') <= most);
  line('planted', 'A broadcast loop slower by 20 %', `at least ${least}`, count('planted', 'fail') >= least);
  const longest = Math.max(0, ...kept.gates.map(({ seconds }) => seconds));
  console.log(
    `The longest gate took ${longest.toFixed(0)} s (goal: within 180 s: ${longest <= 180 ? 'met' : 'MISSED'}).`,
  );
}
