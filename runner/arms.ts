import type { Entrant } from './contender.js';
import type { Plan } from './plan.js';

const IDENTICAL = ['A', "A'"] as const;

/** Everybody who takes part in each round of a plan: the arms of a comparison, two of each scenario in an A/A run. */
export function entrantsOf(plan: Pick<Plan, 'scenarios' | 'aa' | 'arms'>): readonly Entrant[] {
  if (plan.arms) return plan.arms;
  return plan.scenarios.flatMap((scenario) =>
    plan.aa ? IDENTICAL.map((arm) => ({ scenario, arm })) : [{ scenario }],
  );
}
