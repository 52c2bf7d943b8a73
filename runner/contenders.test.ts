import { describe, expect, it } from 'vitest';
import { contenderOf, scenarioInfo, scenarioOf } from './contenders.js';

const contenders = {
  base: { kind: 'reference', title: 'base: WebSocket', scenario: 'websocket', hostEntry: '/a/host.js' },
  head: { kind: 'reference', title: 'head: Server-sent events', scenario: 'sse' },
} as const;

describe('the contenders of a plan', () => {
  it('are the scenarios of the registry where the plan says nothing else', () => {
    expect(contenderOf({}, 'sse')).toEqual({
      kind: 'reference',
      scenario: 'sse',
      title: 'Server-sent events',
    });
    expect(scenarioOf({}, 'sse')?.id).toBe('sse');
    expect(contenderOf({}, 'constructor')).toBeUndefined();
    expect(scenarioOf({}, 'nobody')).toBeUndefined();
  });

  it('may have names of their own, which behave as the scenario that they name', () => {
    expect(scenarioOf({ contenders }, 'base')?.id).toBe('websocket');
    expect(contenderOf({ contenders }, 'base')).toMatchObject({ hostEntry: '/a/host.js' });
    expect(scenarioOf({ contenders }, 'sse')?.id).toBe('sse');
    expect(contenderOf({ contenders }, 'toString')).toBeUndefined();
  });

  it('stand in the result in the order of the registry, the plan’s own behind them, each with a colour of its own', () => {
    const info = scenarioInfo({ scenarios: ['head', 'base', 'sse', 'polling'], contenders });
    expect(info.map(({ id }) => id)).toEqual(['polling', 'sse', 'base', 'head']);
    expect(info.map(({ family }) => family)).toEqual(['polling', 'streaming', 'socket', 'streaming']);
    expect(new Set(info.map(({ order }) => order)).size).toBe(4);
  });
});
