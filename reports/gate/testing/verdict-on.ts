import type { GateOutcome, RuleVerdict } from '../contract.js';

/** What a gate says of a metric, of the first scenario unless one is named. @throws Error without a rule on it */
export function verdictOn(outcome: GateOutcome, metric: string, scenario?: string): RuleVerdict {
  const found = outcome.rules.find(
    (each) => each.rule.metric === metric && (scenario === undefined || each.scenario === scenario),
  );
  if (found === undefined) throw new Error(`no rule on ${metric}`);
  return found;
}
