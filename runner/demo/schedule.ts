/** A stretch of the demo's endless schedule with one rate. Both the publisher and the page work instants out from it. */
export interface Segment {
  readonly firstSequence: number;
  /** Start of the first message's period, milliseconds of the runner's `performance.now()`. */
  readonly startMs: number;
  readonly ratePerSecond: number;
}

/** A change of rate leaves what is due within this time as it is: orders have to reach five processes first. */
const NOTICE_MS = 100;
/** Changes that are remembered: messages published before them may still arrive. */
const KEPT_SEGMENTS = 8;

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Where in its period a message is due, from 0 to 1.
 *
 * Multiples of the golden ratio spread most evenly, so that polls, which have a period of their own, cannot be in step
 * with the messages; and two neighbours are never nearer than 0.6 of a period.
 */
function placeOf(sequence: number): number {
  return (sequence * GOLDEN) % 1;
}

/** When a message is due, on the runner's clock; null when it belongs to a segment that is forgotten. */
export function dueMs(segments: readonly Segment[], sequence: number): number | null {
  const segment = segments.findLast(({ firstSequence }) => firstSequence <= sequence);
  if (segment === undefined) return null;
  const periodMs = 1000 / segment.ratePerSecond;
  return segment.startMs + (sequence - segment.firstSequence + placeOf(sequence)) * periodMs;
}

/** The newest message that is due at an instant; the number before the first when none is. */
export function newestAt(segments: readonly Segment[], nowMs: number): number {
  for (let at = segments.length - 1; at >= 0; at--) {
    const { firstSequence, startMs, ratePerSecond } = segments[at]!;
    const period = Math.floor(((nowMs - startMs) * ratePerSecond) / 1000);
    if (period < 0) continue;
    const last = (segments[at + 1]?.firstSequence ?? Number.POSITIVE_INFINITY) - 1;
    const sequence = Math.min(last, firstSequence + period);
    return (dueMs(segments, sequence) ?? nowMs) <= nowMs ? sequence : sequence - 1;
  }
  return (segments[0]?.firstSequence ?? 1) - 1;
}

/** The schedule with another rate from about now on. What is due within 100 ms keeps its instant. */
export function withRate(
  segments: readonly Segment[],
  ratePerSecond: number,
  nowMs: number,
): readonly Segment[] {
  const earliestMs = nowMs + NOTICE_MS;
  const last = newestAt(segments, earliestMs);
  const firstSequence = last + 1;
  const kept = segments.filter((segment) => segment.firstSequence < firstSequence);
  // A whole period after the last one, unless that was long ago.
  const startMs = Math.max(earliestMs, dueMs(kept, last) ?? earliestMs);
  return [...kept, { firstSequence, startMs, ratePerSecond }].slice(-KEPT_SEGMENTS);
}
