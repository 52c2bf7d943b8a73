import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intendedInstants, messageCount, type ScheduleSpec } from './schedule.js';

const base: ScheduleSpec = {
  seed: 1,
  phase: 'measure',
  arrivals: 'poisson',
  ratePerSecond: 10,
  durationSeconds: 10,
};

const specs = fc.record({
  seed: fc.maxSafeNat(),
  phase: fc.constantFrom('warmup', 'measure', 'measure/2'),
  arrivals: fc.constantFrom('poisson' as const, 'constant' as const),
  ratePerSecond: fc.double({ min: 0.001, max: 2000, noNaN: true }),
  durationSeconds: fc.double({ min: 0.1, max: 10, noNaN: true }),
});

describe('intendedInstants', () => {
  it('has exactly round(rate x duration) instants, ascending, each within [0, duration)', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const instants = intendedInstants(spec);
        expect(instants.length).toBe(Math.round(spec.ratePerSecond * spec.durationSeconds));
        expect(messageCount(spec)).toBe(instants.length);
        const endMs = spec.durationSeconds * 1000;
        expect(instants.every((instant, k) => instant >= (instants[k - 1] ?? 0) && instant < endMs)).toBe(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is the same in every call: each process computes it for itself', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        expect(intendedInstants({ ...spec })).toEqual(intendedInstants(spec));
      }),
      { numRuns: 20 },
    );
  });

  it('differs between phases and between seeds', () => {
    const first = intendedInstants(base);
    expect(intendedInstants({ ...base, phase: 'warmup' })).not.toEqual(first);
    expect(intendedInstants({ ...base, seed: 2 })).not.toEqual(first);
  });

  it('spaces constant arrivals evenly, half a gap from either end', () => {
    const instants = intendedInstants({
      ...base,
      arrivals: 'constant',
      ratePerSecond: 4,
      durationSeconds: 2,
    });
    expect([...instants]).toEqual([125, 375, 625, 875, 1125, 1375, 1625, 1875]);
    const many = intendedInstants({ ...base, arrivals: 'constant', ratePerSecond: 997, durationSeconds: 7 });
    for (let k = 1; k < many.length; k++) expect(many[k]! - many[k - 1]!).toBeCloseTo(1000 / 997, 6);
  });

  it('spaces constant arrivals over the whole duration when rate x duration is not whole', () => {
    const instants = intendedInstants({
      ...base,
      arrivals: 'constant',
      ratePerSecond: 2.7,
      durationSeconds: 1,
    });
    expect([...instants].map((instant) => Math.round(instant))).toEqual([167, 500, 833]);
  });

  it('is a Poisson process given its count: instants are uniform over the duration (Kolmogorov-Smirnov)', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const instants = intendedInstants({ ...base, seed, ratePerSecond: 500 });
      const n = instants.length;
      let distance = 0;
      instants.forEach((instant, k) => {
        const expected = instant / 10_000;
        distance = Math.max(distance, (k + 1) / n - expected, expected - k / n);
      });
      // 1.95 / sqrt(n) is passed once in a thousand times.
      expect(distance * Math.sqrt(n)).toBeLessThan(1.95);
      // Instants that are spread evenly would be too good.
      expect(distance * Math.sqrt(n)).toBeGreaterThan(0.3);
    }
  });

  it('has exponential gaps when arrivals are Poisson', () => {
    const instants = intendedInstants({ ...base, seed: 3, ratePerSecond: 1000 });
    const gaps = [...instants.slice(1)].map((instant, k) => instant - instants[k]!).sort((a, b) => a - b);
    // Quantiles of an exponential distribution with a mean of 1 ms: -ln(1 - p).
    for (const p of [0.1, 0.5, 0.9, 0.99]) {
      const ratio = gaps[Math.floor(p * gaps.length)]! / -Math.log(1 - p);
      expect(Math.abs(ratio - 1)).toBeLessThan(0.06);
    }
  });

  it('holds one instant when there is a single message, whatever the rate says', () => {
    const spec = { ...base, ratePerSecond: 0, durationSeconds: 3, single: 0.9 };
    expect(messageCount(spec)).toBe(1);
    expect([...intendedInstants(spec)]).toEqual([2700]);
  });

  it('is empty when the rate times the duration rounds to nothing', () => {
    expect(intendedInstants({ ...base, ratePerSecond: 0.001, durationSeconds: 0.1 }).length).toBe(0);
    expect(intendedInstants({ ...base, durationSeconds: 0 }).length).toBe(0);
  });
});

describe('a ramp', () => {
  const ramp = { seed: 4, phase: 'measure/1', ratePerSecond: 100, durationSeconds: 10, ramp: true } as const;

  it('has as many messages as a steady rate, none outside of its time', () => {
    for (const arrivals of ['poisson', 'constant'] as const) {
      const instants = intendedInstants({ ...ramp, arrivals });
      expect(instants).toHaveLength(1000);
      expect([...instants]).toEqual([...instants].sort((a, b) => a - b));
      expect(instants[0]).toBeGreaterThanOrEqual(0);
      expect(instants.at(-1)).toBeLessThan(10_000);
    }
  });

  it('rises in a straight line: a quarter is published in the first half, and the rate ends at twice the mean', () => {
    const instants = intendedInstants({ ...ramp, arrivals: 'constant' });
    const within = (from: number, to: number) => instants.filter((at) => at >= from && at < to).length;
    expect([within(0, 5000), within(0, 1000), within(9000, 10_000)]).toEqual([250, 10, 190]);
  });

  it('is a Poisson process given its count: the squares of its instants are uniform', () => {
    const n = 5000;
    const instants = intendedInstants({ ...ramp, arrivals: 'poisson', ratePerSecond: n / 10 });
    let distance = 0;
    instants.forEach((instant, k) => {
      const expected = (instant / 10_000) ** 2;
      distance = Math.max(distance, (k + 1) / n - expected, expected - k / n);
    });
    expect(distance * Math.sqrt(n)).toBeLessThan(1.95);
    expect(distance * Math.sqrt(n)).toBeGreaterThan(0.3);
  });
});
