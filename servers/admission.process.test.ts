import { afterEach, describe, expect, it } from 'vitest';
import { servers } from './registry.js';
import { Bench } from './testing/bench.js';
import type { RawClient } from './testing/raw-client.js';

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
];
const upgrades = (id: string): boolean => id.startsWith('websocket');

let bench: Bench | undefined;
afterEach(() => bench?.close());

/** Servers whose path one GET opens; the others have their own handshake. */
const plain = Object.keys(servers).filter((id) => !id.startsWith('socketio')) as (keyof typeof servers)[];

describe.each(plain)('%s with an admission limit of two', (id) => {
  // A long poll that has seen nothing is answered at once when there is something.
  const query = id === 'longpoll' ? '?since=0000000000' : '';
  const ask = (client: RawClient): void => bench!.ask(client, query, ...(upgrades(id) ? UPGRADE : []));
  const head = async (client: RawClient): Promise<string> =>
    (await client.until((text) => text.includes('\r\n\r\n'), 'a head')).split('\r\n\r\n')[0]!;

  it('answers the third connection 503 with Retry-After and ends it; the others are unaffected, and one that leaves makes room', async () => {
    bench = await Bench.start(servers[id], { admission: 2 });
    const [one, two, three] = [await bench.visit(), await bench.visit(), await bench.visit()];
    ask(three);
    const refused = await head(three);
    expect(refused).toMatch(/^HTTP\/1\.1 503 /);
    expect(refused).toMatch(/\r\nRetry-After: 1(\r\n|$)/);
    expect(refused).toMatch(/\r\nConnection: close(\r\n|$)/);
    await three.closed();
    expect(three.text).toMatch(/\r\n\r\nThe server is full\.\n$/);

    bench.publish();
    ask(one);
    expect(await head(one)).toMatch(upgrades(id) ? /^HTTP\/1\.1 101 / : /^HTTP\/1\.1 20[04] /);

    two.destroy();
    let four: RawClient;
    let status: string;
    // The server hears of the end in a turn of its own.
    do {
      four = await bench.visit();
      ask(four);
      status = await head(four);
    } while (status.startsWith('HTTP/1.1 503'));
    expect(status).toMatch(upgrades(id) ? /^HTTP\/1\.1 101 / : /^HTTP\/1\.1 20[04] /);
  });
});

it('admits everybody without a limit', async () => {
  bench = await Bench.start(servers.sse);
  const clients = await Promise.all(Array.from({ length: 20 }, () => bench!.get()));
  await bench.holds(20);
  expect(clients.every(({ ended }) => !ended)).toBe(true);
});
