import { expect, it } from 'vitest';
import { CountingRecorder } from './counting-recorder.js';

it('a recorder that only counts knows when a phase has drained, and keeps nothing else', () => {
  const schedule = { seed: 1, phase: 'x', arrivals: 'constant', durationSeconds: 1 } as const;
  const recorder = new CountingRecorder({
    clients: 2,
    payloadBytes: 10,
    warmup: { ...schedule, ratePerSecond: 1 },
    measure: { ...schedule, ratePerSecond: 2 },
    drainMs: 1000,
  });
  const drained: string[] = [];
  recorder.onDrained = (phase) => drained.push(phase);
  recorder.connected(0, 1);
  recorder.connected(1, 1);
  recorder.begin('warmup', performance.now());
  for (let n = 0; n < 2; n++) recorder.delivered();
  recorder.begin('measure', performance.now());
  for (let n = 0; n < 3; n++) recorder.delivered();
  expect([drained, recorder.windowDeliveries]).toEqual([['warmup'], 3]);
  recorder.delivered();
  expect([drained, recorder.windowDeliveries]).toEqual([['warmup', 'measure'], 4]);
  expect(recorder.latency.count).toBe(0);
});
