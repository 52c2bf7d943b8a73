import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../protocol/random.js';
import { normal } from './testing/draws.js';
import { mannKendall, theilSen } from './trend.js';

describe('the Theil-Sen slope', () => {
  test('is that of a line, whatever the order of its points', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.shuffledSubarray([500, 1000, 2000, 4000, 8000], { minLength: 2 }),
        (slope, xs) => {
          expect(theilSen(xs.map((x) => [x, 7 + slope * x]))).toBeCloseTo(slope, 6);
        },
      ),
    );
  });

  test('is not moved by one point that is far off', () => {
    const points = [500, 1000, 2000, 4000, 8000].map((x) => [x, 10 * x] as const);
    expect(theilSen(points.map(([x, y]) => [x, x === 4000 ? 1e9 : y]))).toBeCloseTo(10, 0);
  });

  test('is not to be had of points above each other', () => {
    expect(
      theilSen([
        [1000, 1],
        [1000, 2],
      ]),
    ).toBeNull();
  });
});

describe('the Mann-Kendall test', () => {
  test('counts all orders of few values', () => {
    expect(mannKendall([1, 2, 3, 4, 5, 6]).p).toBeCloseTo(2 / 720, 10);
    expect(mannKendall([6, 5, 4, 3, 2, 1])).toEqual({ score: -15, p: mannKendall([1, 2, 3, 4, 5, 6]).p });
    expect(mannKendall([1, 2, 3, 4]).p).toBeCloseTo(2 / 24, 10);
  });

  test('knows Kendall\u2019s own example of a tail: ten values, score 25, p 0.0286', () => {
    // 45 pairs, 10 inversions: 0.0143 on one side (Kendall 1970, table 1, S = 25).
    const values = [1, 2, 3, 4, 5, 10, 9, 8, 7, 6];
    expect(mannKendall(values)).toMatchObject({ score: 25 });
    expect(mannKendall(values).p).toBeCloseTo(0.0286, 3);
  });

  test('says nothing of constants and of fewer than three values', () => {
    expect(mannKendall([4, 4, 4, 4, 4, 4, 4]).p).toBe(1);
    expect(mannKendall([1, 2]).p).toBe(1);
  });

  test('finds a trend in at most 1 of 100 random orders at p = 0.01, with and without ties', () => {
    const random = createRandom(5, 'orders');
    for (const draw of [() => normal(random), () => Math.floor(4 * random())]) {
      let found = 0;
      for (let round = 0; round < 2000; round++) {
        if (mannKendall(Array.from({ length: 30 }, draw)).p < 0.01) found++;
      }
      expect(found).toBeLessThanOrEqual(32);
    }
  });
});
