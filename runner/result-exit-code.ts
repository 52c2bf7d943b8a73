import type { GateOutcome } from '../reports/gate/contract.js';
import type { Result, Trial } from '../reports/result.js';
import { EXIT, GATE_EXIT, worstExitCode } from './exit-code.js';

/**
 * 0, or the worst of: 4 for a failed trial, 3 for a contestant without a valid one or, under --slopes, without a slope,
 * 1 for losses under --strict.
 */
export function exitCodeOf(result: Result, strict: boolean): number {
  const codes: number[] = [EXIT.done];
  if (result.trials.some((trial) => trial.status === 'failed')) codes.push(EXIT.fault);
  for (const scenario of result.plan.scenarios) {
    for (const clients of result.plan.clients) {
      const own = result.trials.filter((trial) => trial.scenario === scenario && trial.clients === clients);
      // Of a comparison each arm by itself: what the base has shown twice says nothing of the base in the head's rounds.
      const arms = new Set(own.map(({ arm }) => arm));
      const isValid = (arm: Trial['arm']): boolean =>
        own.some((trial) => trial.arm === arm && trial.status === 'completed');
      if (own.length === 0 || ![...arms].every(isValid)) codes.push(EXIT.noValidTrial);
    }
  }
  const lost = result.trials.some(
    (trial) => trial.status === 'completed' && (trial.measurements.messages.lost ?? 0) > 0,
  );
  const wanted = result.plan.slopes ? result.plan.scenarios : [];
  if (wanted.some((id) => !result.slopes?.some(({ scenario }) => scenario === id)))
    codes.push(EXIT.noValidTrial);
  if (strict && lost) codes.push(EXIT.gateFailed);
  return worstExitCode(...codes);
}

/**
 * The exit code of a comparison that a gate has judged: the worst of the run's and the verdict's, with two exceptions.
 *
 * A `fail` outranks 3: what is certainly worse stays so where something else has no valid trial. And a failed trial of
 * the base beside others that completed is no fault of the run: the verdict rests on the others.
 */
export function exitCodeOfGate(result: Result, strict: boolean, outcome: GateOutcome['outcome']): number {
  const spared = new Set(sparedTrials(result));
  const ran = exitCodeOf({ ...result, trials: result.trials.filter((trial) => !spared.has(trial)) }, strict);
  const isCertain = outcome === 'fail' && ran === EXIT.noValidTrial;
  return isCertain ? GATE_EXIT.fail : worstExitCode(ran, GATE_EXIT[outcome]);
}

/** Failed trials of the base that a verdict can do without, for the same arm completed another one. */
export function sparedTrials({ trials }: Pick<Result, 'trials'>): readonly Trial[] {
  return trials.filter(
    ({ status, arm, clients }) =>
      status === 'failed' &&
      (arm === 'base' || arm === "base'") &&
      trials.some((each) => each.arm === arm && each.clients === clients && each.status === 'completed'),
  );
}
