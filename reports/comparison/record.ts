import type { GateOutcome } from '../gate/contract.js';
import type { Rulebook } from '../gate/default-rules.js';
import { judgeBaseline, judgeComparison, type SideNames } from '../gate/judge.js';
import type { Result, Trial } from '../result.js';
import type { Comparison, ComparisonArm } from './schema.js';

/** The two sides, as they were asked for. */
export interface ComparedArms {
  readonly base: ComparisonArm;
  readonly head: ComparisonArm;
}

function recordOf(outcome: GateOutcome, arms: ComparedArms, interleaved: boolean): Comparison {
  const { outcome: verdict, rules, notes } = outcome;
  // A copy: the document is written and read as it stands.
  return structuredClone({ ...arms, interleaved, outcome: verdict, rules, notes }) as Comparison;
}

/** A run is judged just before it writes its end, which is not missing then. */
function atItsEnd(result: Result): Result {
  return { ...result, finishedAt: result.finishedAt ?? result.startedAt };
}

function labelsOf({ base, head }: ComparedArms): SideNames {
  return { base: base.label, head: head.label };
}

/** What a comparison of arms that ran in the same rounds found. */
export function interleavedComparison(result: Result, arms: ComparedArms, rules: Rulebook): Comparison {
  return recordOf(judgeComparison(atItsEnd(result), rules, labelsOf(arms)), arms, true);
}

/** What a comparison with an earlier result found. @throws UnlikePlansError */
export function storedComparison(
  base: Result,
  result: Result,
  arms: ComparedArms,
  rules: Rulebook,
): Comparison {
  return recordOf(judgeBaseline(base, atItsEnd(result), rules, labelsOf(arms)), arms, false);
}

/** What the head of a comparison is called in its result. */
const HEAD = 'head';

/** Scenarios of an earlier result that can be a base: all that ran, or of a comparison its head. */
export function baseScenarios(result: Result): readonly string[] {
  const heads = result.trials.filter(({ arm }) => arm === 'head');
  return [...new Set((heads.length > 0 ? heads : result.trials).map(({ scenario }) => scenario))];
}

/** An earlier result as one of a single scenario, of one arm where it had several. */
export function asBase(result: Result, scenario: string): Result {
  const own = result.trials.filter(
    (trial) =>
      trial.scenario === scenario && (trial.arm === undefined || trial.arm === HEAD || trial.arm === 'A'),
  );
  const { arms: _arms, ...plan } = result.plan;
  return {
    ...result,
    plan: { ...plan, scenarios: [scenario] } as Result['plan'],
    trials: own.map(withoutArm),
  };
}

function withoutArm({ arm: _arm, ...trial }: Trial): Trial {
  return trial as Trial;
}
