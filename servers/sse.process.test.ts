import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { sse } from './sse.js';
import { Bench, turn } from './testing/bench.js';
import { dechunk, type RawClient } from './testing/raw-client.js';

let bench: Bench;
afterEach(() => bench.close());

const ids = (client: RawClient): number[] =>
  (dechunk(client.text).match(/(?<!event: ready\n)^id: \d{10}$/gm) ?? []).map((line) =>
    Number(line.slice(4)),
  );
const upTo = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

it('opens with a ready event that names the last message', async () => {
  bench = await Bench.start(sse);
  bench.publish();
  bench.publish();
  const client = await bench.get();
  const text = await client.until((received) => received.endsWith('\n\n\r\n'));
  const head = text.slice(0, text.indexOf('\r\n\r\n'));
  expect(head).toContain('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n');
  expect(head).toContain('\r\nAccess-Control-Allow-Origin: *');
  expect(text.slice(head.length + 4)).toBe(
    '39\r\nretry: 500\nevent: ready\nid: 0000000002\ndata: 0000000002\n\n\r\n',
  );
});

it('sends each message as one chunk with its number as id', async () => {
  bench = await Bench.start(sse);
  const client = await bench.get();
  await bench.holds(1);
  await client.until((text) => text.endsWith('\n\n\r\n'));
  client.clear();
  bench.publish();
  bench.publish(12);
  const text = await client.until((received) => received.includes('0000000002ab\n\n\r\n'));
  expect(text).toBe(
    '21\r\nid: 0000000001\ndata: 0000000001\n\n\r\n23\r\nid: 0000000002\ndata: 0000000002ab\n\n\r\n',
  );
});

it('sends the newlines of a payload as further data lines', async () => {
  bench = await Bench.start(sse);
  const client = await bench.get();
  await bench.holds(1);
  bench.feed.append(1, Buffer.from('a\nb'));
  await client.until((text) => text.includes('data: a\ndata: b\n\n'));
});

it('sends a comment each heartbeat, and none before a client has been there that long', async () => {
  bench = await Bench.start(sse, { heartbeatMs: 120 });
  const askedMs = performance.now();
  const client = await bench.get();
  await client.until((text) => text.includes('\r\n3\r\n:\n\n\r\n'));
  expect(performance.now() - askedMs).toBeGreaterThan(118);
  await client.until((text) => text.split('\r\n3\r\n:\n\n').length === 3);
  expect(performance.now() - askedMs).toBeGreaterThan(236);
});

describe('resume', () => {
  it('sends everything after the last event id first, then what is live, without a gap or a repetition', async () => {
    bench = await Bench.start(sse);
    for (let message = 0; message < 5; message++) bench.publish();
    const client = await bench.get('', 'Last-Event-ID: 0000000002');
    await bench.holds(1);
    bench.publish();
    await client.until((text) => text.includes('id: 0000000006'));
    expect(ids(client)).toEqual([3, 4, 5, 6]);
    expect(dechunk(client.text)).toContain(
      'event: ready\nid: 0000000002\ndata: 0000000005\n\nid: 0000000003',
    );
  });

  it('goes back as far as the log does, from id 0', async () => {
    bench = await Bench.start(sse);
    for (let message = 0; message < 3; message++) bench.publish();
    const client = await bench.get('', 'last-event-id: 0');
    await client.until((text) => text.includes('id: 0000000003'));
    expect(ids(client)).toEqual([1, 2, 3]);
  });

  it('takes nonsense for no id, and finds nothing after an id from the future', async () => {
    bench = await Bench.start(sse);
    bench.publish();
    const odd = ['abc', '-1', '1.5', '12345678901', '', '0x0', '0000000009', '1'];
    const clients = await Promise.all(odd.map((id) => bench.get('', `Last-Event-ID: ${id}`)));
    await bench.holds(odd.length);
    bench.publish();
    for (const client of clients) {
      await client.until((text) => text.includes('id: 0000000002'));
      expect(ids(client)).toEqual([2]);
    }
  });

  it('of a long log waits for the reader: nobody is cut off for what was missed, and live messages come after it', async () => {
    bench = await Bench.start(sse, { maxQueuedBytes: 64 * 1024 });
    for (let message = 0; message < 300; message++) bench.publish(64 * 1024);
    const client = await bench.visit(true);
    bench.ask(client, '', 'Last-Event-ID: 0');
    await bench.holds(1);
    bench.publish(64 * 1024);
    client.socket.resume();
    // Reading 19 MB piecewise into one growing text would be slow: count ids as they pass.
    const seen: number[] = [];
    let tail = '';
    await new Promise<void>((resolve) => {
      client.socket.removeAllListeners('data');
      client.socket.on('data', (data) => {
        const text = tail + data.toString('latin1');
        for (const match of text.matchAll(/(?<!event: ready\n)id: (\d{10})\n/g)) seen.push(Number(match[1]));
        tail = text.slice(-14).includes('\n')
          ? text.slice(text.lastIndexOf('\n') + 1).slice(-14)
          : text.slice(-14);
        if (seen.at(-1) === 301) resolve();
      });
    });
    expect(seen).toEqual(upTo(1, 301));
    expect(bench.server.cutOff()).toBe(0);
  });

  it('queues little for a client that catches up', async () => {
    bench = await Bench.start(sse);
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
    expect(sockets.length).toBe(1);
    expect(sockets[0]!.writableLength).toBeLessThan(512 * 1024);
  });

  it('leaves nothing of a client that goes away while it catches up', async () => {
    bench = await Bench.start(sse);
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
  bench = await Bench.start(sse, { maxQueuedBytes });
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
    const target = published * 256 * 1024;
    while (read < target) await turn();
  }
  // Kernel buffers of both ends come on top of the limit.
  expect(published * 256 * 1024).toBeGreaterThan(maxQueuedBytes);
  expect(bench.server.cutOff()).toBe(1);
  expect(bench.server.held()).toBe(1);
  stalled.socket.resume();
  await stalled.closed();
  bench.publish();
  expect(bench.server.held()).toBe(1);
});
