import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../protocol/random.js';
import { studentT } from '../student.js';
import { normal } from '../testing/draws.js';
import { PairedShift } from './paired-interval.js';
import { signedRankTail } from './signed-rank.js';

/** What the machine adds to one trial, as a logarithm. Two trials of a round differ by two of these. */
const MACHINES: Readonly<Record<string, (random: Random) => number>> = {
  quiet: (random) => 0.03 * normal(random),
  'with spoiled trials': (random) => 0.03 * normal(random) + (random() < 0.1 ? random() : 0),
  'of two minds': (random) => 0.02 * normal(random) + (random() < 0.5 ? 0 : 0.3),
  skewed: (random) => 0.2 * Math.exp(0.7 * normal(random)),
};

describe('the tail of the signed-rank sum', () => {
  test.each([
    // Subsets of the ranks 1 to n with at most this sum, of 2^n.
    [5, 0, 1 / 32],
    [10, 3, 5 / 1024],
    [10, 55, 1],
    [6, 2, 3 / 64],
    [8, -1, 0],
  ])('for %i differences, at %i', (count, sum, expected) => {
    expect(signedRankTail(count, sum)).toBeCloseTo(expected, 12);
  });

  test('hardly changes where the table ends and the normal distribution begins', () => {
    const at = (count: number, deviations: number): number => {
      const most = (count * (count + 1)) / 2;
      return signedRankTail(
        count,
        Math.round(most / 2 - deviations * Math.sqrt((most * (2 * count + 1)) / 12)),
      );
    };
    for (const deviations of [0.5, 1, 2, 3]) {
      expect(at(200, deviations) / at(199, deviations)).toBeGreaterThan(0.95);
      expect(at(200, deviations) / at(199, deviations)).toBeLessThan(1.05);
    }
  });
});

describe('the interval of a paired shift', () => {
  test('is not given below five pairs', () => {
    expect(new PairedShift([1, 2, 3, 4]).interval(0.99)).toBeNull();
    expect(new PairedShift([1, 2, 3, 4]).levelAbove(0)).toBe(1);
  });

  for (const [machine, noise] of Object.entries(MACHINES)) {
    test.each([5, 7, 8, 10, 15, 20, 30])(
      `holds the true shift 99 times of 100 on a machine that is ${machine}, with %i pairs`,
      (pairs) => {
        const random = createRandom(pairs, `shift/${machine}`);
        let held = 0;
        const runs = 2000;
        for (let run = 0; run < runs; run++) {
          const logs = Array.from({ length: pairs }, () => 0.14 + noise(random) - noise(random));
          const { low, high } = new PairedShift(logs).interval(0.99)!;
          if (low <= 0.14 && 0.14 <= high) held++;
        }
        // Five to seven pairs rest on Student's, which two modes strain.
        expect(held / runs).toBeGreaterThan(pairs < 8 ? 0.97 : 0.982);
      },
    );
  }

  // A trial against the mean of two is not quite symmetric: a long tail upwards makes the head look better, never worse.
  for (const [machine, noise] of Object.entries(MACHINES)) {
    test.each([10, 20, 40])(
      `of a trial against the mean of two calls it more less than once in 100 on a machine that is ${machine}, with %i pairs`,
      (pairs) => {
        const random = createRandom(pairs, `both/${machine}`);
        let [more, less] = [0, 0];
        const runs = 2000;
        for (let run = 0; run < runs; run++) {
          const logs = Array.from(
            { length: pairs },
            () => noise(random) - (noise(random) + noise(random)) / 2,
          );
          const { low, high } = new PairedShift(logs).interval(0.99)!;
          if (low > 0) more++;
          if (high < 0) less++;
        }
        expect(more / runs).toBeLessThan(0.01);
        expect(less / runs).toBeLessThan(0.03);
      },
    );
  }

  test("is hardly wider than Student's with normal noise, and narrower where trials are spoiled", () => {
    const wider = (machine: string): number => {
      const random = createRandom(1, `width/${machine}`);
      let [own, student] = [0, 0];
      for (let run = 0; run < 500; run++) {
        const logs = Array.from(
          { length: 15 },
          () => MACHINES[machine]!(random) - MACHINES[machine]!(random),
        );
        const { low, high } = new PairedShift(logs).interval(0.99)!;
        own += high - low;
        const mean = logs.reduce((sum, log) => sum + log / 15, 0);
        const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2 / 14, 0));
        student += (2 * studentT(0.99, 14) * deviation) / Math.sqrt(15);
      }
      return own / student;
    };
    expect(wider('quiet')).toBeLessThan(1.1);
    expect(wider('with spoiled trials')).toBeLessThan(0.85);
  });

  const logs = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 5, maxLength: 25 });

  test('lies beyond a bound just where its level says so', () => {
    fc.assert(
      fc.property(
        logs,
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.constantFrom(0.9, 0.99, 0.9975, 0.9999),
        (list, bound, confidence) => {
          const shift = new PairedShift(list);
          const { low, high } = shift.interval(confidence)!;
          // Within a rounding error of the edge either answer is right.
          fc.pre(Math.abs(low - bound) > 1e-9 && Math.abs(high - bound) > 1e-9);
          const levels = [shift.levelAbove(bound), shift.levelBelow(bound)];
          fc.pre(levels.every((level) => Math.abs(level - (1 - confidence)) > 1e-12));
          expect(low > bound).toBe(levels[0]! <= 1 - confidence);
          expect(high < bound).toBe(levels[1]! <= 1 - confidence);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('turns round with its values, and moves with them', () => {
    fc.assert(
      fc.property(logs, fc.double({ min: -3, max: 3, noNaN: true }), (list, by) => {
        const { low, high } = new PairedShift(list).interval(0.99)!;
        const turned = new PairedShift(list.map((log) => -log)).interval(0.99)!;
        expect(turned.low).toBeCloseTo(-high, 9);
        expect(turned.high).toBeCloseTo(-low, 9);
        const moved = new PairedShift(list.map((log) => log + by)).interval(0.99)!;
        expect(moved.low).toBeCloseTo(low + by, 9);
        expect(new PairedShift(list).estimate).toBeGreaterThanOrEqual(low);
        expect(new PairedShift(list).estimate).toBeLessThanOrEqual(high);
      }),
    );
  });

  test('is a point where all pairs agree', () => {
    const shift = new PairedShift([0.2, 0.2, 0.2, 0.2, 0.2, 0.2]);
    const { low, high } = shift.interval(0.999)!;
    expect([low, high]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0.2, 12)]);
    expect(shift.levelAbove(0.1)).toBeLessThan(1e-9);
  });
});
