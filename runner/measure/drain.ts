const LEAST_DRAIN_MS = 5000;

/**
 * How long a phase may drain before what is missing is lost: max(5 s, 2 x poll interval), where the interval counts
 * only for transports that wait for it.
 */
export function drainLimitMs(
  scenario: { readonly waitsForInterval: boolean },
  pollIntervalMs: number,
): number {
  return scenario.waitsForInterval ? Math.max(LEAST_DRAIN_MS, 2 * pollIntervalMs) : LEAST_DRAIN_MS;
}
