import { expect, test } from 'vitest';
import { resultSchema } from '../result.js';
import { HOSTILE, type SampleOptions, sampleResult } from './sample-result.js';

const variants: [string, SampleOptions][] = [
  ['the default', {}],
  ['a sweep', { clients: [500, 1000, 2000], trials: 5 }],
  ['an idle workload', { workload: 'idle' }],
  ['one slow publish a minute', { ratePerSecond: 0.1, durationSeconds: 10 }],
  ['void, failed and skipped trials', { void: ['sse/2'], failed: ['websocket/1'], skipped: ['polling/3'] }],
  ['hostile strings', { hostile: true, void: ['sse/2'], failed: ['websocket/1'] }],
  ['losses down to the last message', { clients: [10], lost: { sse: 1e9, polling: 7, longpoll: 1e9 } }],
  ['a large payload', { payloadBytes: 65_536 }],
];

test.each(variants)('%s is valid after the schema', (_name, options) => {
  expect(resultSchema.safeParse(sampleResult(options)).error).toBeUndefined();
});

test.each(variants)('in %s the layers add up to the totals', (_name, options) => {
  for (const trial of sampleResult(options).trials) {
    if (trial.status !== 'completed' && trial.status !== 'void') continue;
    const { wire, messages } = trial.measurements;
    expect(wire.totals).toEqual(wire.sockets);
    if (!wire.perDelivery) continue;
    for (const side of ['up', 'down'] as const) {
      const { total, ...layers } = wire.perDelivery[side];
      expect(Object.values(layers).reduce((sum, bytes) => sum + bytes, 0)).toBeCloseTo(total, 6);
      expect(total * messages.delivered).toBeCloseTo(wire.totals[side], 3);
    }
  }
});

test('the same options give the same document', () => {
  expect(sampleResult({ hostile: true })).toEqual(sampleResult({ hostile: true }));
});

test('a hostile sample holds hostile text in every free string', () => {
  const result = sampleResult({ hostile: true, failed: ['sse/1'] });
  const free = [
    result.tool.name,
    result.command.join(' '),
    result.environment.cpuModel,
    result.plan.workload,
    result.trials[0]?.scenario,
    result.scenarioInfo[0]?.title,
    result.summary[0]?.scenario,
    result.trials.find((trial) => trial.status === 'failed')?.reasons[0]?.message,
  ];
  for (const text of free) expect(text).toContain(HOSTILE);
});
