import { contestantName } from '../gate/contestant-name.js';
import { headSummary } from '../head-trials.js';
import type { Result } from '../result.js';
import { LESS_IS_BETTER, MORE_IS_BETTER } from './exported-metrics.js';

interface BencherMetric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/**
 * Medians of a run in Bencher Metric Format (bencher.dev, "Bencher Metric Format": benchmark -> measure -> value,
 * lower_value, upper_value), with the ends of the 99 % interval where there is one. Measures are called by their dotted
 * paths, whose names carry the unit; Bencher makes them when it sees them first. A contestant without a completed trial
 * has no entry.
 */
export function renderBencher(result: Result): string {
  // An own field even for a name such as __proto__, which an assignment would swallow.
  const benchmarks = Object.fromEntries(
    headSummary(result).map((contestant) => {
      const measures: [string, BencherMetric][] = [...LESS_IS_BETTER, ...MORE_IS_BETTER].flatMap((path) => {
        const metric = Object.hasOwn(contestant.metrics, path) ? contestant.metrics[path] : undefined;
        if (!metric) return [];
        const ends =
          metric.low === null || metric.high === null
            ? {}
            : { lower_value: metric.low, upper_value: metric.high };
        return [[path, { value: metric.median, ...ends }]];
      });
      return [contestantName(contestant), Object.fromEntries(measures)];
    }),
  );
  return `${JSON.stringify(benchmarks, null, 2)}\n`;
}
