/**
 * Whether this process's event loop was serving requests at an instant.
 *
 * The publisher shares the loop with the server under test. A publish that is late because the loop was answering
 * requests is the server's latency; one that is late although the loop slept is the ruler's error, and only that one
 * may count against a trial. A process has one loop, hence one record.
 */
let serving = false;
let busyUntilMs = Number.NEGATIVE_INFINITY;

function endTurn(): void {
  serving = false;
  busyUntilMs = performance.now();
}

/** A request was received. One `setImmediate` per turn of the loop ends the record, however many requests it serves. */
export function noteRequest(): void {
  if (serving) return;
  serving = true;
  setImmediate(endTurn);
}

/** True when requests are being served in this turn, or still were at the instant (`performance.now()` scale, ms). */
export function wasServing(instantMs: number): boolean {
  return serving || instantMs <= busyUntilMs;
}
