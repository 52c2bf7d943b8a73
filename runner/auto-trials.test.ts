import { describe, expect, it } from 'vitest';
import type { Summary } from '../reports/result.js';
import { mostRounds, roundsSeconds, stopReason, widestPercent } from './auto-trials.js';

const timing = {
  scenarios: ['sse', 'websocket'],
  clients: [1000],
  trials: 1,
  warmupSeconds: 1,
  durationSeconds: 5,
  pollIntervalMs: 1000,
};
const auto = { precisionPercent: 10, budgetSeconds: 600, leastRounds: 5 };

function summary(scenario: string, halfWidthPercent: number | null): Summary {
  const reach = halfWidthPercent === null ? null : halfWidthPercent / 100;
  const metric = (median: number, width: number | null) => ({
    median,
    min: median,
    max: median,
    low: width === null ? null : median * (1 - width),
    high: width === null ? null : median * (1 + width),
  });
  const metrics = {
    'latencyUs.p50': metric(5000, reach),
    'wire.perDelivery.bothWays': metric(12, reach === null ? null : 0),
    'latencyUs.p99': metric(9000, 5),
  };
  return { scenario, workload: 'broadcast', clients: 1000, trials: 5, metrics };
}

describe('--trials auto', () => {
  const stop = (rounds: number, elapsed: number, widths: readonly (number | null)[], trials = 50) =>
    stopReason(
      { trials, auto },
      rounds,
      elapsed,
      widths.map((width, at) => summary(`s${at}`, width)),
      2,
    );

  it('stops when every contestant is precise, and not while one is not', () => {
    expect(stop(5, 60, [8, 9.9])).toBe('precise');
    expect(stop(5, 60, [8, 10.1])).toBeNull();
  });

  it('runs five rounds however precise they look', () => {
    expect(stop(4, 60, [0, 0])).toBeNull();
  });

  it('does not stop for precision while a contestant has no completed trial or no interval', () => {
    expect(stop(9, 60, [1])).toBeNull();
    expect(stop(9, 60, [1, null])).toBeNull();
  });

  it('does not begin a round that would end past the budget, going by the rounds so far', () => {
    expect(stop(9, 539, [50, 50])).toBeNull();
    expect(stop(9, 541, [50, 50])).toBe('budget');
  });

  it('stops after the most rounds: a hundred, or what the estimate says the budget holds', () => {
    expect(stop(100, 300, [50, 50], 100)).toBe('rounds');
    expect(stop(20, 300, [50, 50], 20)).toBe('budget');
  });

  it('looks at median latency and bytes only', () => {
    expect(widestPercent([summary('sse', 3)], 1)).toBeCloseTo(3, 9);
  });

  it('plans as many rounds as fit the budget, between five and a hundred', () => {
    const rounds = mostRounds(timing, 300);
    expect(roundsSeconds(timing, rounds)).toBeLessThanOrEqual(300);
    expect(roundsSeconds(timing, rounds + 1)).toBeGreaterThan(300);
    expect(mostRounds(timing, 1)).toBe(5);
    expect(mostRounds(timing, 1e6)).toBe(100);
  });

  it('counts both arms of an A/A run', () => {
    expect(roundsSeconds({ ...timing, aa: true }, 3)).toBeCloseTo(2 * roundsSeconds(timing, 3), 9);
  });
});
