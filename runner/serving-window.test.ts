import { describe, expect, it } from 'vitest';
import { intendedInstants } from '../protocol/schedule.js';
import { servingWindow } from './serving-window.js';

const serving = { ratePerSecond: 10, arrivals: 'poisson', payloadBytes: 10, seed: 1 } as const;

describe('servingWindow', () => {
  it('is a minute at ordinary rates', () => {
    expect(servingWindow(serving, 0)).toMatchObject({ count: 600, schedule: { durationSeconds: 60 } });
  });

  it.each([0.001, 0.02, 0.3, 7, 100_000])('keeps a rate of %d a second exactly', (ratePerSecond) => {
    const window = servingWindow({ ...serving, ratePerSecond }, 0)!;
    expect(window.count / window.schedule.durationSeconds).toBeCloseTo(ratePerSecond, 9);
    expect(window.count).toBeGreaterThanOrEqual(1);
  });

  it('has instants of its own for every window', () => {
    const [first, second] = [0, 1].map((index) => intendedInstants(servingWindow(serving, index)!.schedule));
    expect(first).not.toEqual(second);
  });

  it('does not exist for a rate of none', () => {
    expect(servingWindow({ ...serving, ratePerSecond: 0 }, 0)).toBeNull();
  });
});
