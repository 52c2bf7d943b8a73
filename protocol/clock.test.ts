import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLocalMs, monotonicNs, toLocalMs } from './clock.js';

describe('the clock', () => {
  it('converts there and back: a local reading comes back within a nanosecond or two of rounding', () => {
    // Ten days of uptime: a double holds nanoseconds of that to a fraction.
    fc.assert(
      fc.property(fc.double({ min: 0, max: 864_000_000, noNaN: true }), (localMs) => {
        expect(Math.abs(toLocalMs(fromLocalMs(localMs)) - localMs)).toBeLessThan(2e-6);
      }),
    );
  });

  it('gives an instant back exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1_000_000_000_000_000n }), (offset) => {
        const instant = fromLocalMs(0) + offset;
        expect(fromLocalMs(toLocalMs(instant))).toBe(instant);
      }),
    );
  });

  it('agrees with performance.now(): between two readings of it stands an instant of CLOCK_MONOTONIC', () => {
    let inside = 0;
    for (let attempt = 0; attempt < 1000; attempt++) {
      const before = performance.now();
      const local = toLocalMs(monotonicNs());
      const after = performance.now();
      // The offset was measured to about a microsecond once; a whole bracket is wider than that only now and then.
      expect(local).toBeGreaterThan(before - 0.05);
      expect(local).toBeLessThan(after + 0.05);
      if (local >= before - 0.002 && local <= after + 0.002) inside++;
    }
    expect(inside).toBeGreaterThan(900);
  });

  it('keeps the order of instants', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (a, b) => {
        expect(fromLocalMs(a / 1000) < fromLocalMs(b / 1000)).toBe(a < b);
      }),
    );
  });

  it('never goes back', () => {
    let before = monotonicNs();
    for (let reading = 0; reading < 1000; reading++) {
      const now = monotonicNs();
      expect(now >= before).toBe(true);
      before = now;
    }
  });
});
