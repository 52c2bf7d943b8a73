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
  { origin = 'measured', absent = 'no valid trial' }: Partial<Pick<Comparison, 'origin' | 'absent'>> = {},
): Comparison {
  const value = ours == null || !Number.isFinite(ours) ? null : ours;
  const missing = value === null ? { absent } : {};
  return { what, unit, theirs, ours: value, ratio: ratioOf(theirs, value), origin, ...missing };
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
 * Which messages of a long poll were published right behind an answer: those whose own answer is the next one, and which
 * came within a time of the one before it leaving.
 *
 * An answer left one transit before its messages arrived. Two answers lie a round trip apart at least, so messages that
 * arrive closer together came in one.
 *
 * @param messages in order of publishing
 */
export function rightBehind<M extends { readonly intendedMs: number; readonly latencyMs: number }>(
  messages: readonly M[],
  oneWayMs: number,
  withinMs: number,
): M[] {
  let before = Number.NEGATIVE_INFINITY;
  let left = Number.NEGATIVE_INFINITY;
  return messages.filter(({ intendedMs, latencyMs }) => {
    const leftMs = intendedMs + latencyMs - oneWayMs;
    if (leftMs > left + oneWayMs) {
      before = left;
      left = leftMs;
    }
    return intendedMs - before <= withinMs;
  });
}

/** The value below which a part of the values lies: nearest rank. Null for an empty list. @param part 0 to 1 */
export function percentile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;
}
