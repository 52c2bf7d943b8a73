import { expect, it } from 'vitest';
import { messageTopics } from '../../protocol/topics.js';
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

it('waits for no more deliveries than the topics of its clients have', () => {
  const schedule = { seed: 1, phase: 'x', arrivals: 'constant', durationSeconds: 1, topics: 4 } as const;
  const recorder = new CountingRecorder({
    clients: 2,
    firstClient: 1,
    payloadBytes: 10,
    warmup: { ...schedule, ratePerSecond: 0 },
    measure: { ...schedule, ratePerSecond: 40 },
    drainMs: 1000,
  });
  let drained = false;
  recorder.onDrained = () => {
    drained = true;
  };
  for (const client of [0, 1]) recorder.connected(client, 1);
  recorder.begin('measure', performance.now());
  const expected = [...messageTopics({ ...schedule, ratePerSecond: 40 })!].filter(
    (topic) => topic === 2 || topic === 3,
  );
  for (let n = 1; n < expected.length; n++) recorder.delivered();
  expect(drained).toBe(false);
  recorder.delivered();
  expect(drained).toBe(true);
});
