import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForeignRecorder } from './foreign-recorder.js';
import type { RecorderPlan } from './recorder.js';

const schedule = { seed: 1, arrivals: 'constant', ratePerSecond: 2 } as const;
/** Two messages in a warm-up of one second (1 and 2), four in a window of two (3 to 6). */
const PLAN: RecorderPlan = {
  clients: 2,
  payloadBytes: 40,
  warmup: { ...schedule, phase: 'warmup', durationSeconds: 1 },
  measure: { ...schedule, phase: 'measure', durationSeconds: 2 },
  drainMs: 5000,
};

let now = 5000;
beforeEach(() => {
  now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

function connected(self: ConstructorParameters<typeof ForeignRecorder>[1]): ForeignRecorder {
  const recorder = new ForeignRecorder(PLAN, self);
  for (const client of [0, 1]) recorder.connected(client, 1);
  return recorder;
}

describe('a recorder of a foreign server to which pushbench publishes', () => {
  it('counts strangers of the window beside the messages of its schedule', () => {
    const recorder = connected(null);
    recorder.foreign.unmarked(0);
    recorder.begin('measure', now);
    recorder.foreign.unmarked(0);
    recorder.foreign.unmarked(1);
    recorder.foreign.otherRun(1);
    for (const sequence of [3, 4, 5, 6])
      for (const client of [0, 1]) recorder.delivered(client, sequence, 40);
    expect(recorder.finish()).toBe(0);
    expect(recorder.windowDeliveries).toBe(8);
    expect(recorder.targetResult()).toEqual({ unmarked: 2, otherRuns: 1 });
  });

  it('takes no harm from any number and any length', () => {
    const recorder = connected(null);
    recorder.begin('measure', now);
    for (const sequence of [0, 7, 2_147_483_648, 9_999_999_999]) recorder.delivered(0, sequence, 40);
    for (const bytes of [22, 39]) recorder.delivered(0, 3, bytes);
    expect(recorder.failures).toEqual({ payload: 6 });
    expect(recorder.windowDeliveries).toBe(0);
    expect(recorder.finish()).toBe(8);
  });
});

describe('a recorder of a foreign server that publishes by itself', () => {
  it('expects nothing, and drains as soon as its window is over', () => {
    const recorder = connected({ time: null });
    const drained: string[] = [];
    recorder.onDrained = (phase) => drained.push(phase);
    recorder.begin('measure', now);
    recorder.foreign.heard(0, null);
    expect(drained).toEqual([]);
    recorder.end(4);
    expect(drained).toEqual(['measure']);
    expect([recorder.expectedDeliveries, recorder.finish(), recorder.windowDeliveries]).toEqual([0, 0, 1]);
    expect(recorder.censor(now)).toBe(0);
  });

  it('takes gaps between the messages of a client, from the window’s first on', () => {
    const recorder = connected({ time: null });
    recorder.foreign.heard(0, null);
    recorder.begin('measure', now);
    for (const [ms, client] of [
      [100, 0],
      [250, 1],
      [400, 0],
      [1450, 1],
    ] as const) {
      now = 5000 + ms;
      recorder.foreign.heard(client, null);
    }
    recorder.finish();
    recorder.foreign.heard(0, null);
    const { self, unmarked } = recorder.targetResult();
    expect(unmarked).toBe(0);
    expect(self).toMatchObject({ backwards: null, gaps: { count: 2, min: 300_000, max: 1_200_000 } });
    expect(self!.rows.slice(0, 3)).toEqual([3, 1, 0]);
    expect(recorder.windowDeliveries).toBe(4);
    expect(recorder.latency.count).toBe(0);
    expect(recorder.lastDeliveryMs).toBe(1450);
  });

  it('takes latency from the times that messages carry; one from the future is counted and no sample', () => {
    const recorder = connected({ time: { json: 'at', unit: 'ms' } });
    recorder.begin('measure', now);
    const wall = performance.timeOrigin + now;
    recorder.foreign.heard(0, wall - 20);
    recorder.foreign.heard(1, wall + 5);
    recorder.foreign.heard(1, wall - 365 * 86_400_000);
    expect(recorder.windowDeliveries).toBe(3);
    expect(recorder.latency.count).toBe(1);
    expect(recorder.latency.max).toBeCloseTo(20_000, 0);
    expect(recorder.seconds.count(0)).toBe(1);
    expect(recorder.targetResult().self).toMatchObject({ backwards: 1 });
    expect(recorder.backwards).toBe(0);
  });

  it('keeps the generator’s own share by second, since there are no publishes to keep it by', () => {
    const recorder = connected({ time: { json: 'at', unit: 'ms' } });
    recorder.begin('measure', now);
    const wall = performance.timeOrigin + now;
    for (const second of [0, 0, 1]) {
      now = 5000 + second * 1000;
      recorder.woke();
      now += 7;
      recorder.foreign.heard(0, wall + second * 1000 - 20);
    }
    expect([0, 1, 2].map((row) => recorder.shares.count(row))).toEqual([2, 1, 0]);
  });
});
