import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VirtualClient } from '../contract.js';
import { DOWN, Ledger } from '../ledger.js';
import { scenarios } from '../registry.js';
import { FakeSocket } from '../testing/fake-socket.js';
import { feed, wire } from '../testing/pieces.js';
import { sharedContext } from '../testing/shared-context.js';
import { response } from '../testing/wire-format.js';
import { HttpResponseParser } from './http-response.js';

vi.mock('./wire-socket.js', async () => {
  const { FakeSocket } = await import('../testing/fake-socket.js');
  return { WireSocket: FakeSocket };
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a parser makes of Retry-After fields, at the end of the head. */
function read(fields: readonly string[], cuts: readonly number[] = []): number {
  let found = -1;
  const parser: HttpResponseParser = new HttpResponseParser(
    {
      ledger: new Ledger(),
      head: () => {
        found = parser.retryAfterMs;
      },
      body: () => {},
      chunkEnd: () => {},
      end: () => {},
      fault: (message) => {
        throw new Error(message);
      },
    },
    DOWN.header,
  );
  feed(
    wire(response('503 Service Unavailable', [...fields, 'Content-Length: 0'])),
    cuts,
    '7',
    (buffer, start, end) => {
      parser.eat(buffer, start, end);
      return true;
    },
  );
  return found;
}

describe('Retry-After', () => {
  it.each([
    [[], 0],
    [['Retry-After: 1'], 1000],
    [['retry-after:  120 '], 120_000],
    [['Retry-After: 999999999999'], 86_400_000],
    [['Retry-After: Fri, 31 Dec 1999 23:59:59 GMT'], 0],
    [['Retry-After: 1', 'X-Other: 9'], 1000],
    [['Retry-After:'], 0],
  ])('of %j is %d ms', (fields, expected) => {
    expect(read(fields)).toBe(expected);
  });

  it('is the same wherever the bytes are cut', () => {
    for (let cut = 1; cut < 60; cut++) expect(read(['Retry-After: 17'], [cut]), `cut at ${cut}`).toBe(17_000);
  });

  it('is not kept for the next answer', () => {
    expect(read(['Retry-After: 3'])).toBe(3000);
    expect(read([])).toBe(0);
  });
});

const FULL = response(
  '503 Service Unavailable',
  ['Retry-After: 2', 'Connection: close', 'Content-Length: 5'],
  'full\n',
);

describe.each([
  'longpoll',
  'iframe',
  'sse',
  'websocket',
  'websocket-raw',
  'polling',
  'polling-close',
] as const)('%s', (id) => {
  function visit() {
    FakeSocket.made.length = 0;
    let client: VirtualClient;
    const context = sharedContext(() => client.timer(), { pollIntervalMs: 50 });
    client = scenarios[id].createClient(context, 0);
    client.open();
    return { client, told: context.events.told };
  }

  it('comes back when the server said, not before, and no later for having been asked often', () => {
    const { told, client } = visit();
    for (let times = 1; times <= 3; times++) {
      FakeSocket.made.at(-1)!.accept();
      // Pollers ask at their own time.
      vi.advanceTimersByTime(100);
      FakeSocket.made.at(-1)!.send(FULL);
      expect(told.at(-1) === 'disconnected 0' || told.at(-1) === 'failed 0 http-503', told.join()).toBe(true);
      vi.advanceTimersByTime(1990);
      expect(FakeSocket.made).toHaveLength(times);
      // The share that is drawn by lot is a first back-off at most: here 100 ms.
      vi.advanceTimersByTime(115);
      expect(FakeSocket.made).toHaveLength(times + 1);
    }
    client.close();
  });
});
