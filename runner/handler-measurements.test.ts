import { describe, expect, it } from 'vitest';
import type { HandlerSample } from '../servers/handler-pool.js';
import { waitBucket } from '../servers/wait-counts.js';
import { handlerMeasurements } from './handler-measurements.js';
import { hostSample } from './testing/hand-made-evidence.js';

const SETTINGS = { count: 2, delayMs: 50 };

/** A host's sample with waits in milliseconds. */
function host(waitsMs: readonly number[], longestQueue = 0, maxMs = Math.max(0, ...waitsMs)) {
  const waits: Record<number, number> = {};
  for (const each of waitsMs) {
    const bucket = waitBucket(each * 1000);
    waits[bucket] = (waits[bucket] ?? 0) + 1;
  }
  const handlers: HandlerSample = {
    served: waitsMs.length,
    waits,
    maxWaitUs: maxMs * 1000,
    longestQueue,
  };
  return hostSample({ handlers });
}

describe('what handlers did in a window', () => {
  it('is what came after its opening, over all servers', () => {
    const before = [host([500, 500, 500]), host([])];
    // What was longest belongs to the span since the sample before.
    const after = [host([500, 500, 500, 10, 10, 20], 7, 20), host([0, 40], 3)];
    const found = handlerMeasurements(SETTINGS, before, after)!;
    expect(found).toMatchObject({ count: 2, delayMs: 50, served: 5, longestQueue: 7 });
    // 0, 10, 10, 20 and 40 ms.
    expect(found.waitedUs.p50! / 10_000).toBeCloseTo(1, 1);
    expect(found.waitedUs.p99! / 40_000).toBeCloseTo(1, 1);
    expect(found.waitedUs.max).toBe(40_000);
  });

  it('is null where nobody asked, and where there are none', () => {
    expect(handlerMeasurements(SETTINGS, [host([5])], [host([5])])).toMatchObject({
      served: 0,
      waitedUs: { p50: null, p99: null, max: null },
    });
    expect(handlerMeasurements(null, [hostSample()], [hostSample()])).toBeNull();
  });
});
