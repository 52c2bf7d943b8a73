import { expect, it } from 'vitest';
import { drainLimitMs } from './drain.js';

it('drains for five seconds, or two poll intervals where that is longer', () => {
  expect([10, 1000, 2499, 2500, 2501, 3_600_000].map(drainLimitMs)).toEqual([
    5000, 5000, 5000, 5000, 5002, 7_200_000,
  ]);
});
