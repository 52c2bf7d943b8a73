import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../protocol/random.js';
import { medianInterval, ratioInterval } from './median-interval.js';
import { median } from './statistics.js';
import { studentT } from './student.js';
import { normal, SHAPES } from './testing/draws.js';

const values = (least: number) =>
  fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: least, maxLength: 40 });

/** How often, of `rounds` samples of `count` values, the interval holds the true median. */
function coverage(shape: (typeof SHAPES)[string], count: number, rounds: number): number {
  const random = createRandom(count, 'coverage');
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    const { low, high } = medianInterval(Array.from({ length: count }, () => shape.draw(random)))!;
    if (low <= shape.median && shape.median <= high) held++;
  }
  return held / rounds;
}

test.each([
  [1, 63.657],
  [2, 9.925],
  [3, 5.841],
  [4, 4.604],
  [7, 3.499],
  [30, 2.75],
  [1000, 2.581],
])("Student's t at 99 % with %i degrees of freedom is the table's", (freedom, t) => {
  expect(studentT(0.99, freedom)).toBeCloseTo(t, 3);
});

describe('the interval of a median', () => {
  test('is not given below five values', () => {
    expect(medianInterval([1, 2, 3, 4])).toBeNull();
  });

  test('reaches beyond all of five values, whose extremes hold the median only 94 times of 100', () => {
    const { low, high } = medianInterval([10.5, 10.3, 10.1, 10.4, 10.2])!;
    expect(low).toBeLessThan(10.1);
    expect(high).toBeGreaterThan(10.5);
  });

  test('spans eight values, and leaves out the ends of twelve', () => {
    const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
    const eight = medianInterval(upTo(8))!;
    expect(eight.low).toBeCloseTo(1.2, 1);
    expect(eight.high).toBeCloseTo(7.8, 1);
    const twelve = medianInterval(upTo(12))!;
    expect(twelve.low).toBeGreaterThan(2);
    expect(twelve.low).toBeLessThan(3);
  });

  test('has no width where all values are the same', () => {
    for (const count of [5, 7, 8, 40]) {
      const found = medianInterval(new Array<number>(count).fill(130.7));
      expect(found).toEqual({ low: 130.7, high: 130.7 });
    }
  });

  test('does not go below zero for values that cannot', () => {
    expect(medianInterval([0.1, 5, 9, 20, 400])!.low).toBeGreaterThan(0);
  });

  test('holds the median and does not depend on the order', () => {
    fc.assert(
      fc.property(values(5), (list) => {
        const { low, high } = medianInterval(list)!;
        expect(low).toBeLessThanOrEqual(median(list));
        expect(high).toBeGreaterThanOrEqual(median(list));
        expect(medianInterval([...list].reverse())).toEqual({ low, high });
      }),
    );
  });

  test('lies within the extremes from eight values on', () => {
    fc.assert(
      fc.property(values(8), (list) => {
        const { low, high } = medianInterval(list)!;
        expect(low).toBeGreaterThanOrEqual(Math.min(...list));
        expect(high).toBeLessThanOrEqual(Math.max(...list));
      }),
    );
  });

  test('can be had of thousands of values, where 2 to their number is no double', () => {
    const list = Array.from({ length: 3001 }, (_, at) => at);
    const { low, high } = medianInterval(list)!;
    // 1500 minus and plus 2.576 sqrt(3001) / 2.
    expect(low).toBeCloseTo(1500 - 70.6, -1);
    expect(high).toBeCloseTo(1500 + 70.6, -1);
  });

  describe.each(Object.entries(SHAPES))('of %s values', (_, shape) => {
    test.each([5, 6, 7, 8, 10, 15, 30])('holds the true median of %i in at least 98 of 100 runs', (count) => {
      expect(coverage(shape, count, 2000)).toBeGreaterThan(0.98);
    });
  });

  test('is not so wide that it never errs: with thirty values it misses about 1 of 100', () => {
    expect(coverage(SHAPES.normal!, 30, 4000)).toBeLessThan(0.995);
  });
});

describe('the interval of a ratio', () => {
  test('is that of paired rounds: what a round has in common cancels', () => {
    const random = createRandom(3, 'rounds');
    const pairs = Array.from({ length: 10 }, () => {
      const machine = Math.exp(normal(random));
      return [machine * 1.2 * Math.exp(0.01 * normal(random)), machine] as const;
    });
    const { ratio, low, high } = ratioInterval(pairs)!;
    expect(ratio).toBeCloseTo(1.2, 1);
    expect(low).toBeGreaterThan(1.15);
    expect(high).toBeLessThan(1.25);
  });

  test.each([5, 7, 8, 20])(
    'of identical contestants leaves out 1 in at most 2 of 100 runs of %i rounds',
    (rounds) => {
      const random = createRandom(rounds, 'identical');
      let differ = 0;
      for (let run = 0; run < 1000; run++) {
        const pairs = Array.from(
          { length: rounds },
          () => [Math.exp(0.1 * normal(random)), Math.exp(0.1 * normal(random))] as const,
        );
        const { low, high } = ratioInterval(pairs)!;
        if (low! > 1 || high! < 1) differ++;
      }
      expect(differ).toBeLessThanOrEqual(20);
    },
  );

  test('turns round with the pair', () => {
    const pairs = [4, 5, 6, 7, 8].map((value, at) => [value, 5 + at / 3] as const);
    const there = ratioInterval(pairs)!;
    const back = ratioInterval(pairs.map(([a, b]) => [b, a] as const))!;
    expect(back.ratio).toBeCloseTo(1 / there.ratio, 10);
    expect(back.low).toBeCloseTo(1 / there.high!, 10);
  });

  test('has no ends below five pairs, and passes over pairs without two positive numbers', () => {
    expect(
      ratioInterval([
        [1, 2],
        [1, 2],
        [0, 2],
        [1, -1],
      ]),
    ).toEqual({
      ratio: 0.5,
      low: null,
      high: null,
      pairs: 2,
    });
    expect(ratioInterval([[0, 0]])).toBeNull();
  });
});
