import { listed } from './listed.js';
import { floorOf, isClearlyBelow, type Spread } from './statistics.js';
import type { ContestantView, GroupView } from './view.js';

/** A contestant with the metric it is compared by. */
export interface Rival {
  readonly contestant: ContestantView;
  readonly spread: Spread;
}

/**
 * What a metric is: `exact` where bytes are counted, which no noise moves, `noisy` where time, CPU or memory is measured,
 * of which one trial shows a value but not how far the next would lie.
 */
export type Nature = 'exact' | 'noisy';

/** Medians that differ by less are about the same in words: where trials are too few for intervals, and where not. */
const CLOSE_WITHOUT_INTERVAL = 1.1;
const CLOSE_WITH_INTERVAL = 1.02;

/**
 * Whether prose may call `a` less than `b`. Stricter than the mark in a table: small differences are not worth words,
 * those inside the machine's noise floor are a tie, and of something noisy a single trial is never enough.
 */
function isLess(a: Spread, b: Spread, nature: Nature): boolean {
  if (a.median * (1 + floorOf(a, b)) >= b.median) return false;
  const known = nature === 'exact' || (a.low !== null && b.low !== null);
  const close = known ? CLOSE_WITH_INTERVAL : CLOSE_WITHOUT_INTERVAL;
  if (b.median <= 0 || a.median * close >= b.median) return false;
  return nature === 'exact' && (a.trials < 2 || b.trials < 2) ? true : isClearlyBelow(a, b);
}

/** Whether each of them rests on trials enough to show its noise, so that they may be compared at all. */
export function canBeRanked(rivals: readonly Rival[]): boolean {
  return rivals.every(({ spread }) => spread.trials >= 2);
}

/** Those of a group that have the metric, by its median, least first. */
export function rank(group: GroupView, spreadOf: (contestant: ContestantView) => Spread | null): Rival[] {
  return group.contestants
    .flatMap((contestant) => {
      const spread = spreadOf(contestant);
      return spread ? [{ contestant, spread }] : [];
    })
    .sort((a, b) => a.spread.median - b.spread.median);
}

/** The first of a ranking and all that cannot be told from it. */
export function leadersOf(rivals: readonly Rival[], nature: Nature = 'noisy'): Rival[] {
  return rivals.filter(({ spread }) => !isLess(rivals[0]!.spread, spread, nature));
}

/** The last of a ranking that can be told from the first; null when none can. */
export function farthestOf(rivals: readonly Rival[], leaders: readonly Rival[]): Rival | null {
  return rivals.findLast((rival) => !leaders.includes(rival)) ?? null;
}

/** Their medians in one unit of print: one number, or the two ends where they read differently. */
export function span(rivals: readonly Rival[], format: (value: number) => string): string {
  const medians = rivals.map(({ spread }) => spread.median);
  const low = format(Math.min(...medians));
  const high = format(Math.max(...medians));
  return low === high ? low : `${low} to ${high}`;
}

/** A step from one value to the next that is stated as two values: nobody takes a tenfold difference for noise. */
const WIDE_GAP = 10;

/**
 * The values of a ranking without a verdict: their range, or, where one gap in them is tenfold or more, those above it by
 * name and the rest: `252 ms with Polling, 1.4 ms to 1.6 ms with the others`.
 */
export function plainSpan(rivals: readonly Rival[], format: (value: number) => string): string {
  const ratios = rivals.slice(1).map(({ spread }, at) => {
    const below = rivals[at]!.spread.median;
    return below > 0 ? spread.median / below : 0;
  });
  const widest = Math.max(0, ...ratios);
  if (widest < WIDE_GAP) return span(rivals, format);
  const from = ratios.indexOf(widest) + 1;
  const [low, high] = [rivals.slice(0, from), rivals.slice(from)];
  const others = low.length === 1 ? titlesOf(low) : 'the others';
  return `${span(high, format)} with ${titlesOf(high)}, ${span(low, format)} with ${others}`;
}

/** `Polling and WebSocket`. */
export function titlesOf(rivals: readonly Rival[]): string {
  return listed(rivals.map(({ contestant }) => contestant.title));
}
