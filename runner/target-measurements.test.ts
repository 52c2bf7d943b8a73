import { expect, it } from 'vitest';
import { measurementsSchema } from '../reports/result.js';
import { measurementsOf } from './measurements.js';
import { evidence, histogram, shardResult, table } from './testing/hand-made-evidence.js';

const silent = { publishes: { every: 1, delivered: [], table: table([]) } };

it('has no target where the server is one of ours', () => {
  expect(measurementsOf(evidence()).target).toBeUndefined();
});

it('adds up what shards heard of a foreign server', () => {
  const target = { unmarked: 2, otherRuns: 3 };
  const found = measurementsOf(evidence({ results: [shardResult({ target }), shardResult({ target })] }));
  expect(found.target).toEqual({ unmarked: 4, otherRuns: 6, gapsUs: null, backwards: null });
  expect(found.messages.lost).toBe(0);
});

it('knows no losses of a server that publishes by itself, and no latency without times', () => {
  const self = { gaps: histogram([1000, 3000]), backwards: null, rows: [5, 3] };
  const result = shardResult({
    ...silent,
    wallMs: 2200,
    latency: histogram([]),
    share: histogram([]),
    seconds: { every: 1, table: table([[], [], [], [], [], [], [], []]) },
    target: { unmarked: 0, otherRuns: 0, self },
  });
  const found = measurementsSchema.parse(measurementsOf(evidence({ results: [result, result] })));
  expect(found.messages).toEqual({
    published: null,
    expected: null,
    delivered: 16,
    lost: null,
    duplicated: null,
    reordered: null,
    perResponse: null,
  });
  expect(found.latencyUs).toMatchObject({ count: 0, p50: null, max: null });
  expect(found.measuredSeconds).toBe(2.2);
  expect(found.throughput.deliveriesPerSecond).toBeCloseTo(16 / 2.2);
  expect(found.target).toMatchObject({ gapsUs: { count: 4, max: 3000 }, backwards: null });
  expect(found.target!.gapsUs!.p50).toBe(1000);
  expect(found.timeline.map(({ delivered }) => delivered)).toEqual([10, 6]);
  expect(found.publishes.intendedUs).toEqual([]);
});

it('counts messages whose time was ahead, where messages carry one', () => {
  const self = { gaps: histogram([]), backwards: 2, rows: [] };
  const result = shardResult({ ...silent, target: { unmarked: 0, otherRuns: 0, self } });
  const found = measurementsOf(evidence({ results: [result, result] }));
  expect(found.target).toMatchObject({ gapsUs: { count: 0, p50: null }, backwards: 4 });
});
