import { describe, expect, it } from 'vitest';
import { runSeconds, spanText, trialSeconds } from './estimate.js';

const plan = {
  scenarios: ['sse'],
  clients: [3000],
  trials: 2,
  warmupSeconds: 1,
  durationSeconds: 10,
  pollIntervalMs: 500,
};

describe('the estimate', () => {
  it('adds start and stop, connecting, warm-up and window', () => {
    expect(trialSeconds(plan, { scenario: 'sse', clients: 3000 })).toBeCloseTo(1 + 1 + 1 + 10);
    expect(runSeconds(plan)).toBeCloseTo(26);
  });

  it('allows polling an interval to drain after each phase that publishes, and autocannon its time once', () => {
    expect(trialSeconds(plan, { scenario: 'polling', clients: 3000 })).toBeCloseTo(13 + 2 * 0.5);
    expect(trialSeconds({ ...plan, warmupSeconds: 0 }, { scenario: 'polling', clients: 3000 })).toBeCloseTo(
      12.5,
    );
    expect(runSeconds({ ...plan, scenarios: ['polling'] })).toBeCloseTo(28 + 2.5);
  });

  it('covers a sweep', () => {
    expect(runSeconds({ ...plan, clients: [3000, 6000] })).toBeCloseTo(26 + 28);
  });
});

describe('spanText', () => {
  it.each([
    [0, '1 s'],
    [59.6, '60 s'],
    [120, '2 min'],
    [150, '2 min 30 s'],
    [7200, '2 h'],
    [11_100, '3 h 5 min'],
  ])('%d seconds are %s', (seconds, text) => expect(spanText(seconds)).toBe(text));
});
