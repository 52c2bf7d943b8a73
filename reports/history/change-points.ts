import { createRandom, type Random } from '../../protocol/random.js';
import { median } from '../statistics.js';

/** What of a series is looked for, and how sure one wants to be. */
export interface ChangeOptions {
  /** Chance that a split as clear as this comes from values in random order, below which it is a change. */
  readonly level: number;
  /** Fewest values between two changes, and before the first and after the last. */
  readonly leastValues: number;
  /** Shuffles of each test. The smallest chance that can be told is 1 / (shuffles + 1). */
  readonly shuffles: number;
  readonly seed: number;
}

export const CHANGE_OPTIONS: ChangeOptions = { level: 0.01, leastValues: 5, shuffles: 999, seed: 1 };

/** A place where the level of a series changes. */
export interface ChangePoint {
  /** Index of the first value of the new level. */
  readonly at: number;
  /** Part of the shuffles, and the values as they are, whose clearest split is at least as clear. */
  readonly p: number;
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranksOf(values: readonly number[]): Float64Array {
  const order = values.map((_value, at) => at).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let after = first + 1;
    while (after < order.length && values[order[after]!] === values[order[first]!]) after++;
    for (let at = first; at < after; at++) ranks[order[at]!] = (first + 1 + after) / 2;
    first = after;
  }
  return ranks;
}

/**
 * The clearest split of ranks in two: where the sum of the first part lies most standard deviations from what random
 * order would give (the Mann-Whitney statistic of every split; its maximum is the test of Sen and Srivastava 1975).
 */
function clearestSplit(ranks: Float64Array, least: number): { readonly at: number; readonly score: number } {
  const count = ranks.length;
  let sum = 0;
  let best = { at: 0, score: 0 };
  for (let before = 1; before <= count - least; before++) {
    sum += ranks[before - 1]!;
    if (before < least) continue;
    const away = Math.abs(sum - (before * (count + 1)) / 2);
    const score = away / Math.sqrt((before * (count - before) * (count + 1)) / 12);
    // Sums of the same ranks in another order differ by rounding: that is no clearer split.
    if (score > best.score + 1e-9) best = { at: before, score };
  }
  return best;
}

/** How far values lie from their median, all together. */
function awayFromMedian(values: readonly number[]): number {
  const middle = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0);
}

/**
 * Where two levels describe the values best, by absolute distances. Ranks tell whether there is a change, but would rather
 * have it in the middle; where two places are as good, theirs is taken.
 */
function bestPlace(values: readonly number[], clearest: number, least: number): number {
  const costAt = (at: number): number =>
    awayFromMedian(values.slice(0, at)) + awayFromMedian(values.slice(at));
  let best = { at: clearest, cost: costAt(clearest) };
  for (let at = least; at <= values.length - least; at++) {
    const cost = costAt(at);
    if (cost < best.cost * (1 - 1e-9)) best = { at, cost };
  }
  return best.at;
}

/** Fisher and Yates. */
function shuffle(values: Float64Array, random: Random): void {
  for (let at = values.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const value = values[at]!;
    values[at] = values[other]!;
    values[other] = value;
  }
}

/** The clearest split of a series, and the chance of one as clear; null where it is not below the level. */
function changeIn(values: readonly number[], options: ChangeOptions, random: Random): ChangePoint | null {
  const { leastValues, shuffles, level } = options;
  if (values.length < 2 * leastValues) return null;
  const ranks = ranksOf(values);
  const { at, score } = clearestSplit(ranks, leastValues);
  if (score === 0) return null;
  const allowed = level * (shuffles + 1);
  const shuffled = Float64Array.from(ranks);
  let asClear = 1;
  for (let round = 0; round < shuffles; round++) {
    shuffle(shuffled, random);
    if (clearestSplit(shuffled, leastValues).score >= score - 1e-9) asClear++;
    // It can only grow.
    if (asClear >= allowed) return null;
  }
  return { at: bestPlace(values, at, leastValues), p: asClear / (shuffles + 1) };
}

/**
 * Where the level of a series changes, in order: binary segmentation, each split by a permutation test.
 *
 * The clearest split of the series by ranks is kept where fewer than one in a hundred shuffles of the same values have
 * one as clear, at the place where two medians describe the values best; then both parts are searched in the same way. Ranks make no claim about how values are spread, and one
 * wild value moves nothing. What it cannot see: a change with fewer than five values before or after it, and a slow
 * drift, which it describes as one or more steps. It takes neighbours to be independent; where they are not (a machine
 * that is slow for a week), it marks the week. A series without a change is marked once in a hundred.
 *
 * @param values in the order of time; finite
 */
export function changePoints(
  values: readonly number[],
  options: ChangeOptions = CHANGE_OPTIONS,
): readonly ChangePoint[] {
  const random = createRandom(options.seed, 'change-points');
  const found: ChangePoint[] = [];
  const open: { readonly from: number; readonly to: number }[] = [{ from: 0, to: values.length }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const { from, to } = part;
    const change = changeIn(values.slice(from, to), options, random);
    if (change === null) continue;
    const at = from + change.at;
    found.push({ at, p: change.p });
    open.push({ from, to: at }, { from: at, to });
  }
  return found.sort((a, b) => a.at - b.at);
}
