import { describe, expect, it } from 'vitest';
import type { Result } from './result.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';
import { workloadSentences } from './workload-remarks.js';
import { hearersOf } from './workload-shape.js';

const of = (workload: string, workloadOptions?: Record<string, number>): Result => {
  const result = sampleResult({ scenarios: ['polling', 'websocket'] });
  return { ...result, plan: { ...result.plan, workload, ...(workloadOptions ? { workloadOptions } : {}) } };
};
const question = (result: Result): string => viewOf(result).question;

describe('the question of a run', () => {
  it.each([
    ['unicast', undefined, '10 messages a second, each for one client, 10 bytes each'],
    ['unicast', { topics: 50 }, '10 messages a second, each for one of 50 topics, 10 bytes each'],
    ['unicast', { topics: 1 }, '10 messages a second, each for one of 1 topic, 10 bytes each'],
    ['burst', { burst: 20 }, '10 messages a second, in bursts of 20, 10 bytes each'],
    ['echo', undefined, '10 exchanges a second, 10 bytes each'],
    ['broadcast', undefined, '10 messages a second, 10 bytes each'],
  ])('says how the messages of %s with %j are shaped', (workload, options, phrase) => {
    expect(question(of(workload, options))).toContain(`, ${phrase}: `);
  });
});

describe('the question of a run in which something happens to its clients', () => {
  it.each([
    ['churn', { churn: 12 }, '10 messages a second, 10 bytes each, 12 visitors a second beside them: what'],
    ['churn', { churn: 1 }, ', 1 visitor a second beside them: what'],
    ['restart', { down: 200 }, ', a server that is killed twice and stays away for 200 ms: what'],
    ['slow-readers', { slow: 10 }, ', 10 % of them slow readers: what'],
    [
      'overload',
      { admit: 10 },
      '0 to 20 messages a second, 10 bytes each, a server that admits 10 connections: what',
    ],
  ])('says of %s with %j what happens', (workload, options, phrase) => {
    expect(question(of(workload, options)).replace(/[\u00a0\u202f]/g, ' ')).toContain(phrase);
  });

  it('says how fast a slow overload is at its end', () => {
    const result = of('overload', { admit: 1 });
    expect(question({ ...result, plan: { ...result.plan, ratePerSecond: 0.25 } })).toContain(
      'one message every 2 seconds at the end',
    );
  });
});

describe('what is said of a workload', () => {
  const said = (result: Result): string[] => workloadSentences(result, viewOf(result));

  it('is for unicast how much of its bytes are polls for nothing', () => {
    const result = of('unicast');
    const read = result.summary.find(({ scenario }) => scenario === 'polling')!.metrics;
    const wide = { median: 150, min: 150, max: 150, low: null, high: null };
    for (const path of ['wire.perDelivery.up.idle', 'wire.perDelivery.down.idle']) read[path] = wide;
    read['wire.perDelivery.bothWays'] = { ...wide, median: 400 };
    const sentences = said(result).map((sentence) => sentence.replace(/[\u00a0\u202f]/g, ' '));
    expect(sentences).toEqual([
      'Every poll pays and few messages share it: polls that brought nothing are 300 B of 400 B a message with Polling (75 %).',
    ]);
  });

  it('is nothing for unicast where nobody polls', () => {
    const result = of('unicast');
    const trials = result.trials.filter(({ scenario }) => scenario === 'websocket');
    const summary = result.summary.filter(({ scenario }) => scenario === 'websocket');
    expect(said({ ...result, trials, summary })).toEqual([]);
  });

  it('is for echo that times are round trips', () => {
    expect(said(of('echo'))[0]).toContain('round trips');
  });

  it('is nothing for a broadcast', () => {
    expect(said(of('broadcast'))).toEqual([]);
  });
});

describe('the tail of a run of bursts', () => {
  it('rests on its bursts, not on its messages', () => {
    expect(viewOf(of('broadcast')).tail.publishes).toBe(100);
    expect(viewOf(of('burst', { burst: 30 })).tail.publishes).toBe(4);
  });
});

it('a message has as many hearers as its topic has clients', () => {
  const plan = (workload: string, topics?: number) => ({
    workload,
    clients: [100],
    ...(topics ? { workloadOptions: { topics } } : {}),
  });
  expect([hearersOf(plan('broadcast'), 100), hearersOf(plan('unicast'), 100)]).toEqual([100, 1]);
  expect([hearersOf(plan('unicast', 20), 100), hearersOf(plan('echo'), 100)]).toEqual([5, 1]);
});
