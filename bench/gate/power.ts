import { createRandom } from '../../protocol/random.js';
import type { Verdict } from '../../reports/gate/contract.js';
import { defaultRules } from '../../reports/gate/default-rules.js';
import { GATE_PAIRS } from '../../reports/gate/defaults.js';
import { type NoiseRecord, recordFile } from './noise-record.js';
import { drawRounds, gateOf, type Planting } from './simulated-gate.js';

/** What is planted in the head; `none` is the same server. */
export const PLANTINGS = {
  none: null,
  latency: { metrics: 'latencyUs.', factor: 1.15 },
  cpu: { metrics: 'cpu.', factor: 1.15 },
} as const satisfies Record<string, Planting | null>;

export type PlantingName = keyof typeof PLANTINGS;

/** Numbers of pairs that the curve is drawn over; the default is one of them. */
export const CURVE: readonly number[] = [...new Set([10, 15, 20, 25, 30, 40, 50, GATE_PAIRS])].sort(
  (a, b) => a - b,
);

/** What became of the simulated gates of one scenario, number of pairs and planting. */
export interface PowerRow {
  readonly scenario: string;
  readonly pairs: number;
  readonly planting: PlantingName;
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  /** By metric: how many did not pass, by verdict. */
  readonly metrics: Readonly<Record<string, { readonly fail: number; readonly inconclusive: number }>>;
}

/** All simulated gates, and what they were drawn from. */
export interface PowerRecord {
  readonly noiseRecordedAt: string;
  /** Gates a row. */
  readonly runs: number;
  readonly rows: readonly PowerRow[];
}

export const POWER_FILE = recordFile('power.json');

/** The record as it stands in the file: a line a row. */
export function powerText({ rows, ...head }: PowerRecord): string {
  const fields = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  return `{\n${fields.join(',\n')},\n  "rows": [\n${lines}\n  ]\n}\n`;
}

/** Simulates one row; the same record gives the same row. */
export function powerRow(
  noise: NoiseRecord,
  scenario: string,
  pairs: number,
  planting: PlantingName,
  runs: number,
): PowerRow {
  const random = createRandom(1, `gate/power/${scenario}/${pairs}/${planting}`);
  const rulebook = defaultRules('comparison');
  const count = { pass: 0, fail: 0, inconclusive: 0 };
  const metrics: Record<string, { fail: number; inconclusive: number }> = {};
  for (let run = 0; run < runs; run++) {
    const rounds = drawRounds(noise.rounds[scenario]!, pairs, random);
    const { outcome, rules } = gateOf(noise.metrics, rounds, PLANTINGS[planting], rulebook);
    count[outcome]++;
    for (const { rule, verdict } of rules) {
      metrics[rule.metric] ??= { fail: 0, inconclusive: 0 };
      if (isCounted(verdict)) metrics[rule.metric]![verdict]++;
    }
  }
  return { scenario, pairs, planting, ...count, metrics };
}

function isCounted(verdict: Verdict): verdict is 'fail' | 'inconclusive' {
  return verdict === 'fail' || verdict === 'inconclusive';
}

/** Every scenario, number of pairs and planting. */
export function simulatePower(noise: NoiseRecord, runs: number): PowerRecord {
  const rows = Object.keys(noise.rounds).flatMap((scenario) =>
    CURVE.flatMap((pairs) =>
      (Object.keys(PLANTINGS) as PlantingName[]).map((planting) =>
        powerRow(noise, scenario, pairs, planting, runs),
      ),
    ),
  );
  return { noiseRecordedAt: noise.recordedAt, runs, rows };
}
