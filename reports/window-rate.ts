import type { Measurements, MetricSummary } from './result.js';
import { summariseMetric } from './statistics.js';

/**
 * Messages delivered for each second of the planned window, 1/s. `throughput.deliveriesPerSecond` divides by a time that
 * contains the drain, so it is lower for a transport whose last messages come late though none is missing.
 */
export const WINDOW_RATE = 'throughput.deliveriesPerWindowSecond';

/** How long after the end of the window the last message came, microseconds; 0 where it came within. */
export const AFTER_WINDOW = 'throughput.lastAfterWindowUs';

/**
 * Both over some trials, by dotted path, to stand beside their summary: they need the plan, which a trial does not know.
 * A window that was cut short counts with the length it had.
 *
 * @param windowSeconds planned length of the window
 */
export function windowRates(
  trials: readonly Measurements[],
  windowSeconds: number,
): Record<string, MetricSummary> {
  // A server that publishes by itself goes on, and is heard until the measuring ends: nothing of it comes after a window.
  const isEndless = ({ messages }: Measurements): boolean => messages.expected === null;
  const lengthOf = (trial: Measurements): number =>
    isEndless(trial) ? trial.measuredSeconds : Math.min(windowSeconds, trial.measuredSeconds);
  const rates = trials
    .filter((trial) => lengthOf(trial) > 0)
    .map((trial) => trial.messages.delivered / lengthOf(trial));
  const after = trials
    .filter((trial) => !isEndless(trial))
    .map((trial) => 1e6 * (trial.measuredSeconds - lengthOf(trial)));
  const named = [
    [WINDOW_RATE, summariseMetric(rates)],
    [AFTER_WINDOW, summariseMetric(after)],
  ] as const;
  return Object.fromEntries(named.flatMap(([path, metric]) => (metric ? [[path, metric]] : [])));
}
