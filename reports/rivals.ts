import { floorOf, isClearlyBelow, type Spread } from './statistics.js';
import type { ContestantView, GroupView } from './view.js';

/** A contestant with the metric it is compared by. */
export interface Rival {
  readonly contestant: ContestantView;
  readonly spread: Spread;
}

/** Medians that differ by less are about the same in words: where trials are too few for intervals, and where not. */
const CLOSE_WITHOUT_INTERVAL = 1.1;
const CLOSE_WITH_INTERVAL = 1.02;

/**
 * Whether prose may call `a` less than `b`. Stricter than the mark in a table: small differences are not worth words, and
 * those inside the machine's noise floor are a tie.
 */
function isLess(a: Spread, b: Spread): boolean {
  if (a.median * (1 + floorOf(a, b)) >= b.median) return false;
  const close = a.low !== null && b.low !== null ? CLOSE_WITH_INTERVAL : CLOSE_WITHOUT_INTERVAL;
  if (b.median <= 0 || a.median * close >= b.median) return false;
  return a.trials < 2 || b.trials < 2 ? true : isClearlyBelow(a, b);
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
export function leadersOf(rivals: readonly Rival[]): Rival[] {
  return rivals.filter(({ spread }) => !isLess(rivals[0]!.spread, spread));
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
