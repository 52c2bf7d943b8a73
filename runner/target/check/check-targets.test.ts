import { expect, it } from 'vitest';
import { calledName } from '../called-name.js';
import { namedTargetsOf } from '../plan-targets.js';
import { chatTarget } from '../testing/chat-target.js';
import { listenMsOf } from './check-targets.js';

it('listens to a server that publishes by itself for as long as a trial, and five seconds at least', () => {
  expect(listenMsOf({ durationSeconds: 0.5 })).toBe(5_000);
  expect(listenMsOf({ durationSeconds: 30 })).toBe(30_000);
});

it('goes by the names of the plan: both arms of a comparison may be of one target', () => {
  const arm = (title: string) => ({
    kind: 'target' as const,
    title,
    target: chatTarget({ called: title }),
    run: '0badcafe',
  });
  const plan = {
    scenarios: ['base', 'sse', 'head'],
    contenders: { base: arm('base: Chat'), head: arm('head: Chat') },
  };
  expect(namedTargetsOf(plan).map(([id, { target }]) => [id, calledName(target)])).toEqual([
    ['base', 'base: Chat'],
    ['head', 'head: Chat'],
  ]);
});
