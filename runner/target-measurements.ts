import type { Measurements } from '../reports/result.js';
import { DurationHistogram } from './measure/histogram.js';
import type { TargetResult } from './measure/target-result.js';

/** What clients heard besides from a server that is not ours; nothing where it is one of ours. */
export function targetMeasurements(targets: readonly TargetResult[]): Pick<Measurements, 'target'> {
  if (targets.length === 0) return {};
  const selves = targets.flatMap(({ self }) => self ?? []);
  const gaps = new DurationHistogram();
  for (const self of selves) gaps.merge(self.gaps);
  const target = {
    unmarked: sum(targets.map(({ unmarked }) => unmarked)),
    otherRuns: sum(targets.map(({ otherRuns }) => otherRuns)),
    gapsUs:
      selves.length === 0
        ? null
        : {
            count: gaps.count,
            p50: gaps.percentile(50),
            p90: gaps.percentile(90),
            p99: gaps.percentile(99),
            max: gaps.max,
          },
    backwards: selves.some(({ backwards }) => backwards !== null)
      ? sum(selves.map(({ backwards }) => backwards ?? 0))
      : null,
  };
  gaps.destroy();
  return { target };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
