import { median } from './statistics.js';

/** Slopes of all pairs of points with different x; their median is the Theil-Sen slope (Theil 1950, Sen 1968). */
export function pairSlopes(points: readonly (readonly [number, number])[]): number[] {
  const slopes: number[] = [];
  for (let b = 1; b < points.length; b++) {
    for (let a = 0; a < b; a++) {
      const [x, y] = points[b]!;
      const run = x - points[a]![0];
      if (run !== 0) slopes.push((y - points[a]![1]) / run);
    }
  }
  return slopes;
}

/** The Theil-Sen slope: a quarter of the points may be off without moving it far. Null without two different x. */
export function theilSen(points: readonly (readonly [number, number])[]): number | null {
  const slopes = pairSlopes(points);
  return slopes.length === 0 ? null : median(slopes);
}

/** All orders of up to this many values can be counted one by one. */
const EXACT_UP_TO = 10;

/** By number of values: how many orders have each number of inversions (Kendall 1938). */
function inversionCounts(count: number): number[] {
  let counts = [1];
  for (let size = 2; size <= count; size++) {
    const next = new Array<number>(counts.length + size - 1).fill(0);
    for (const [inversions, orders] of counts.entries()) {
      for (let more = 0; more < size; more++) next[inversions + more]! += orders;
    }
    counts = next;
  }
  return counts;
}

/** Upper tail of the normal distribution (Abramowitz and Stegun 7.1.26, wrong by less than 1e-7). */
function normalTail(z: number): number {
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return (poly * Math.exp((-z * z) / 2)) / 2;
}

/**
 * Mann-Kendall test for a trend: the chance that values in random order rise or fall as steadily as these. Exact up to ten
 * values without ties, else by the normal approximation with Kendall's correction for ties.
 *
 * @param values in the order of time
 * @returns two-sided p, 1 where nothing can be said (fewer than three values, or all the same)
 */
export function mannKendall(values: readonly number[]): { readonly score: number; readonly p: number } {
  const count = values.length;
  let score = 0;
  for (let b = 1; b < count; b++) {
    for (let a = 0; a < b; a++) score += Math.sign(values[b]! - values[a]!);
  }
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  const tied = [...ties.values()].filter((size) => size > 1);
  if (count < 3 || score === 0) return { score, p: 1 };
  if (tied.length === 0 && count <= EXACT_UP_TO) {
    const counts = inversionCounts(count);
    const all = counts.reduce((sum, orders) => sum + orders, 0);
    // A score of all pairs minus twice the inversions: the smaller tail has the fewest inversions.
    const most = (counts.length - 1 - Math.abs(score)) / 2;
    const tail = counts.slice(0, most + 1).reduce((sum, orders) => sum + orders, 0);
    return { score, p: Math.min(1, (2 * tail) / all) };
  }
  const spread = (size: number): number => size * (size - 1) * (2 * size + 5);
  const variance = (spread(count) - tied.reduce((sum, size) => sum + spread(size), 0)) / 18;
  if (variance <= 0) return { score, p: 1 };
  return { score, p: Math.min(1, 2 * normalTail((Math.abs(score) - 1) / Math.sqrt(variance))) };
}
