import { resolve } from 'node:path';
import { interleavedComparison, planDifferences, storedComparison } from '../../reports/comparison/record.js';
import { defaultRules, type Rulebook } from '../../reports/gate/default-rules.js';
import type { Environment, Result } from '../../reports/result.js';
import type { Side } from '../compare/arm-side.js';
import {
  asBenchValues,
  type CompareValues,
  contendersOf,
  resolveCompareDelivery,
  resolveComparePlan,
  type Sides,
} from '../compare/compare-plan.js';
import { ArmNotReady, PreparationInterrupted, prepareSides } from '../compare/prepare.js';
import { type ResolvedSides, resolveSides } from '../compare/resolve-sides.js';
import { conduct, deliver, type Stage } from '../conduct.js';
import type { ConfigSections } from '../config/sections.js';
import { readConfigFile } from '../config-file.js';
import { dryRun, dryRunText } from '../dry-run.js';
import { readEnvironment } from '../environment.js';
import { EXIT, worstExitCode } from '../exit-code.js';
import { compareOptions } from '../options/compare-table.js';
import { resolveOptions, type Source } from '../options/resolve.js';
import { benchOptions } from '../options/tables.js';
import { openOutFolder } from '../out-folder.js';
import { checkPlan } from '../plan-checks.js';
import { complain, wantsColor } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { Call, Command } from './command.js';

/** Everything a comparison was asked for. */
interface Asked {
  readonly values: CompareValues;
  readonly sides: Sides;
  readonly notes: readonly string[];
}

/** `pushbench compare --base <arm> --head <arm>`: two arms in pairs of trials, metric by metric. */
export const compareCommand: Command = {
  summary: 'run two versions in turn and tell what became better or worse',
  options: compareOptions,
  word: null,
  async run(call: Call): Promise<number> {
    const { terminal } = call;
    const asked = await read(call);
    const { values, sides } = asked;
    const color = wantsColor(terminal.stdout, terminal.env, values['no-color'] === true);
    const { plan, mistakes } = resolveComparePlan(values, sides);
    const delivery = resolveCompareDelivery(values, plan, sides, color, new Date());
    const environment = readEnvironment(plan.pin);
    const checks = checkPlan(asBenchValues(values), plan, environment, terminal.env.PATH ?? '');
    const out = openOutFolder(delivery.out);
    const all = [...mistakes, ...checks.mistakes];
    if (sides.base.kind === 'stored') {
      const differences = planDifferences(sides.base.result, { ...plan } as unknown as Result['plan']);
      all.push(...differences.map((difference) => `--base ${sides.base.label}: ${difference}`));
    }
    if (out.mistake !== null) all.push(out.mistake);
    const dry = values['dry-run'] === true;
    if (dry || all.length > 0) out.undo();
    if (all.length > 0) throw new UsageError(all);
    const notes = [...asked.notes, ...checks.notes];
    if (dry) {
      const view = dryRun(plan, delivery, environment, notes);
      terminal.stdout.write(delivery.json ? `${JSON.stringify(view, null, 2)}\n` : dryRunText(view));
      return EXIT.done;
    }
    const stage = { plan, delivery, terminal, noColor: values['no-color'] === true };
    return measure(
      stage,
      sides,
      environment,
      notes,
      defaultRules(sides.base.kind === 'stored' ? 'baseline' : 'comparison'),
    );
  },
};

/** Options of all sources and both arms, checked. @throws UsageError with every mistake found in any of them */
async function read(call: Call): Promise<Asked> {
  const mistakes = [...call.mistakes];
  const sources: Source[] = [...call.sources];
  const config = sources
    .map((source) => source.given.get('config')?.at(-1))
    .find((path) => path !== undefined);
  let sections: ConfigSections = {};
  if (config) {
    // A file for runs serves comparisons too: what only runs know is passed over.
    const file = await readConfigFile(config, { ...compareOptions, ...benchOptions });
    sources.push(file.source);
    mistakes.push(...file.mistakes);
    sections = file.sections;
  }
  const first = resolveOptions(compareOptions, sources);
  mistakes.push(...first.mistakes);
  const { base, head } = first.values;
  for (const [name, given] of Object.entries({ base, head })) {
    const isGiven = sources.some((source) => source.given.has(name));
    if (given === undefined && !isGiven) {
      mistakes.push(
        `compare needs --${name}: scenario:<id>, target:<name>, cmd:<command line> or git:<ref>${name === 'base' ? ', or result:<file>' : ''}.`,
      );
    }
  }
  let resolved: ResolvedSides | null = null;
  if (base !== undefined && head !== undefined) {
    resolved = await resolveSides(
      {
        base,
        head,
        target: first.values.target,
        folder: process.cwd(),
        config: config ?? null,
        targets: sections.targets ?? {},
        allowRemote: first.values['allow-remote'] === true,
      },
      mistakes,
    );
  }
  // What the earlier run was told stands behind all else.
  const { values, mistakes: wrong } =
    resolved?.source == null ? first : resolveOptions(compareOptions, [...sources, resolved.source]);
  const all = [...new Set([...mistakes, ...wrong])];
  if (resolved === null || all.length > 0) throw new UsageError(all);
  return { values, sides: resolved.sides, notes: resolved.notes };
}

async function measure(
  stage: Stage,
  asked: Sides,
  environment: Environment,
  notes: readonly string[],
  rules: Rulebook,
): Promise<number> {
  const { delivery, terminal } = stage;
  return conduct(stage, async (observer, interrupt) => {
    // Loaded only now, with the signals in hand.
    const { runBench } = await import('../run.js');
    const { renderTable } = await import('../../reports/terminal.js');
    for (const note of notes) observer.note(`Note: ${note}`);
    let prepared: Awaited<ReturnType<typeof prepareSides>>;
    try {
      prepared = await prepareSides(asked, interrupt, (sentence) => observer.note(sentence));
    } catch (error) {
      if (error instanceof PreparationInterrupted) return EXIT.done;
      if (!(error instanceof ArmNotReady)) throw error;
      complain(terminal, error.message);
      return EXIT.fault;
    }
    try {
      const { sides } = prepared;
      const plan = { ...stage.plan, contenders: contendersOf(sides) };
      const conclude = (result: Result): void => {
        result.comparison = comparisonOf(result, sides, rules);
      };
      const { result, exitCode } = await runBench(plan, delivery, observer, environment, interrupt, conclude);
      const folder = resolve(delivery.out);
      const delivered = await deliver(result, folder, stage, (style) => renderTable(result, style));
      return worstExitCode(exitCode, delivered);
    } finally {
      await prepared.dispose();
    }
  });
}

function comparisonOf(
  result: Result,
  { base, head }: Sides,
  rules: Rulebook,
): NonNullable<Result['comparison']> {
  const arms = { base: recordOf(base), head: recordOf(head) };
  return base.kind === 'stored'
    ? storedComparison(base.result, result, arms, rules)
    : interleavedComparison(result, arms, rules);
}

function recordOf(side: Side) {
  const { arm, label } = side;
  const facts =
    side.kind === 'stored'
      ? { startedAt: side.result.startedAt }
      : side.checkout === null
        ? {}
        : { commit: side.checkout.commit };
  return { arm: `${arm.kind}:${arm.value}`, label, ...facts };
}
