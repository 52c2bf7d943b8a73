import { expect, it } from 'vitest';
import { drainLimitMs } from './drain.js';

const intervals = [10, 1000, 2499, 2500, 2501, 3_600_000];

it('drains for five seconds, or two poll intervals where that is longer', () => {
  expect(intervals.map((interval) => drainLimitMs({ waitsForInterval: true }, interval))).toEqual([
    5000, 5000, 5000, 5000, 5002, 7_200_000,
  ]);
});

it('does not wait for polls where there are none', () => {
  expect(intervals.map((interval) => drainLimitMs({ waitsForInterval: false }, interval))).toEqual(
    Array(6).fill(5000),
  );
});
