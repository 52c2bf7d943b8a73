import type { GateOutcome } from '../gate/contract.js';
import type { Rulebook } from '../gate/default-rules.js';
import { judgeBaseline, judgeComparison, type SideNames } from '../gate/judge.js';
import { unlikePlans } from '../gate/unlike.js';
import type { Result, Trial } from '../result.js';
import type { Comparison, ComparisonArm } from './schema.js';

/** The two sides, as they were asked for. */
export interface ComparedArms {
  readonly base: ComparisonArm;
  readonly head: ComparisonArm;
}

/** The name that stands for the head in `plan.scenarios`. */
const HEAD = 'head';

function recordOf(outcome: GateOutcome, arms: ComparedArms, interleaved: boolean): Comparison {
  const { outcome: verdict, rules, notes } = outcome;
  // A copy: the document is written and read as it stands.
  return structuredClone({ ...arms, interleaved, outcome: verdict, rules, notes }) as Comparison;
}

function labelsOf({ base, head }: ComparedArms): SideNames {
  return { base: base.label, head: head.label };
}

/** What a comparison of arms that ran in the same rounds found. */
export function interleavedComparison(result: Result, arms: ComparedArms, rules: Rulebook): Comparison {
  return recordOf(judgeComparison(result, rules, labelsOf(arms)), arms, true);
}

/** What a comparison with an earlier result found. @throws UnlikePlansError */
export function storedComparison(
  base: Result,
  result: Result,
  arms: ComparedArms,
  rules: Rulebook,
): Comparison {
  return recordOf(judgeBaseline(base, comparable(result), rules, labelsOf(arms)), arms, false);
}

type Plan = Result['plan'];

/** A plan without what says who ran, and when it was to stop. */
function barePlan({ arms: _arms, contenders: _contenders, budgetSeconds: _budget, ...plan }: Plan): Plan {
  return { ...plan, scenarios: [HEAD] } as Plan;
}

function comparable(result: Result): Result {
  return { ...result, plan: barePlan(result.plan), trials: result.trials.map(withoutArm) };
}

function withoutArm({ arm: _arm, ...trial }: Trial): Trial {
  return { ...trial, scenario: HEAD } as Trial;
}

/** Scenarios of an earlier result that can be a base: those of its plan, or what was the head of a comparison. */
export function baseScenarios(result: Result): readonly string[] {
  const isComparison = result.trials.some(({ arm }) => arm === 'head');
  return isComparison ? [HEAD] : [...new Set(result.trials.map(({ scenario }) => scenario))];
}

/** An earlier result reduced to one scenario, under the name that the head has. */
export function asBase(result: Result, scenario: string): Result {
  const own = result.trials.filter(
    (trial) =>
      trial.scenario === scenario && trial.arm !== 'base' && trial.arm !== "base'" && trial.arm !== "A'",
  );
  return comparable({ ...result, trials: own });
}

/** A sentence for each field in which a plan would measure something else than an earlier result did. */
export function planDifferences(base: Result, plan: Plan): readonly string[] {
  return unlikePlans(base.plan, barePlan(plan));
}
