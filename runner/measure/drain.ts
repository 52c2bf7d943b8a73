const LEAST_DRAIN_MS = 5000;

/** How long a phase may drain before what is missing is lost: max(5 s, 2 x poll interval). */
export function drainLimitMs(pollIntervalMs: number): number {
  return Math.max(LEAST_DRAIN_MS, 2 * pollIntervalMs);
}
