import type { Comparison, Published } from './contract.js';

/** IP and TCP headers of a segment with timestamps: 20 and 32 bytes. */
export const SEGMENT_BYTES = 52;

/** Megabits a second (10^6 bits) of so many bytes an exchange. */
export function megabits(bytesPerExchange: number, exchangesPerSecond: number): number {
  return (bytesPerExchange * exchangesPerSecond * 8) / 1e6;
}

/** The same in units of 2^20 bits, which "Quantum Leap" prints as Mbps. */
export function mebibits(bytesPerExchange: number, exchangesPerSecond: number): number {
  return (bytesPerExchange * exchangesPerSecond * 8) / 2 ** 20;
}

/** Ours by theirs; by the nearer end of a range, and 1 inside it. Null where either is missing, or theirs is 0. */
export function ratioOf(theirs: Published | null, ours: number | null): number | null {
  if (theirs === null || ours === null) return null;
  const [low, high] = typeof theirs === 'number' ? [theirs, theirs] : theirs;
  if (ours >= low && ours <= high) return 1;
  const end = ours < low ? low : high;
  return end === 0 ? null : ours / end;
}

/** A comparison with its ratio. A number that is not finite counts as missing. */
export function compare(
  what: string,
  unit: string,
  theirs: Published | null,
  ours: number | null | undefined,
  origin: Comparison['origin'] = 'measured',
): Comparison {
  const value = ours == null || !Number.isFinite(ours) ? null : ours;
  return { what, unit, theirs, ours: value, ratio: ratioOf(theirs, value), origin };
}

/** `a / b`; null where either is missing or b is 0. */
export function quotient(a: number | null | undefined, b: number | null | undefined): number | null {
  return a == null || b == null || b === 0 ? null : a / b;
}

/**
 * Where a falling curve meets a level, between two of its points on logarithmic axes (a cost of c / interval is a
 * straight line there). Null where it does not within the points.
 *
 * @param points ascending in x; both coordinates above 0
 */
export function crossing(points: readonly (readonly [x: number, y: number])[], level: number): number | null {
  for (let at = 1; at < points.length; at++) {
    const [x0, y0] = points[at - 1]!;
    const [x1, y1] = points[at]!;
    if (y0 < level || y1 > level) continue;
    if (y0 === y1) return x0;
    const part = Math.log(y0 / level) / Math.log(y0 / y1);
    return x0 * (x1 / x0) ** part;
  }
  return null;
}

/**
 * Which messages of a long poll's schedule meet it parked, and which come right behind one that did.
 *
 * A parked poll is answered at once and is back a round trip later; what is published meanwhile is its next answer, which
 * leaves as it comes back and so costs another round trip.
 *
 * @param intendedMs ascending
 * @param withinMs how soon after an answer left a message counts as right behind it
 */
export function longPollPositions(
  intendedMs: readonly number[],
  rttMs: number,
  withinMs: number,
): { readonly parked: number[]; readonly behind: number[] } {
  const parked: number[] = [];
  const behind: number[] = [];
  let answeredMs = Number.NEGATIVE_INFINITY;
  let waiting = false;
  for (const [at, ms] of intendedMs.entries()) {
    // What waited left with the poll that came back; the next one is back a round trip after that.
    if (waiting && ms >= answeredMs + rttMs) {
      answeredMs += rttMs;
      waiting = false;
    }
    if (ms >= answeredMs + rttMs) {
      parked.push(at);
      answeredMs = ms;
    } else {
      if (ms - answeredMs <= withinMs) behind.push(at);
      waiting = true;
    }
  }
  return { parked, behind };
}

/** The value below which a part of the values lies: nearest rank. Null for an empty list. @param part 0 to 1 */
export function percentile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;
}
