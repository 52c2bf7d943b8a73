import { describe, expect, test } from 'vitest';
import type { Result } from '../result.js';
import { sampleResult } from '../testing/sample-result.js';
import { defaultRules } from './default-rules.js';
import { judgeBaseline } from './judge.js';

const BASELINE = defaultRules('baseline');

describe('a stored baseline of a target of the same name', () => {
  const aimed = (change: (target: Record<string, Record<string, unknown>>) => void = () => {}): Result => {
    const target = {
      subscribe: {
        transport: 'sse',
        path: '/events?token=abc&room=1',
        headers: { Authorization: 'Bearer abc' },
        find: { by: 'json', path: 'data' },
      },
      publish: { by: 'http', origin: { port: 1 }, method: 'POST', path: '/publish' },
    };
    change(target);
    const run = sampleResult({ seed: 2 });
    Object.assign(run.plan, { contenders: { sse: { kind: 'target', title: 'chat', target } } });
    return run;
  };

  test.each<[string, Parameters<typeof aimed>[0], string]>([
    [
      'transport',
      ({ subscribe }) => Object.assign(subscribe!, { transport: 'websocket' }),
      'The plans differ in subscribe.transport of the target sse: sse in the baseline, websocket in the new result.',
    ],
    [
      'path',
      ({ subscribe }) => Object.assign(subscribe!, { path: '/other?token=abc&room=1' }),
      'The plans differ in subscribe.path of the target sse.',
    ],
    [
      'way to publish',
      ({ publish }) => Object.assign(publish!, { path: '/other' }),
      'The plans differ in publish.path of the target sse.',
    ],
    [
      'way to find a message',
      ({ subscribe }) => Object.assign(subscribe!, { find: { by: 'json', path: 'text' } }),
      'The plans differ in subscribe.find of the target sse.',
    ],
  ])('refuses another %s', (_name, change, sentence) => {
    expect(() => judgeBaseline(aimed(), aimed(change), BASELINE)).toThrow(sentence);
  });

  test('takes one that was redacted, or publishes to another place, as the same', () => {
    const redacted = aimed(({ subscribe, publish }) => {
      Object.assign(subscribe!, {
        path: '/events?token=redacted&room=1',
        headers: { Authorization: 'redacted' },
      });
      Object.assign(publish!, { origin: { port: 2 } });
    });
    expect(judgeBaseline(aimed(), redacted, BASELINE).outcome).toBe('pass');
    expect(judgeBaseline(redacted, aimed(), BASELINE).outcome).toBe('pass');
    const other = aimed(({ subscribe }) =>
      Object.assign(subscribe!, { path: '/events?token=redacted&room=2' }),
    );
    expect(() => judgeBaseline(aimed(), other, BASELINE)).toThrow('subscribe.path');
  });
});
