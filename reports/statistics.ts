import { max as largest, median as middle, quantileSorted, min as smallest } from 'simple-statistics';
import { medianInterval } from './median-interval.js';
import type { MetricSummary } from './result.js';

/** Fewest independent samples before a maximum bounds p99 with 95 % confidence: ln 0.05 / ln 0.99, rounded up. */
export const LEAST_FOR_P99 = 299;

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
  /** How far two identical contestants were seen apart on this machine, as a part of the value; absent when not known. */
  readonly floor?: number;
}

/**
 * Whether `a` lies below `b` beyond the noise: its interval ends before that of `b` begins, or, where there are too few
 * trials for an interval, its largest trial lies below the smallest of `b`. Never with a single trial on either side, and
 * never inside the machine's noise floor, where that is known.
 */
export function isClearlyBelow(a: Spread, b: Spread): boolean {
  if (a.trials < 2 || b.trials < 2) return false;
  const upper = a.high !== null && b.low !== null ? a.high : a.max;
  const lower = a.high !== null && b.low !== null ? b.low : b.min;
  return a.median * (1 + floorOf(a, b)) < b.median && upper < lower;
}

/** The larger noise floor of two metrics, as a part; 0 where none is known. A difference inside it is a tie. */
export function floorOf(a: Spread, b: Spread): number {
  return Math.max(a.floor ?? 0, b.floor ?? 0);
}
