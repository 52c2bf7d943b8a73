import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { EventBuffer } from 'better-sse';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sseLibrary } from './sse-library.js';
import { Bench, turn } from './testing/bench.js';
import { dechunk, type RawClient } from './testing/raw-client.js';

let bench: Bench;
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.close();
});

const READY = /event:ready\nid:\d{10}\ndata:\d{10}\n\n/;

/** Sequence numbers of the messages in a response, in their order. */
const ids = (text: string): number[] =>
  [...dechunk(text).matchAll(/event:message\nid:(\d{10})\n/g)].map(([, id]) => Number(id));

/** A client whose stream has begun. */
async function listen(query = '', ...fields: string[]): Promise<RawClient> {
  const client = await bench.get(query, ...fields);
  await client.until((text) => text.includes('event:ready') && text.endsWith('\n\n\r\n'));
  return client;
}

it("opens with the library's head, its retry time, and our ready event with the id to resume from", async () => {
  bench = await Bench.start(sseLibrary);
  bench.publish();
  bench.publish();
  const { text } = await listen();
  const head = text.slice(0, text.indexOf('\r\n\r\n'));
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(head).toMatch(/^content-type: text\/event-stream$/m);
  expect(head).toMatch(/^access-control-allow-origin: \*$/m);
  expect(head).toMatch(/^cache-control: private, no-cache, no-store/m);
  expect(head).not.toMatch(/content-encoding/i);
  expect(text.slice(head.length + 4)).toBe(
    'b\r\nretry:500\n\n\r\n2b\r\nevent:ready\nid:0000000002\ndata:0000000002\n\n\r\n',
  );
});

it('sends each message as one chunk in the format of the library, our number as its id', async () => {
  bench = await Bench.start(sseLibrary);
  const client = await listen();
  client.clear();
  bench.publish();
  bench.publish(12);
  const text = await client.until((received) => received.includes('0000000002ab\n\n\r\n'));
  expect(text).toBe(
    '2d\r\nevent:message\nid:0000000001\ndata:0000000001\n\n\r\n' +
      '2f\r\nevent:message\nid:0000000002\ndata:0000000002ab\n\n\r\n',
  );
});

it('formats each event anew for every client, which is what sets the library apart', async () => {
  bench = await Bench.start(sseLibrary);
  await Promise.all([listen(), listen(), listen()]);
  await bench.holds(3);
  const formatted = vi.spyOn(EventBuffer.prototype, 'event');
  bench.publish();
  expect(formatted).toHaveBeenCalledTimes(3);
});

it('carries the lines of a payload, and what is not ASCII', async () => {
  bench = await Bench.start(sseLibrary);
  const client = await listen();
  bench.feed.append(1, Buffer.from('a\nb\r\n中\n'));
  await client.until((text) => text.includes('id:0000000001\ndata:a\ndata:b\ndata:中\ndata:\n\n'));
});

it('sends a comment each heartbeat, and none before a client has been there that long', async () => {
  bench = await Bench.start(sseLibrary, { heartbeatMs: 120 });
  const askedMs = performance.now();
  const client = await listen();
  await client.until((text) => text.includes('\r\n3\r\n:\n\n\r\n'));
  expect(performance.now() - askedMs).toBeGreaterThan(118);
  await client.until((text) => text.split('\r\n3\r\n:\n\n').length === 3);
  expect(performance.now() - askedMs).toBeGreaterThan(236);
});

