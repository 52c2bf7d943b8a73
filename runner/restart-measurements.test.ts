import { expect, it } from 'vitest';
import { ReconnectRecord } from './measure/reconnect-record.js';
import { restartMeasurements } from './restart-measurements.js';

const shard = (clients: number, leave: (record: ReconnectRecord) => void) => {
  const record = new ReconnectRecord(clients, 10_000, [5000]);
  record.begin(0);
  leave(record);
  return record.encode();
};

const DONE = [
  { log: 'broker', killedMs: 2000, listeningMs: 2600, neverPublished: 0 },
  { log: 'memory', killedMs: 6500, listeningMs: 7100, neverPublished: 1 },
] as const;

it('adds shards up and reads losses from the publishes of each stretch', () => {
  const shards = [
    shard(2, (record) => {
      record.lost(0, 2010);
      record.returned(0, 2900);
      record.lost(1, 6510);
    }),
    shard(1, (record) => {
      record.lost(0, 2020);
      record.returned(0, 3100);
    }),
  ];
  const publishes = {
    intendedUs: [1e6, 2.3e6, 4.9e6, 5e6, 6.8e6, 8e6],
    delivered: [3, 1, 3, 3, 0, 2],
  };
  const { each, herd } = restartMeasurements(DONE, shards, publishes, 3, 10, true);
  expect(each[0]).toMatchObject({
    log: 'broker',
    killedAtSeconds: 2,
    awayMs: 600,
    left: 2,
    back: 2,
    allBackAfterMs: 1100,
    expected: 9,
    lost: 2,
    lostWhileAway: 2,
    neverPublished: 0,
  });
  expect(each[1]).toMatchObject({
    log: 'memory',
    left: 1,
    back: 0,
    allBackAfterMs: null,
    expected: 9,
    lost: 4,
    lostWhileAway: 3,
    neverPublished: 1,
  });
  expect([herd.left[20], herd.back[29], herd.back[31], herd.back.length]).toEqual([2, 1, 1, 32]);
});

it('has no time of return for clients that hold no connection between polls', () => {
  const [first] = restartMeasurements(
    DONE.slice(0, 1),
    [shard(1, () => {})],
    { intendedUs: [], delivered: [] },
    1,
    10,
    true,
  ).each;
  expect(first).toMatchObject({ left: 0, back: 0, allBackAfterMs: null, expected: 0 });
  expect(first!.clientAwayUs).toEqual({ p50: null, p99: null, max: null });
});

it('calls nothing resumed where nobody can ask for what was missed', () => {
  const shards = [
    shard(1, (record) => {
      record.lost(0, 2010);
      record.returned(0, 2900);
      record.delivered(0, 2899);
    }),
  ];
  const publishes = { intendedUs: [2.899e6], delivered: [1] };
  const resumed = (resumes: boolean): number[] =>
    restartMeasurements(DONE, shards, publishes, 1, 10, resumes).each.map((each) => each.resumed);
  expect(resumed(true)).toEqual([1, 0]);
  expect(resumed(false)).toEqual([0, 0]);
});
