import type { Measurements, TimelineRow } from './result.js';
import { median } from './statistics.js';
import { mannKendall, theilSen } from './trend.js';

/** Fewest slices in which a trend could be told from chance at 0.5 %: all of six in order come 2 times of 720. */
export const LEAST_SLICES = 6;
/** The last slices that are looked at: half of the window, but no more than these. */
const MOST_SLICES = 60;
/** Two series are tested, each at half of 1 %. */
const CHANCE = 0.005;
/** A drift over the slices below this part of their median does not change what a reader would conclude. */
const LEAST_CHANGE = 0.1;

export type SteadyState = NonNullable<Measurements['health']['steadyState']>;

interface Series {
  readonly of: 'latency' | 'deliveries';
  readonly values: readonly (readonly [number, number])[];
}

/** The slices that lie wholly in the window: what comes after belongs to the drain. */
function slicesOf(timeline: readonly TimelineRow[], windowSeconds: number): TimelineRow[] {
  const length = (timeline[1]?.second ?? 1) - (timeline[0]?.second ?? 0);
  return timeline.filter(({ second }) => second + length <= windowSeconds + 1e-9);
}

function seriesOf(slices: readonly TimelineRow[]): Series[] {
  return [
    {
      of: 'latency',
      values: slices.flatMap(({ second, p50Us }) => (p50Us === null ? [] : [[second, p50Us] as const])),
    },
    { of: 'deliveries', values: slices.map(({ second, delivered }) => [second, delivered] as const) },
  ];
}

/** Drift over the series from its first to its last slice, as a part of its median, where it is more than chance. */
function driftOf({ values }: Series): number {
  const middle = median(values.map(([, value]) => value));
  if (middle <= 0 || mannKendall(values.map(([, value]) => value)).p >= CHANCE) return 0;
  return ((theilSen(values) ?? 0) * (values.at(-1)![0] - values[0]![0])) / middle;
}

/**
 * Whether the end of a window was steady: its last half, in slices of a second (six at least, sixty at most), shows no
 * trend in the median latency, nor in the number of deliveries. A trend is a Mann-Kendall test at 1 % over both series
 * together, and a Theil-Sen drift of 10 % or more over the slices.
 *
 * @param windowSeconds planned length of the window
 * @param publishesPerSecond below one, slices hold too few publishes to show anything
 */
export function steadyStateOf(
  timeline: readonly TimelineRow[],
  windowSeconds: number,
  publishesPerSecond: number,
): SteadyState {
  const whole = slicesOf(timeline, windowSeconds);
  const count = Math.min(MOST_SLICES, Math.max(LEAST_SLICES, Math.ceil(whole.length / 2)));
  const judged = seriesOf(whole.slice(-count)).filter(({ values }) => values.length >= LEAST_SLICES);
  if (publishesPerSecond < 1 || judged.length < 2) {
    return { verdict: 'not judged', slices: whole.length, drift: null, of: null };
  }
  const drifts = judged.map((series) => ({ of: series.of, drift: driftOf(series) }));
  const worst = drifts.reduce((a, b) => (Math.abs(b.drift) > Math.abs(a.drift) ? b : a));
  const isTrend = Math.abs(worst.drift) >= LEAST_CHANGE;
  return {
    verdict: isTrend ? 'trend' : 'steady',
    slices: Math.min(count, whole.length),
    drift: worst.drift,
    of: isTrend ? worst.of : null,
  };
}
