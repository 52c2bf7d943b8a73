import { afterEach, describe, expect, it } from 'vitest';
import type { ServerSettings } from './contract.js';
import { sampleHandlers } from './handlers.js';
import { longpoll } from './longpoll.js';
import { polling } from './polling.js';
import { sse } from './sse.js';
import { Bench, turn } from './testing/bench.js';
import type { RawClient } from './testing/raw-client.js';
import { websocket } from './websocket.js';

let bench: Bench;
afterEach(() => bench.close());

/** Settings of their own for each test: handlers belong to the settings they were asked for with. */
const handlers = (count: number, delayMs: number): Partial<ServerSettings> => ({
  handlers: { count, delayMs },
});

const UPGRADE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

const elapsed = async (work: Promise<unknown>): Promise<number> => {
  const startMs = performance.now();
  await work;
  return performance.now() - startMs;
};

describe('a server with handlers', () => {
  it('answers a request when its handler is done with it, and the next one after that', async () => {
    bench = await Bench.start(polling, handlers(1, 60));
    const [first, second] = [await bench.get('?since=0'), await bench.get('?since=0')];
    const order: string[] = [];
    const answer = (client: RawClient, name: string) => client.response().then(() => order.push(name));
    const took = await elapsed(Promise.all([answer(first, 'first'), answer(second, 'second')]));
    expect(order).toEqual(['first', 'second']);
    expect(took).toBeGreaterThan(100);
    expect(sampleHandlers()).toMatchObject({ served: 2, longestQueue: 1 });
  });

  it('holds a long poll by its handler for the delay only', async () => {
    bench = await Bench.start(longpoll, handlers(1, 5));
    const held = [await bench.get(), await bench.get(), await bench.get()];
    await bench.holds(3);
    bench.publish();
    for (const client of held) expect((await client.response()).body).toBe('0000000001');
  });

  it.each([
    ['an event stream', sse, [] as string[], 'id: 0000000001'],
    ['a WebSocket', websocket, UPGRADE, '0000000001'],
  ] as const)(
    'opens %s when its turn has come, and publishes over an open one without a handler',
    async (...[, definition, fields, message]) => {
      bench = await Bench.start(definition, handlers(1, 200));
      const open = await bench.get('', ...fields);
      await bench.holds(1);
      const waits = await bench.get('', ...fields);
      // Its handler has begun.
      while (sampleHandlers()!.served < 2) await turn();
      const took = await elapsed(
        (async () => {
          bench.publish();
          await open.until((text) => text.includes(message));
        })(),
      );
      // The only handler is busy all the while.
      expect(took).toBeLessThan(150);
      expect(bench.server.held()).toBe(1);
      expect(waits.text).toBe('');
      await bench.holds(2);
    },
  );

  it.each([
    ['polls', polling, [] as string[]],
    ['asks for an upgrade', websocket, UPGRADE],
  ] as const)(
    'forgets a client that %s and resets its connection while it waits',
    async (...[, definition, fields]) => {
      // Time enough for two more requests and a reset on a busy machine.
      bench = await Bench.start(definition, handlers(1, 400));
      const first = await bench.get('', ...fields);
      const leaves = await bench.get('', ...fields);
      const last = await bench.get('', ...fields);
      // All three requests have been read once two of them wait.
      while (sampleHandlers()!.longestQueue < 2) await turn();
      leaves.socket.resetAndDestroy();
      await first.until((text) => text !== '');
      await last.until((text) => text !== '');
      expect(sampleHandlers()).toMatchObject({ served: 2 });
    },
  );
});
