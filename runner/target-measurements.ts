import type { Measurements, Reason } from '../reports/result.js';
import { DurationHistogram } from './measure/histogram.js';
import type { TargetResult } from './measure/target-result.js';

type Target = NonNullable<Measurements['target']>;

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

/** More messages than this part with a time ahead of our clock, and the two clocks do not agree. */
const MOST_AHEAD = 0.01;

/**
 * Whether so many messages carried a time ahead of our clock that latency from these times says nothing.
 * @param timed messages whose time was not ahead
 */
export function isClockAhead(target: Pick<Target, 'backwards'> | undefined, timed: number): boolean {
  const ahead = target?.backwards ?? 0;
  return ahead > MOST_AHEAD * (ahead + timed);
}

/** A warning that says why there is no latency although messages carry a time; null where there is. */
export function clockAheadReason({ target, latencyUs }: Measurements): Reason | null {
  if (!isClockAhead(target, latencyUs.count)) return null;
  return {
    code: 'clock-ahead',
    message:
      `${target?.backwards} messages carried a time ahead of this machine's clock, so the two clocks do not agree, and ` +
      `no latency follows from them.`,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
