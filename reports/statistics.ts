import { max as largest, median as middle, quantileSorted, min as smallest } from 'simple-statistics';
import { createRandom } from '../protocol/random.js';
import type { MetricSummary } from './result.js';

/** Fewest values that an interval is computed from: below five, no two-sided test reaches 1 %. */
export const LEAST_FOR_INTERVAL = 5;

/** Fewest independent samples before a maximum bounds p99 with 95 % confidence: ln 0.05 / ln 0.99, rounded up. */
export const LEAST_FOR_P99 = 299;

const RESAMPLES = 2_000;

/** The middle value. The mean of the two middle ones when their number is even. Throws for an empty list. */
export function median(values: readonly number[]): number {
  return middle([...values]);
}

/**
 * The value below which a part of the values lies (nearest rank, the mean of two ranks where it falls between).
 * @param part 0 to 1
 */
export function quantile(values: readonly number[], part: number): number {
  return quantileSorted(Float64Array.from(values).sort() as unknown as number[], part);
}

/** Ends of a confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** By number of trials: the two middle ranks of each resample. Ranks do not depend on the values, so they are drawn once. */
const middleRanks = new Map<number, readonly (readonly [number, number])[]>();

function drawMiddleRanks(trials: number): readonly (readonly [number, number])[] {
  const known = middleRanks.get(trials);
  if (known) return known;
  const random = createRandom(trials, 'bootstrap/median');
  const resample = new Float64Array(trials);
  const drawn = Array.from({ length: RESAMPLES }, () => {
    for (let at = 0; at < trials; at++) resample[at] = Math.floor(random() * trials);
    resample.sort();
    return [resample[(trials - 1) >> 1]!, resample[trials >> 1]!] as const;
  });
  middleRanks.set(trials, drawn);
  return drawn;
}

/**
 * A percentile bootstrap interval of the median (Efron 1979): the median of 2,000 resamples, and the quantiles of these
 * that leave out half of 1 - confidence on each side. For medians of few values it is somewhat too narrow (15 trials: it
 * holds the true median 96 times of 100, not 99), which two intervals that must lie apart more than make up for. The same values give the same interval on every machine, in
 * whatever order they come.
 *
 * @param values independent trials
 * @param confidence 0 to 1, 0.99 when left out
 * @returns null below five values
 */
export function medianInterval(values: readonly number[], confidence = 0.99): Interval | null {
  if (values.length < LEAST_FOR_INTERVAL) return null;
  const sorted = Float64Array.from(values).sort();
  const medians = drawMiddleRanks(sorted.length).map(
    ([low, high]) => sorted[low]! + (sorted[high]! - sorted[low]!) / 2,
  );
  const outside = (1 - confidence) / 2;
  return { low: quantile(medians, outside), high: quantile(medians, 1 - outside) };
}

/** Median, extremes and 99 % interval of one metric over trials. Null for an empty list. */
export function summariseMetric(values: readonly number[]): MetricSummary | null {
  if (values.length === 0) return null;
  const list = [...values];
  const interval = medianInterval(list);
  return {
    median: median(list),
    min: smallest(list),
    max: largest(list),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}

/** A metric with the number of trials that it rests on. */
export interface Spread extends MetricSummary {
  readonly trials: number;
}

/**
 * Whether `a` lies below `b` beyond the noise: its interval ends before that of `b` begins, or, where there are too few
 * trials for an interval, its largest trial lies below the smallest of `b`. Never with a single trial on either side.
 */
export function isClearlyBelow(a: Spread, b: Spread): boolean {
  if (a.trials < 2 || b.trials < 2) return false;
  const upper = a.high !== null && b.low !== null ? a.high : a.max;
  const lower = a.high !== null && b.low !== null ? b.low : b.min;
  return a.median < b.median && upper < lower;
}
