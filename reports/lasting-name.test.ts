import { describe, expect, it } from 'vitest';
import { lastingName } from './lasting-name.js';
import type { Result } from './result.js';
import { sampleResult } from './testing/sample-result.js';

const plain = sampleResult({ trials: 1, scenarios: ['sse'] });

function having(contender: object, title: string): Result {
  return {
    ...plain,
    scenarioInfo: [{ id: 'head', title, family: 'streaming' }],
    plan: { ...plain.plan, contenders: { head: contender as { kind: string; title: string } } },
  };
}

describe('lastingName', () => {
  it('is the name and title of the registry in an ordinary run', () => {
    expect(lastingName(plain, 'sse')).toEqual({ name: 'sse', title: 'Server-sent events' });
    expect(lastingName(plain, 'unknown')).toEqual({ name: 'unknown', title: 'unknown' });
    expect(lastingName(plain, '__proto__')).toEqual({ name: '__proto__', title: '__proto__' });
  });

  it('is the transport or the target behind an arm, not the arm and not the commit', () => {
    const reference = { kind: 'reference', title: 'head: iframe streaming', scenario: 'iframe' };
    expect(lastingName(having(reference, 'head: iframe streaming'), 'head')).toEqual({
      name: 'iframe',
      title: 'iframe streaming',
    });
    const target = {
      kind: 'target',
      title: 'head: Chat, git:HEAD (c0ffee)',
      target: { name: 'chat', title: 'Chat' },
    };
    expect(lastingName(having(target, target.title), 'head')).toEqual({ name: 'chat', title: 'Chat' });
  });

  it('is what stands there where the document does not say more', () => {
    expect(lastingName(having({ kind: 'target', title: 'x', target: null }, 'x'), 'head')).toEqual({
      name: 'head',
      title: 'x',
    });
  });
});
