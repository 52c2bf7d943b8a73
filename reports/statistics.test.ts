import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isClearlyBelow,
  LEAST_FOR_P99,
  median,
  quantile,
  type Spread,
  summariseMetric,
} from './statistics.js';

const values = (least: number) =>
  fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: least, maxLength: 40 });

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test('quantiles end at the extremes', () => {
  expect(quantile([5, 1, 3], 0)).toBe(1);
  expect(quantile([5, 1, 3], 1)).toBe(5);
});

test('299 publishes are the fewest whose maximum bounds p99 with 95 % confidence', () => {
  expect(Math.ceil(Math.log(0.05) / Math.log(0.99))).toBe(LEAST_FOR_P99);
});

test('a metric of fewer than five trials has no interval', () => {
  expect(summariseMetric([1, 2, 3, 4])).toMatchObject({ low: null, high: null });
  expect(summariseMetric([1, 2, 3, 4, 5])).not.toMatchObject({ low: null });
});

describe('one metric is clearly below another', () => {
  const spread = (list: number[]): Spread => ({ ...summariseMetric(list)!, trials: list.length });

  test('never with a single trial', () => {
    expect(isClearlyBelow(spread([1]), spread([100, 101, 102]))).toBe(false);
    expect(isClearlyBelow(spread([1, 2, 3]), spread([100]))).toBe(false);
  });

  test('with few trials where none overlap', () => {
    expect(isClearlyBelow(spread([1, 2, 3]), spread([4, 5, 6]))).toBe(true);
    expect(isClearlyBelow(spread([1, 2, 4]), spread([4, 5, 6]))).toBe(false);
  });

  test('with many trials where the intervals lie apart, though single trials overlap', () => {
    const low = [1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 1.09, 1.1, 9];
    expect(isClearlyBelow(spread(low), spread(low.map((value) => value + 1)))).toBe(true);
  });

  test('never inside the noise floor of the machine, whichever of the two it was seen with', () => {
    const [low, high] = [spread([100, 101, 102]), spread([104, 105, 106])];
    expect(isClearlyBelow(low, high)).toBe(true);
    expect(isClearlyBelow({ ...low, floor: 0.05 }, high)).toBe(false);
    expect(isClearlyBelow(low, { ...high, floor: 0.05 })).toBe(false);
    expect(isClearlyBelow({ ...low, floor: 0.03 }, { ...high, floor: 0.02 })).toBe(true);
  });

  test('and then never the other way round, nor itself', () => {
    fc.assert(
      fc.property(values(2), values(2), (a, b) => {
        const both = [isClearlyBelow(spread(a), spread(b)), isClearlyBelow(spread(b), spread(a))];
        expect(both).not.toEqual([true, true]);
        expect(isClearlyBelow(spread(a), spread(a))).toBe(false);
      }),
    );
  });
});
