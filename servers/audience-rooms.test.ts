import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Audience } from './audience.js';

class Listener extends EventEmitter {
  readonly heard: string[] = [];
  writableLength = 0;
  writableEnded = false;
  destroyed = false;

  write(data: Buffer): void {
    this.heard.push(data.toString());
  }

  destroy(): void {
    this.destroyed = true;
  }
}

const asSocket = (listener: Listener): Socket => listener as unknown as Socket;

it('writes to the listeners of a topic only, whoever came and went before', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), topic: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('remove' as const), which: fc.nat(30) }),
    fc.record({ do: fc.constant('say' as const), topic: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('cut' as const), which: fc.nat(30) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const audience = new Audience(100);
      const there: { listener: Listener; topic: number; expected: string[] }[] = [];
      let cut = 0;
      steps.forEach((each, at) => {
        if (each.do === 'add') {
          const listener = new Listener();
          audience.add(asSocket(listener), null, each.topic);
          there.push({ listener, topic: each.topic, expected: [] });
        } else if (each.do === 'say') {
          const stalled = there.filter(
            ({ listener, topic }) => topic === each.topic && listener.writableLength > 100,
          );
          cut += stalled.length;
          for (const one of stalled) there.splice(there.indexOf(one), 1);
          for (const one of there) if (one.topic === each.topic) one.expected.push(`${at}`);
          audience.broadcast(Buffer.from(`${at}`), each.topic);
          for (const { listener } of stalled) expect(listener.destroyed).toBe(true);
        } else if (there.length > 0) {
          const one = there[each.which % there.length]!;
          if (each.do === 'cut') {
            one.listener.writableLength = 101;
          } else {
            audience.remove(asSocket(one.listener));
            there.splice(there.indexOf(one), 1);
          }
        }
        for (const { listener, expected } of there) expect(listener.heard).toEqual(expected);
        expect([audience.size, audience.cutOff]).toEqual([there.length, cut]);
        for (const topic of [1, 2, 3])
          expect(audience.isDeaf(topic)).toBe(!there.some((one) => one.topic === topic));
      });
    }),
  );
});

it('has all topics in one list for what is for everybody', () => {
  const audience = new Audience(100);
  const listeners = [1, 2, 1].map((topic) => {
    const listener = new Listener();
    audience.add(asSocket(listener), null, topic);
    return listener;
  });
  audience.broadcast(Buffer.from('all'));
  expect(listeners.map(({ heard }) => heard)).toEqual([['all'], ['all'], ['all']]);
  audience.close();
  expect([audience.size, audience.isDeaf(1), listeners.every(({ destroyed }) => destroyed)]).toEqual([
    0,
    true,
    true,
  ]);
});

it('keeps a room whole whoever leaves it, in any order', () => {
  const orders = [0, 1, 2].flatMap((a) => [0, 1, 2].filter((b) => b !== a).map((b) => [a, b, 3 - a - b]));
  for (const order of orders) {
    const audience = new Audience(100);
    const listeners = [0, 1, 2].map(() => new Listener());
    for (const listener of listeners) audience.add(asSocket(listener), null, 1);
    order.forEach((leaver, gone) => {
      audience.remove(asSocket(listeners[leaver]!));
      audience.broadcast(Buffer.from(`${gone}`), 1);
    });
    order.forEach((leaver, gone) => {
      expect(listeners[leaver]!.heard).toEqual(['0', '1', '2'].slice(0, gone));
    });
    expect(audience.isDeaf(1)).toBe(true);
  }
});
