import { resolve } from 'node:path';
import { interleavedComparison, storedComparison } from '../../reports/comparison/record.js';
import type { Comparison, ComparisonArm } from '../../reports/comparison/schema.js';
import type { Rulebook } from '../../reports/gate/default-rules.js';
import { unlikePlans } from '../../reports/gate/unlike.js';
import type { Environment, Result } from '../../reports/result.js';
import { armText } from '../compare/arm.js';
import type { Side } from '../compare/arm-side.js';
import {
  asBenchValues,
  contendersOf,
  resolveCompareDelivery,
  resolveComparePlan,
  type Sides,
} from '../compare/compare-plan.js';
import { ArmNotReady, PreparationInterrupted, type PreparedSides, prepareSides } from '../compare/prepare.js';
import { readComparison } from '../compare/read-comparison.js';
import { conduct, deliver, type Stage } from '../conduct.js';
import { dryRun, dryRunText } from '../dry-run.js';
import { readEnvironment } from '../environment.js';
import { EXIT, worstExitCode } from '../exit-code.js';
import { type GateOutputs, openGateOutputs, withoutGate } from '../gate-outputs.js';
import { compareOptions } from '../options/compare-table.js';
import { openOutFolder } from '../out-folder.js';
import { checkPlan } from '../plan-checks.js';
import { exitCodeOfGate, sparedTrials } from '../result-exit-code.js';
import { columnsOf, complain, wantsColor } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { Call, Command } from './command.js';

/** What is measured, and how it is judged. */
interface Course {
  readonly sides: Sides;
  readonly environment: Environment;
  readonly notes: readonly string[];
  readonly rules: Rulebook;
  /** Where the gate's verdict goes, which then ends the run; null without a gate. */
  readonly outputs: GateOutputs | null;
}

/** `pushbench compare --base <arm> --head <arm>`: two arms in pairs of trials, metric by metric. */
export const compareCommand: Command = {
  summary: 'run two versions in turn and tell what became better or worse',
  options: compareOptions,
  word: null,
  async run(call: Call): Promise<number> {
    const { terminal } = call;
    const asked = await readComparison(call);
    const { values, sides, gate } = asked;
    const color = wantsColor(terminal.stdout, terminal.env, values['no-color'] === true);
    const { plan, mistakes } = resolveComparePlan(values, sides);
    const delivery = resolveCompareDelivery(values, plan, sides, color, new Date());
    const environment = readEnvironment(plan.pin);
    const checks = checkPlan(asBenchValues(values), plan, environment, terminal.env.PATH ?? '');
    const all = [...mistakes, ...checks.mistakes];
    if (sides.base.kind === 'stored') {
      const differences = unlikePlans(sides.base.result.plan, { ...plan } as unknown as Result['plan']);
      all.push(...differences.map((difference) => `--base ${sides.base.label}: ${difference}`));
    }
    const out = openOutFolder(delivery.out);
    if (out.mistake !== null) all.push(out.mistake);
    const isGate = values.gate === true;
    if (!isGate) all.push(...withoutGate(values));
    const outputs = isGate ? openGateOutputs(values, terminal) : null;
    all.push(...(outputs?.mistakes ?? []));
    const dry = values['dry-run'] === true;
    if (dry || all.length > 0) {
      outputs?.undo();
      out.undo();
    }
    if (all.length > 0) throw new UsageError(all);
    const notes = [...asked.notes, ...checks.notes];
    if (dry) {
      const view = dryRun(plan, delivery, environment, notes);
      terminal.stdout.write(delivery.json ? `${JSON.stringify(view, null, 2)}\n` : dryRunText(view));
      return EXIT.done;
    }
    return measure(
      { plan, delivery, terminal, noColor: values['no-color'] === true },
      {
        sides,
        environment,
        notes,
        rules: gate.rulesFor(sides.base.kind === 'stored' ? 'baseline' : 'comparison'),
        outputs,
      },
    );
  },
};

async function measure(stage: Stage, course: Course): Promise<number> {
  const { delivery, terminal } = stage;
  return conduct(stage, async (observer, interrupt) => {
    // Loaded only now, with the signals in hand.
    const { runBench } = await import('../run.js');
    const { renderTable } = await import('../../reports/terminal.js');
    for (const note of course.notes) observer.note(`Note: ${note}`);
    let prepared: PreparedSides;
    try {
      prepared = await prepareSides(course.sides, interrupt, (sentence) => observer.note(sentence));
    } catch (error) {
      // The signal has an exit code of its own.
      if (error instanceof PreparationInterrupted) return EXIT.done;
      if (!(error instanceof ArmNotReady)) throw error;
      complain(terminal, error.message);
      return EXIT.fault;
    }
    try {
      const { sides } = prepared;
      const plan = { ...stage.plan, contenders: contendersOf(sides) };
      const conclude = (result: Result): void => {
        result.comparison = comparisonOf(result, sides, course.rules);
      };
      const ran = await runBench(plan, delivery, observer, course.environment, interrupt, conclude);
      for (const fault of ran.faults) complain(terminal, fault);
      const folder = resolve(delivery.out);
      const delivered = await deliver(ran.result, folder, stage, (style) => renderTable(ran.result, style));
      const { comparison } = ran.result;
      const { outputs } = course;
      if (outputs === null || comparison === undefined) return worstExitCode(ran.exitCode, delivered);
      await tellVerdict(comparison, outputs, stage);
      const spared = sparedTrials(ran.result).length;
      if (spared > 0)
        observer.note(
          `Note: ${spared} ${spared === 1 ? 'trial' : 'trials'} of the base failed; the verdict rests on the others.`,
        );
      return worstExitCode(exitCodeOfGate(ran.result, delivery.strict, comparison.outcome), delivered);
    } finally {
      await prepared.dispose();
    }
  });
}

function comparisonOf(result: Result, { base, head }: Sides, rules: Rulebook): Comparison {
  const arms = { base: recordOf(base), head: recordOf(head) };
  return base.kind === 'stored'
    ? storedComparison(base.result, result, arms, rules)
    : interleavedComparison(result, arms, rules);
}

function recordOf(side: Side): ComparisonArm {
  const known = { arm: armText(side.arm), label: side.label };
  if (side.kind === 'stored') return { ...known, startedAt: side.result.startedAt };
  return side.checkout === null ? known : { ...known, commit: side.checkout.commit };
}

/** The gate's verdict, on stdout unless a document is there, and wherever else it was asked for. */
async function tellVerdict(
  { base, head, outcome, rules, notes }: Comparison,
  outputs: GateOutputs,
  { delivery, terminal, noColor }: Stage,
): Promise<void> {
  const { renderGate } = await import('../../reports/gate/gate-text.js');
  const judged = { outcome, rules, notes, base: base.label, head: head.label };
  const stream = delivery.json ? terminal.stderr : terminal.stdout;
  const style = {
    width: columnsOf(stream, terminal.env),
    color: wantsColor(stream, terminal.env, noColor),
  };
  stream.write(`\n${renderGate(judged, style)}`);
  await outputs.write(judged);
}