describe('resume', () => {
  it('sends everything after the last event id first, then what is live, without a gap or a repetition', async () => {
    bench = await Bench.start(sseLibrary);
    for (let message = 0; message < 5; message++) bench.publish();
    const client = await bench.get('', 'Last-Event-ID: 0000000002');
    await bench.holds(1);
    bench.publish();
    await client.until((text) => text.includes('id:0000000006'));
    expect(ids(client.text)).toEqual([3, 4, 5, 6]);
    expect(dechunk(client.text)).toContain('event:ready\nid:0000000002\ndata:0000000005\n\n');
  });

  it('takes nonsense for no id, and finds nothing after an id from the future', async () => {
    bench = await Bench.start(sseLibrary);
    bench.publish();
    const odd = ['abc', '-1', '1.5', '12345678901', '', '0x0', '0000000009', '1'];
    const clients = await Promise.all(odd.map((id) => listen('', `Last-Event-ID: ${id}`)));
    bench.publish();
    for (const client of clients) {
      await client.until((text) => text.includes('id:0000000002\ndata:0000000002'));
      expect(ids(client.text)).toEqual([2]);
      expect(client.text).toMatch(READY);
    }
  });

  it('of a long log waits for the reader, and queues little for it', async () => {
    bench = await Bench.start(sseLibrary, { maxQueuedBytes: 64 * 1024 });
    for (let message = 0; message < 300; message++) bench.publish(64 * 1024);
    const sockets: Socket[] = [];
    const opened = (message: unknown): void => {
      sockets.push((message as { socket: Socket }).socket);
    };
    subscribe('net.server.socket', opened);
    const client = await bench.visit(true);
    bench.ask(client, '', 'Last-Event-ID: 0');
    await bench.holds(1);
    unsubscribe('net.server.socket', opened);
    expect(sockets[0]!.writableLength).toBeLessThan(512 * 1024);
    bench.publish(64 * 1024);

    const seen: number[] = [];
    let tail = '';
    await new Promise<void>((resolve) => {
      client.socket.removeAllListeners('data');
      client.socket.on('data', (data) => {
        const text = tail + data.toString('latin1');
        for (const [, id] of text.matchAll(/event:message\nid:(\d{10})\n/g)) seen.push(Number(id));
        tail = text.slice(text.lastIndexOf('event:')).slice(0, 27);
        if (!text.includes('event:') || /event:message\nid:\d{10}\n/.test(tail)) tail = text.slice(-5);
        if (seen.at(-1) === 301) resolve();
      });
      client.socket.resume();
    });
    expect(seen).toEqual(Array.from({ length: 301 }, (_, at) => at + 1));
    expect(bench.server.cutOff()).toBe(0);
  });

  it('leaves nothing of a client that goes away while it catches up', async () => {
    bench = await Bench.start(sseLibrary);
    for (let message = 0; message < 300; message++) bench.publish(64 * 1024);
    const client = await bench.visit(true);
    bench.ask(client, '', 'Last-Event-ID: 0');
    await bench.holds(1);
    client.destroy();
    await bench.holds(0);
  });
});

it('cuts off a client that does not read, once its queue is full, and spares the others', async () => {
  const maxQueuedBytes = 1024 * 1024;
  bench = await Bench.start(sseLibrary, { maxQueuedBytes });
  const stalled = await bench.visit(true);
  bench.ask(stalled);
  const reader = await bench.get();
  let read = 0;
  reader.socket.removeAllListeners('data');
  reader.socket.on('data', (data) => {
    read += data.length;
  });
  await bench.holds(2);
  let published = 0;
  while (bench.server.cutOff() === 0) {
    bench.publish(256 * 1024);
    published++;
    while (read < published * 256 * 1024) await turn();
  }
  expect(published * 256 * 1024).toBeGreaterThan(maxQueuedBytes);
  await bench.holds(1);
  stalled.socket.resume();
  await stalled.closed();
  bench.publish();
  expect(bench.server.cutOff()).toBe(1);
});

it('leaves nothing of a client whose connection ends before its session has begun', async () => {
  bench = await Bench.start(sseLibrary);
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  // Asked and reset in one turn: the server reads the request and the connection's end together, and the library begins a
  // session a turn of the loop after it was asked for.
  const clients = await Promise.all(Array.from({ length: 20 }, () => bench.visit()));
  for (const client of clients) {
    bench.ask(client);
    client.socket.resetAndDestroy();
  }
  for (let turns = 0; turns < 20; turns++) await turn();
  await listen();
  expect(bench.server.held()).toBe(1);
  bench.publish();
  expect(bench.server.cutOff()).toBe(0);
  expect(timers() - before).toBeLessThan(5);
});

it('answers HEAD without a stream, and refuses a request with a body', async () => {
  bench = await Bench.start(sseLibrary);
  const head = await bench.visit();
  head.send('HEAD /sse-library HTTP/1.1', 'Host: x');
  expect(await head.until((text) => text.endsWith('\r\n\r\n'))).toContain('Content-Type: text/event-stream');
  const body = await bench.get('', 'Content-Length: 3');
  expect((await body.response()).status).toBe(400);
  await body.closed();
  expect(bench.server.held()).toBe(0);
});
