import type { MeasuredTrial, Result, Trial } from '../result.js';

/** Two completed trials that belong together: of one round, or the same in the order of two runs. */
export interface TrialPair {
  readonly base: MeasuredTrial;
  /** The same base again, where the round has it: the head is set against the mean of both. */
  readonly again?: MeasuredTrial;
  readonly head: MeasuredTrial;
}

/** What is judged by itself: one scenario under one load, on both sides. */
export interface GateContestant {
  readonly scenario: string;
  readonly workload: string;
  readonly clients: number;
  /** Every trial of a side, whatever became of it, in the order of the rounds. */
  readonly base: readonly Trial[];
  readonly head: readonly Trial[];
  readonly pairs: readonly TrialPair[];
  /** The base against itself; null where it was not measured. */
  readonly aaPairs: readonly TrialPair[] | null;
}

/** Names that stand for an arm, and say nothing of the transport. */
const ARM_NAMES: ReadonlySet<string> = new Set(['base', "base'", 'base-again', 'head']);

/** Whether a result holds the arms of a comparison. */
export function isComparison(result: Result): boolean {
  return result.trials.some(({ arm }) => arm === 'base' || arm === 'head');
}

function grouped(trials: readonly Trial[], keyOf: (trial: Trial) => string): Trial[][] {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = keyOf(trial);
    const group = groups.get(key);
    if (group) group.push(trial);
    else groups.set(key, [trial]);
  }
  return [...groups.values()];
}

function inOrder(trials: readonly Trial[]): Trial[] {
  return [...trials].sort((a, b) => a.trial - b.trial || a.order - b.order);
}

function completedOf(trials: readonly Trial[]): MeasuredTrial[] {
  return trials.filter(
    (trial): trial is Extract<Trial, { status: 'completed' }> => trial.status === 'completed',
  );
}

/** Completed trials of the same round. @param again of the base as well, which a round may lack */
function pairedByRound(
  base: readonly Trial[],
  head: readonly Trial[],
  again: readonly Trial[] = [],
): TrialPair[] {
  const byRound = (trials: readonly Trial[]) =>
    new Map(completedOf(trials).map((trial) => [trial.trial, trial]));
  const [heads, seconds] = [byRound(head), byRound(again)];
  return completedOf(base).flatMap((trial) => {
    const other = heads.get(trial.trial);
    const second = seconds.get(trial.trial);
    return other ? [{ base: trial, head: other, ...(second ? { again: second } : {}) }] : [];
  });
}

/** Completed trials by their place: of two runs, where no round is shared. */
function pairedByPlace(base: readonly Trial[], head: readonly Trial[]): TrialPair[] {
  const others = completedOf(head);
  return completedOf(base)
    .slice(0, others.length)
    .map((trial, at) => ({ base: trial, head: others[at]! }));
}

/** The scenario behind an arm's name, where the plan says it. */
function scenarioBehind(result: Result, arm: string): string {
  const { contenders } = result.plan;
  const contender: unknown =
    typeof contenders === 'object' && contenders !== null && Object.hasOwn(contenders, arm)
      ? (contenders as Record<string, unknown>)[arm]
      : null;
  const { scenario } = (contender ?? {}) as { scenario?: unknown };
  return typeof scenario === 'string' ? scenario : arm;
}

/**
 * Base and head of a comparison, side by side: of each load the rounds in which both were completed, and those in which
 * the base was completed twice.
 */
export function pairsOfComparison(result: Result): GateContestant[] {
  const armed = result.trials.filter(({ arm }) => arm === 'base' || arm === "base'" || arm === 'head');
  const keyOf = ({ scenario, workload, clients }: Trial): string =>
    JSON.stringify([ARM_NAMES.has(scenario) ? null : scenario, workload, clients]);
  return grouped(armed, keyOf).map((own) => {
    const [base, again, head] = (['base', "base'", 'head'] as const).map((arm) =>
      inOrder(own.filter((trial) => trial.arm === arm)),
    );
    const named = head![0] ?? own[0]!;
    return {
      scenario: scenarioBehind(result, named.scenario),
      workload: named.workload,
      clients: named.clients,
      base: base!,
      head: head!,
      pairs: pairedByRound(base!, head!, again!),
      aaPairs: again!.length === 0 ? null : pairedByRound(base!, again!),
    };
  });
}

/** Of an A/A run one of its arms, of any other all trials. */
function ownTrials(trials: readonly Trial[]): Trial[] {
  return inOrder(trials.filter(({ arm }) => arm !== "A'"));
}

/** Two runs of the same plan, side by side. */
export function contestantsOfRuns(old: Result, fresh: Result): GateContestant[] {
  const keyOf = ({ scenario, workload, clients }: Trial): string =>
    JSON.stringify([scenario, workload, clients]);
  const groups = new Map(
    grouped(old.trials, keyOf).map((own) => [keyOf(own[0]!), { old: own, fresh: [] as Trial[] }]),
  );
  for (const own of grouped(fresh.trials, keyOf)) {
    const key = keyOf(own[0]!);
    const group = groups.get(key);
    if (group) group.fresh = own;
    else groups.set(key, { old: [], fresh: own });
  }
  return [...groups.values()].map(({ old: before, fresh: after }) => {
    const { scenario, workload, clients } = (after[0] ?? before[0])!;
    const base = ownTrials(before);
    const head = ownTrials(after);
    const again = before.filter(({ arm }) => arm === "A'");
    return {
      scenario,
      workload,
      clients,
      base,
      head,
      pairs: pairedByPlace(base, head),
      aaPairs: again.length === 0 ? null : pairedByRound(base, again),
    };
  });
}
