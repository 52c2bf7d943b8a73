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

/** Most contestants without a trial that are named: one is enough to know that a run did not get so far. */
const MOST_UNRUN = 20;

/** What a plan has and no trial is of. */
function unrun(
  { plan }: Result,
  names: readonly string[],
  isRun: (scenario: string, clients: number) => boolean,
): GateContestant[] {
  const missing: GateContestant[] = [];
  for (const scenario of new Set(names)) {
    for (const clients of new Set(plan.clients)) {
      if (isRun(scenario, clients)) continue;
      const none = { base: [], head: [], pairs: [], aaPairs: null };
      if (missing.push({ scenario, workload: plan.workload, clients, ...none }) === MOST_UNRUN)
        return missing;
    }
  }
  return missing;
}

function inOrder(trials: readonly Trial[]): Trial[] {
  return [...trials].sort((a, b) => a.trial - b.trial || a.order - b.order);
}

/** The completed of some trials, in their order. */
export function completedOf(trials: readonly Trial[]): MeasuredTrial[] {
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
 * the base was completed twice. Loads of the plan that nobody ran have no trials.
 */
export function pairsOfComparison(result: Result): GateContestant[] {
  const armed = result.trials.filter(({ arm }) => arm === 'base' || arm === "base'" || arm === 'head');
  const keyOf = ({ scenario, workload, clients }: Trial): string =>
    JSON.stringify([ARM_NAMES.has(scenario) ? null : scenario, workload, clients]);
  const seen = new Set(armed.map(keyOf));
  const isRun = (scenario: string, clients: number): boolean =>
    seen.has(JSON.stringify([ARM_NAMES.has(scenario) ? null : scenario, result.plan.workload, clients]));
  const ran = grouped(armed, keyOf).map((own): GateContestant => {
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
  // Arms share a contestant: what one of them lacks is seen there.
  const arms = result.plan.scenarios.filter((scenario) => ARM_NAMES.has(scenario));
  const others = result.plan.scenarios.filter((scenario) => !ARM_NAMES.has(scenario));
  const missing = unrun(result, [...arms.slice(-1), ...others], isRun).map((contestant) => ({
    ...contestant,
    scenario: scenarioBehind(result, contestant.scenario),
  }));
  return [...ran, ...missing];
}

/** Of an A/A run one of its arms, of any other all trials. */
function ownTrials(trials: readonly Trial[]): Trial[] {
  return inOrder(trials.filter(({ arm }) => arm !== "A'"));
}

/** Two runs of the same plan, side by side. What is in it and neither ran has no trials. */
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
  const { workload } = fresh.plan;
  const isRun = (scenario: string, clients: number): boolean =>
    groups.has(JSON.stringify([scenario, workload, clients]));
  const ran = [...groups.values()].map(({ old: before, fresh: after }): GateContestant => {
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
  return [...ran, ...unrun(fresh, fresh.plan.scenarios, isRun)];
}
