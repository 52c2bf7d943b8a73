import { studentT } from './student.js';

/** Fewest values that an interval is computed from: below five, no two-sided test reaches 1 %. */
export const LEAST_FOR_INTERVAL = 5;

/** Ends of a confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The innermost pair of order statistics that holds the median with at least `confidence`, as a depth from 1, with its
 * confidence and that of the next pair inwards. The number of values below the median is binomial, whatever their
 * distribution. Null when not even the extremes reach it.
 */
function depthFor(count: number, confidence: number): { depth: number; outer: number; inner: number } | null {
  // Both tails: 2 P(Binomial(count, 1/2) < depth), term by term in logarithms, for 2^-2000 is no double.
  let logTerm = -count * Math.LN2;
  let tails = 2 * Math.exp(logTerm);
  if (1 - tails < confidence) return null;
  for (let depth = 1; ; depth++) {
    logTerm += Math.log((count - depth + 1) / depth);
    const next = tails + 2 * Math.exp(logTerm);
    if (1 - next < confidence) return { depth, outer: 1 - tails, inner: 1 - next };
    tails = next;
  }
}

/** Between the order statistics at two depths, after Hettmansperger and Sheather (1986). */
function interpolated(sorted: Float64Array, confidence: number): Interval | null {
  const count = sorted.length;
  const found = depthFor(count, confidence);
  if (!found) return null;
  const { depth, outer, inner } = found;
  const part = (outer - confidence) / (outer - inner);
  const weight = ((count - depth) * part) / (depth + (count - 2 * depth) * part);
  const between = (outside: number, inside: number): number => outside + weight * (inside - outside);
  return {
    low: between(sorted[depth - 1]!, sorted[depth]!),
    high: between(sorted[count - depth]!, sorted[count - depth - 1]!),
  };
}

/** The extremes, or Student's interval of the mean where that reaches further. */
function studentised(sorted: Float64Array, confidence: number): Interval {
  const count = sorted.length;
  const least = sorted[0]!;
  const most = sorted[count - 1]!;
  const mean = sorted.reduce((sum, value) => sum + value / count, 0);
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2 / (count - 1), 0);
  const reach = studentT(confidence, count - 1) * Math.sqrt(variance / count);
  return { low: Math.min(least, mean - reach), high: Math.max(most, mean + reach) };
}

/**
 * A confidence interval of the median that holds it as often as it says, with few values too.
 *
 * From eight values on (for 99 %) it is the interval between order statistics, interpolated to the confidence asked for:
 * what a bootstrap of the median tends to, without its error with few values, and free of any assumption about their
 * distribution. From five to seven, not even the extremes hold the median 99 times of 100 (94, 97 and 98): there it is
 * the extremes or Student's interval, whichever reaches further, which is right for values that are about normal, on a
 * logarithmic scale where all are positive. docs/statistics.md has the coverage of both.
 *
 * @param values independent ones, finite: trials, or paired differences of trials
 * @param confidence 0 to 1, 0.99 when left out
 * @param scale `linear` for differences: five that happen to be positive may as well have been negative
 * @returns null below five values
 */
export function medianInterval(
  values: readonly number[],
  confidence = 0.99,
  scale: 'by sign' | 'linear' = 'by sign',
): Interval | null {
  if (values.length < LEAST_FOR_INTERVAL) return null;
  const sorted = Float64Array.from(values).sort();
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  if (least === most) return { low: least, high: most };
  const exact = interpolated(sorted, confidence);
  if (exact) return exact;
  if (least <= 0 || scale === 'linear') return studentised(sorted, confidence);
  const { low, high } = studentised(sorted.map(Math.log), confidence);
  // A logarithm and back may move an end by a rounding error past the value it came from.
  return { low: Math.min(Math.exp(low), least), high: Math.max(Math.exp(high), most) };
}

/**
 * The interval of the ratio of two contestants that ran in the same rounds: that of the median of their paired
 * logarithms, so that what a round has in common (a warm machine, a busy neighbour) cancels.
 *
 * @param pairs one a round, [a, b]; those without two positive numbers are passed over
 * @returns the median ratio a / b and its interval, null ends below five pairs; null without a pair
 */
export function ratioInterval(
  pairs: readonly (readonly [number, number])[],
  confidence = 0.99,
): { ratio: number; low: number | null; high: number | null; pairs: number } | null {
  const logs = pairs.filter(([a, b]) => a > 0 && b > 0).map(([a, b]) => Math.log(a / b));
  if (logs.length === 0) return null;
  const sorted = [...logs].sort((a, b) => a - b);
  const interval = medianInterval(logs, confidence, 'linear');
  return {
    ratio: Math.exp((sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2),
    low: interval && Math.exp(interval.low),
    high: interval && Math.exp(interval.high),
    pairs: logs.length,
  };
}
