import { expect, it } from 'vitest';
import { HalfSpeed } from './half-speed.js';

it('a process at half speed wastes what it used since the last time, and not what it wasted', () => {
  let cpu = 100;
  let wasted = 0;
  // Each look at the clock takes a quarter of a millisecond.
  const half = new HalfSpeed({
    cpuMs: () => {
      cpu += 0.25;
      return cpu;
    },
    onWaste: () => wasted++,
  });
  cpu += 10;
  const before = cpu;
  const own = half.waste();
  expect(own).toBeGreaterThanOrEqual(10);
  expect(cpu - before).toBeGreaterThanOrEqual(own);
  expect(cpu - before).toBeLessThan(own + 1);
  expect(wasted).toBe(1);
  expect(half.waste()).toBeLessThan(1);
});
