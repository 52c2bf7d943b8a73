import { contestantName } from '../gate/contestant-name.js';
import { headSummary } from '../head-trials.js';
import { metricUnit } from '../metric-kind.js';
import type { MetricSummary, Result } from '../result.js';
import { LESS_IS_BETTER } from './exported-metrics.js';

interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

/** Half of the 99 % interval, as benchmark-action prints ranges. */
function rangeOf({ low, high }: MetricSummary): { range?: string } {
  return low === null || high === null ? {} : { range: `± ${Number(((high - low) / 2).toPrecision(4))}` };
}

/**
 * Medians of a run as github-action-benchmark's `customSmallerIsBetter` reads them (its README, "Custom benchmarks"): an
 * array of name, unit, value, range, extra. Only metrics of which less is better are in it, so throughput is not; a
 * contestant without a completed trial has no entry.
 */
export function renderBenchmarkJson(result: Result): string {
  const entries: Entry[] = headSummary(result).flatMap((contestant) =>
    LESS_IS_BETTER.flatMap((path) => {
      const metric = Object.hasOwn(contestant.metrics, path) ? contestant.metrics[path] : undefined;
      if (!metric) return [];
      return [
        {
          name: `${contestantName(contestant)}: ${path}`,
          unit: metricUnit(path),
          value: metric.median,
          ...rangeOf(metric),
          extra: `${contestant.trials} trials, least ${metric.min}, most ${metric.max}\nseed ${result.plan.seed}`,
        },
      ];
    }),
  );
  return `${JSON.stringify(entries, null, 2)}\n`;
}
