import type { Measurements } from '../reports/result.js';
import type { HostSample } from '../servers/contract.js';
import type { HandlerSettings } from '../servers/handler-pool.js';
import { waitOfBucket } from '../servers/wait-counts.js';

/**
 * What the handlers of all servers did between two samples of each. Pure.
 *
 * @param settings null when there are none
 */
export function handlerMeasurements(
  settings: HandlerSettings | null,
  before: readonly HostSample[],
  after: readonly HostSample[],
): NonNullable<Measurements['handlers']> | null {
  if (settings === null) return null;
  const waits = new Map<number, number>();
  let served = 0;
  let maxUs = 0;
  let longestQueue = 0;
  for (const [n, { handlers }] of after.entries()) {
    if (handlers === undefined) continue;
    const earlier = before[n]?.handlers;
    served += handlers.served - (earlier?.served ?? 0);
    maxUs = Math.max(maxUs, handlers.maxWaitUs);
    longestQueue = Math.max(longestQueue, handlers.longestQueue);
    for (const [bucket, count] of Object.entries(handlers.waits)) {
      const more = count - (earlier?.waits[Number(bucket)] ?? 0);
      if (more > 0) waits.set(Number(bucket), (waits.get(Number(bucket)) ?? 0) + more);
    }
  }
  const percentile = (p: number): number | null => {
    if (served === 0) return null;
    let left = Math.ceil((p / 100) * served);
    for (const [bucket, count] of [...waits].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.min(waitOfBucket(bucket), maxUs);
    }
    return maxUs;
  };
  return {
    count: settings.count,
    delayMs: settings.delayMs,
    served,
    waitedUs: { p50: percentile(50), p99: percentile(99), max: served === 0 ? null : maxUs },
    longestQueue,
  };
}
