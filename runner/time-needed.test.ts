import { expect, it } from 'vitest';
import type { Plan } from './plan.js';
import { neededSeconds } from './time-needed.js';

const plan = {
  scenarios: ['sse'],
  clients: [3000],
  trials: 5,
  warmupSeconds: 1,
  durationSeconds: 10,
  pollIntervalMs: 1000,
} as unknown as Plan;

it('a run needs the time of its calibration, too, and a budget is for both', () => {
  const trials = neededSeconds(plan, 'never');
  expect(neededSeconds(plan, 'always')).toBe(trials + 3);
  expect(neededSeconds({ ...plan, budgetSeconds: 30 }, 'always')).toBe(30);
});
