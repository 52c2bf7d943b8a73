import { describe, expect, it } from 'vitest';
import { trialSeconds } from './estimate.js';
import { contestantOrder } from './order.js';
import { DEFAULT_LIMITS, type Plan } from './plan.js';
import { TimeLeft } from './time-left.js';

const plan: Plan = {
  scenarios: ['sse'],
  workload: 'broadcast',
  clients: [300],
  ratePerSecond: 10,
  arrivals: 'poisson',
  payloadBytes: 10,
  durationSeconds: 5,
  warmupSeconds: 1,
  trials: 4,
  pollIntervalMs: 1000,
  headers: 'minimal',
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  seed: 1,
  pin: true,
  limits: DEFAULT_LIMITS,
  overridden: [],
};
const contestants = contestantOrder(plan);
const each = trialSeconds(plan, contestants[0]!);

describe('TimeLeft', () => {
  it('begins with the estimate and falls with the clock', () => {
    const left = new TimeLeft(plan, contestants);
    expect(left.secondsLeft(0)).toBeCloseTo(4 * each);
    left.started(contestants[0]!, 0);
    expect(left.secondsLeft(each / 2)).toBeCloseTo(3.5 * each);
    expect(left.currentPart(each / 2)).toBeCloseTo(0.5);
  });

  it('learns from trials that took longer', () => {
    const left = new TimeLeft(plan, contestants);
    left.started(contestants[0]!, 0);
    left.ended(2 * each);
    expect(left.secondsLeft(2 * each)).toBeCloseTo(3 * each * 2);
  });

  it('never says that a running trial is over', () => {
    const left = new TimeLeft(plan, contestants);
    left.started(contestants[0]!, 0);
    expect(left.currentPart(100 * each)).toBe(0.99);
    expect(left.secondsLeft(100 * each)).toBeGreaterThan(3 * each);
  });
});
