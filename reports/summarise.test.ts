import { expect, test } from 'vitest';
import type { Trial } from './result.js';
import { summarise } from './summarise.js';
import { sampleResult } from './testing/sample-result.js';

const p50s = (trials: readonly Trial[], scenario: string): (number | null)[] =>
  trials.flatMap((trial) =>
    trial.scenario === scenario && trial.status === 'completed' ? [trial.measurements.latencyUs.p50] : [],
  );

test('each scenario and number of clients has one row, in the order of the trials', () => {
  const { trials } = sampleResult({ clients: [500, 1000], scenarios: ['sse', 'polling'] });
  expect(summarise(trials).map(({ scenario, clients, trials: n }) => [scenario, clients, n])).toEqual([
    ['sse', 500, 3],
    ['polling', 500, 3],
    ['sse', 1000, 3],
    ['polling', 1000, 3],
  ]);
});

test('void, failed and skipped trials do not touch a summary', () => {
  const { trials } = sampleResult({ trials: 4, void: ['sse/1'], failed: ['sse/2'], skipped: ['polling/1'] });
  const sse = summarise(trials).find(({ scenario }) => scenario === 'sse')!;
  const kept = p50s(trials, 'sse') as number[];
  expect(sse.trials).toBe(2);
  expect(kept).toHaveLength(2);
  expect(sse.metrics['latencyUs.p50']).toEqual({
    median: (kept[0]! + kept[1]!) / 2,
    min: Math.min(...kept),
    max: Math.max(...kept),
    low: null,
    high: null,
  });
});

test('a contestant without a completed trial has no row', () => {
  const { trials } = sampleResult({ trials: 1, failed: ['iframe/1'] });
  expect(summarise(trials).map(({ scenario }) => scenario)).not.toContain('iframe');
});

test('a metric that is null in one trial rests on the others, and in all trials is absent', () => {
  const { trials } = sampleResult({ scenarios: ['sse'] });
  for (const [at, trial] of trials.entries()) {
    if (trial.status !== 'completed') throw new Error('the sample has completed trials');
    trial.measurements.memory.server.bytesPerClient = null;
    trial.measurements.cpu.serverMicrosPerDelivery = at === 0 ? null : 5 + at;
  }
  const [sse] = summarise(trials);
  expect(sse!.metrics).not.toHaveProperty(['memory.server.bytesPerClient']);
  expect(sse!.metrics['cpu.serverMicrosPerDelivery']).toMatchObject({ median: 6.5, min: 6, max: 7 });
});

test('every metric that reports and gates read has its path', () => {
  const [polling] = summarise(sampleResult({ pollIntervalMs: 50 }).trials);
  const paths = Object.keys(polling!.metrics);
  expect(paths).toEqual(
    expect.arrayContaining([
      ...['p50', 'p90', 'p99', 'p999', 'max', 'mean'].map((name) => `latencyUs.${name}`),
      'generatorShareUs.p99',
      'throughput.deliveriesPerSecond',
      'throughput.wireBytesPerSecond',
      'requests.perDelivery',
      ...['payload', 'header', 'framing', 'idle', 'handshake', 'total'].flatMap((layer) => [
        `wire.perDelivery.up.${layer}`,
        `wire.perDelivery.down.${layer}`,
      ]),
      'wire.perDelivery.bothWays',
      ...['hit', 'empty'].flatMap((kind) => [`wire.exchange.${kind}.up`, `wire.exchange.${kind}.down`]),
      'wire.handshakePerClient.up',
      'wire.handshakePerClient.down',
      'cpu.serverMicrosPerDelivery',
      'cpu.generatorMicrosPerDelivery',
      'memory.server.bytesPerClient',
      'memory.generator.bytesPerClient',
      'memory.server.peakBytes',
      'connect.perSecond',
      'connect.p99Us',
      ...['lost', 'duplicated', 'reordered', 'perResponse'].map((name) => `messages.${name}`),
      'health.generatorUtilization',
      'health.publisherLagP99Us',
    ]),
  );
  expect(paths).not.toContain('latencyUs.histogram');
  expect(paths).not.toContain('health.limitedBy');
});

test('five trials are the fewest with intervals', () => {
  const [four] = summarise(sampleResult({ trials: 4, scenarios: ['sse'] }).trials);
  const [five] = summarise(sampleResult({ trials: 5, scenarios: ['sse'] }).trials);
  expect(four!.metrics['latencyUs.p50']?.low).toBeNull();
  const { low, median, high } = five!.metrics['latencyUs.p50']!;
  expect(low).toBeLessThanOrEqual(median);
  expect(high).toBeGreaterThanOrEqual(median);
});

test('a field named after the prototype does not reach the summary', () => {
  const { trials } = sampleResult({ scenarios: ['sse'], trials: 1 });
  const [trial] = trials;
  if (trial?.status !== 'completed') throw new Error('the sample has completed trials');
  Object.defineProperty(trial.measurements.health, '__proto__', { value: { evil: 1 }, enumerable: true });
  const [sse] = summarise(trials);
  expect(Object.getPrototypeOf(sse!.metrics)).toBe(Object.prototype);
  expect(Object.keys(sse!.metrics).join()).not.toContain('evil');
});
