import { describe, expect, test } from 'vitest';
import { sampleResult } from '../testing/sample-result.js';
import type { RuleVerdict } from './contract.js';
import { defaultRules } from './default-rules.js';
import { judgeBaseline, judgeComparison } from './judge.js';
import { sampleComparison } from './testing/sample-comparison.js';
import { verdictOn } from './testing/verdict-on.js';

const BASELINE = defaultRules('baseline');

describe('what chance decides', () => {
  const METRIC = 'wire.exchange.empty.down';
  const polled = (having: { base: number; head: number }, trials: number, hasBytes = true): RuleVerdict => {
    const run = (seed: number, count: number) => {
      const result = sampleResult({ seed, scenarios: ['polling'], trials });
      for (const trial of result.trials) {
        if (trial.status !== 'completed') continue;
        const isIn = trial.trial <= count;
        trial.measurements.requests.empty = isIn ? 1 : 0;
        trial.measurements.wire.exchange!.empty = isIn && hasBytes ? { up: 44, down: 111 } : null;
      }
      return result;
    };
    const [base, head] = [run(1, having.base), run(2, having.head)];
    return verdictOn(judgeBaseline(base, head, BASELINE), METRIC);
  };

  test.each([
    [{ base: 1, head: 0 }, 12],
    [{ base: 0, head: 1 }, 12],
    [{ base: 3, head: 0 }, 3],
  ])('whether a poll is empty, in %j of so many trials: %i, is not judged', (having, trials) => {
    expect(polled(having, trials)).toMatchObject({ verdict: 'not judged' });
  });

  test('what all trials of one side have and none of the other is hardly chance', () => {
    expect(polled({ base: 6, head: 0 }, 6)).toMatchObject({
      verdict: 'inconclusive',
      message:
        'Cannot be judged: the head had no empty poll in 6 trials, the base in 6 of 6 trials, which is hardly chance.',
    });
  });

  test('a head that had empty polls and no bytes of them fails', () => {
    const [base, head] = [1, 2].map((seed) => sampleResult({ seed, scenarios: ['polling'] }));
    for (const trial of [...base!.trials, ...head!.trials]) {
      if (trial.status !== 'completed') continue;
      trial.measurements.requests.empty = 1;
      trial.measurements.wire.exchange!.empty = base!.trials.includes(trial) ? { up: 44, down: 111 } : null;
    }
    expect(verdictOn(judgeBaseline(base!, head!, BASELINE), METRIC).verdict).toBe('fail');
  });

  test('answers that all hold several messages have no bytes of a single one', () => {
    const [base, head] = [1, 2].map((seed) => sampleResult({ seed, scenarios: ['polling'] }));
    for (const trial of head!.trials) {
      if (trial.status !== 'completed') continue;
      trial.measurements.wire.exchange!.hit = null;
      trial.measurements.messages.perResponse = 2.5;
    }
    const verdict = (): string =>
      verdictOn(judgeBaseline(base!, head!, BASELINE), 'wire.exchange.hit.up').verdict;
    expect(verdict()).toBe('not judged');
    for (const trial of head!.trials)
      if (trial.status === 'completed') trial.measurements.messages.perResponse = 1;
    expect(verdict()).toBe('fail');
  });

  const TOTAL = 'wire.perDelivery.down.total';
  const beating = (rounds: number, part: 'idle' | 'handshake' = 'idle'): RuleVerdict =>
    verdictOn(
      judgeComparison(
        sampleComparison({
          head: ({ wire }, round) => {
            if (round > rounds) return;
            wire.perDelivery!.down[part] += 0.1;
            wire.perDelivery!.down.total += 0.1;
          },
        }),
        defaultRules('comparison'),
      ),
      TOTAL,
    );

  test('a heartbeat in some trials of the head alone is inconclusive, in all of them a change', () => {
    expect(beating(1)).toMatchObject({ verdict: 'inconclusive' });
    expect(beating(1).message).toContain('Heartbeats fell into the window of 1 of 12 trials of the head');
    expect(beating(12).verdict).toBe('fail');
    expect(beating(0).verdict).toBe('pass');
  });

  test('reconnects of the head alone are no chance', () => {
    expect(beating(1, 'handshake').verdict).toBe('fail');
  });

  test.each([
    ['as the base once did', [0, 0, 5], [5, 5, 5], 'inconclusive', 'cannot tell'],
    ['less on the average', [0, 5, 5], [0, 0, 5], 'pass', 'cannot tell'],
    ['as much', [0, 0, 5], [5, 0, 0], 'pass', 'cannot tell'],
    ['more than the base ever did', [0, 0, 5], [0, 0, 6], 'fail', 'worse'],
  ] as const)(
    'of a base that loses now and then, a head that loses %s',
    (_name, base, head, verdict, word) => {
      const run = (seed: number, lost: readonly number[]) => {
        const result = sampleResult({ seed, scenarios: ['sse'] });
        for (const trial of result.trials)
          if (trial.status === 'completed') trial.measurements.messages.lost = lost[trial.trial - 1]!;
        return result;
      };
      expect(verdictOn(judgeBaseline(run(1, base), run(2, head), BASELINE), 'messages.lost')).toMatchObject({
        verdict,
        word,
      });
    },
  );

  test('clients that connected are counted the other way', () => {
    const run = (seed: number, connected: readonly number[]) => {
      const result = sampleResult({ seed, scenarios: ['sse'] });
      for (const trial of result.trials)
        if (trial.status === 'completed') trial.measurements.clients.connected = connected[trial.trial - 1]!;
      return result;
    };
    const verdict = verdictOn(
      judgeBaseline(run(1, [1000, 1000, 990]), run(2, [990, 990, 990]), BASELINE),
      'clients.connected',
    );
    expect(verdict).toMatchObject({ verdict: 'inconclusive' });
    expect(verdict.message).toBe(
      'The base has not one value itself (990 to 1,000, on the average 997), and the head is worse on the whole (990, on the average 990): nobody can tell whether that is chance.',
    );
  });
});
