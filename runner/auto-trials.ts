import type { Summary } from '../reports/result.js';
import { runSeconds } from './estimate.js';
import type { AutoTrials, Plan } from './plan.js';

/** Rounds that `--trials auto` never goes below (an interval needs them) nor above. */
export const LEAST_ROUNDS = 5;
export const MOST_ROUNDS = 100;

/** What must be known precisely, for every contestant: how late, and how many bytes. */
export const PRECISE_METRICS = ['latencyUs.p50', 'wire.perDelivery.bothWays'] as const;

type Timing = Parameters<typeof runSeconds>[0];

/** Seconds that `rounds` rounds will take, about. */
export function roundsSeconds(plan: Timing, rounds: number): number {
  return runSeconds({ ...plan, trials: rounds });
}

/** The most rounds that fit a budget by the estimate, from five to a hundred. */
export function mostRounds(plan: Timing, budgetSeconds: number): number {
  const first = roundsSeconds(plan, 1);
  const each = roundsSeconds(plan, 2) - first;
  const fitting = Math.floor((budgetSeconds - (first - each)) / each);
  return Math.max(LEAST_ROUNDS, Math.min(MOST_ROUNDS, fitting));
}

/**
 * The widest interval of any contestant and metric, as half its width in percent of the median. Infinite while a
 * contestant has none yet. A metric that nobody measured does not count; one whose interval has no width is exact.
 */
export function widestPercent(summary: readonly Summary[], contestants: number): number {
  if (summary.length < contestants) return Number.POSITIVE_INFINITY;
  const widths = summary.flatMap(({ metrics }) =>
    PRECISE_METRICS.flatMap((path) => {
      const metric = metrics[path];
      if (!metric) return [];
      const { low, high, median } = metric;
      if (low === null || high === null) return [Number.POSITIVE_INFINITY];
      return high === low ? [0] : [(100 * (high - low)) / 2 / Math.abs(median)];
    }),
  );
  return Math.max(0, ...widths);
}

/**
 * Whether a run with `--trials auto` stops before its next round, and why; null when it goes on.
 *
 * @param rounds rounds behind it
 * @param elapsedSeconds since its first trial began
 */
export function stopReason(
  plan: Pick<Plan, 'trials'> & { readonly auto: AutoTrials },
  rounds: number,
  elapsedSeconds: number,
  summary: readonly Summary[],
  contestants: number,
): 'precise' | 'budget' | 'rounds' | null {
  const { precisionPercent, budgetSeconds, leastRounds } = plan.auto;
  if (rounds >= leastRounds && widestPercent(summary, contestants) <= precisionPercent) return 'precise';
  if (rounds >= plan.trials) return plan.trials >= MOST_ROUNDS ? 'rounds' : 'budget';
  // A round is not begun that would end past the budget, going by how long the rounds so far took.
  if (rounds > 0 && elapsedSeconds + elapsedSeconds / rounds > budgetSeconds) return 'budget';
  return null;
}
