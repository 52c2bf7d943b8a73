import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Bench, turn } from './testing/bench.js';
import type { RawClient } from './testing/raw-client.js';
import { websocket } from './websocket.js';
import { websocketRaw } from './websocket-raw.js';

let bench: Bench;
afterEach(() => bench.close());

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const UPGRADE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  `Sec-WebSocket-Key: ${KEY}`,
  'Sec-WebSocket-Version: 13',
];
/** A masked client frame with mask 0 (which leaves the payload as it is). */
const frame = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);

async function upgraded(paused = false): Promise<RawClient> {
  const client = await bench.visit(paused);
  bench.ask(client, '', ...UPGRADE);
  if (paused) return client;
  await client.until((text) => text.includes('\r\n\r\n'));
  client.received = client.received.subarray(client.text.indexOf('\r\n\r\n') + 4);
  return client;
}

describe.each([websocket, websocketRaw])('$id', (server) => {
  it('upgrades with the digest of RFC 6455 and without extensions', async () => {
    bench = await Bench.start(server);
    const client = await bench.get('', ...UPGRADE, 'Sec-WebSocket-Extensions: permessage-deflate');
    const head = await client.until((text) => text.endsWith('\r\n\r\n'));
    expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    const accept = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    expect(head).toContain(`\r\nSec-WebSocket-Accept: ${accept}\r\n`);
    expect(head).not.toContain('Extensions');
    await bench.holds(1);
  });

  it('sends each message as one text frame, framed by 2, 4 or 10 bytes', async () => {
    bench = await Bench.start(server);
    const client = await upgraded();
    await bench.holds(1);
    for (const [bytes, header] of [
      [10, [0x81, 10]],
      [125, [0x81, 125]],
      [126, [0x81, 126, 0, 126]],
      [65_535, [0x81, 126, 0xff, 0xff]],
      [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
    ] as const) {
      client.clear();
      bench.publish(bytes);
      await client.until(() => client.received.length >= header.length + bytes);
      expect(client.received.length).toBe(header.length + bytes);
      expect([...client.received.subarray(0, header.length)]).toEqual([...header]);
      expect(client.received.toString('latin1', header.length, header.length + 10)).toBe(
        String(bench.feed.lastSequence).padStart(10, '0'),
      );
    }
  });

  it('is understood by the ws client, and closes with the handshake', async () => {
    bench = await Bench.start(server);
    const client = new WebSocket(bench.server.url, ['chat', 'superchat']);
    const received: string[] = [];
    client.on('message', (data, isBinary) => received.push(`${isBinary} ${String(data)}`));
    await once(client, 'open');
    expect(client.protocol).toBe('chat');
    expect(client.extensions).toBe('');
    await bench.holds(1);
    bench.publish();
    bench.publish();
    while (received.length < 2) await turn();
    expect(received).toEqual(['false 0000000001', 'false 0000000002']);
    client.close(1000);
    const [code] = await once(client, 'close');
    expect(code).toBe(1000);
    await bench.holds(0);
  });

  it('answers pings, ignores messages, and sends nothing after a close frame', async () => {
    bench = await Bench.start(server);
    const client = await upgraded();
    await bench.holds(1);
    client.socket.write(frame(0x1, Buffer.from('hello')));
    client.socket.write(frame(0x9, Buffer.from('hi')));
    await client.until(() => client.received.length >= 4);
    expect([...client.received]).toEqual([0x8a, 2, 0x68, 0x69]);
    client.clear();
    client.socket.write(frame(0x8, Buffer.from([0x03, 0xe8])));
    await bench.holds(0);
    bench.publish();
    await client.closed();
    expect([...client.received]).toEqual([0x88, 2, 0x03, 0xe8]);
  });

  it('keeps the close frame last even when much is still queued before it', async () => {
    bench = await Bench.start(server, { maxQueuedBytes: 64 * 1024 * 1024 });
    const client = await upgraded(true);
    await bench.holds(1);
    const published = 24;
    for (let message = 0; message < published; message++) bench.publish(1024 * 1024);
    client.socket.write(frame(0x8, Buffer.from([0x03, 0xe8])));
    await bench.holds(0);
    bench.publish();
    let bytes = 0;
    let tail = Buffer.alloc(0);
    client.socket.removeAllListeners('data');
    client.socket.on('data', (data) => {
      bytes += data.length;
      tail = Buffer.concat([tail, data]).subarray(-4);
    });
    client.socket.resume();
    await client.closed();
    expect([...tail]).toEqual([0x88, 2, 0x03, 0xe8]);
    expect(bytes).toBeGreaterThan(published * 1024 * 1024);
  });

  it('closes a connection that breaks the protocol or sends too much', async () => {
    bench = await Bench.start(server);
    const unmasked = await upgraded();
    unmasked.socket.write(Buffer.from([0x81, 1, 0x61]));
    await unmasked.until(() => unmasked.received.length >= 4);
    expect(unmasked.received[0]).toBe(0x88);
    expect(unmasked.received.readUInt16BE(2)).toBe(1002);
    const large = await upgraded();
    large.socket.write(Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]));
    await large.until(() => large.received.length >= 4);
    expect(large.received.readUInt16BE(2)).toBe(1009);
    unmasked.destroy();
    large.destroy();
    await bench.holds(0);
  });

  it('answers 426 to plain HTTP, 404 to an upgrade elsewhere and 400 to a bad one', async () => {
    bench = await Bench.start(server);
    const plain = await bench.get();
    const answer = await plain.response();
    expect(answer.status).toBe(426);
    expect(answer.head).toContain('\r\nUpgrade: websocket');
    const elsewhere = await bench.visit();
    elsewhere.send('GET /elsewhere HTTP/1.1', 'Host: x', ...UPGRADE);
    expect((await elsewhere.response()).status).toBe(404);
    const keyless = await bench.get('', ...UPGRADE.filter((line) => !line.includes('Key')));
    expect((await keyless.response()).status).toBe(400);
    expect(bench.server.held()).toBe(0);
  });

  it('forgets clients that disconnect, politely or not', async () => {
    bench = await Bench.start(server);
    const clients = [await upgraded(), await upgraded(), await upgraded()];
    await bench.holds(3);
    clients[0]!.destroy();
    clients[1]!.socket.resetAndDestroy();
    clients[2]!.socket.end();
    await bench.holds(0);
    bench.publish();
  });

  it('pings each heartbeat and drops a client that did not answer the one before', async () => {
    bench = await Bench.start(server, { heartbeatMs: 120 });
    const calledMs = performance.now();
    const silent = await upgraded();
    const alive = new WebSocket(bench.server.url);
    let pings = 0;
    alive.on('ping', () => pings++);
    await once(alive, 'open');
    await silent.closed();
    expect(performance.now() - calledMs).toBeGreaterThan(236);
    expect([...silent.received]).toEqual([0x89, 0]);
    while (pings < 4) await turn();
    expect(bench.server.held()).toBe(1);
    expect(bench.server.cutOff()).toBe(0);
    alive.terminate();
  });

  it('cuts off a client that does not read, once its queue is full', async () => {
    bench = await Bench.start(server, { maxQueuedBytes: 256 * 1024 });
    const stalled = await upgraded(true);
    await bench.holds(1);
    while (bench.server.cutOff() === 0) {
      bench.publish(256 * 1024);
      await turn();
    }
    expect(bench.server.held()).toBe(0);
    stalled.socket.resume();
    await stalled.closed();
    bench.publish();
  });

  it.each([
    [['chat', 'superchat'], 'chat'],
    [['superchat', 'chat'], 'superchat'],
    [['mqtt', 'superchat'], 'superchat'],
    [['mqtt'], null],
    [[], null],
  ])('answers an offer of %j with %j: the first that it knows', async (offers, chosen) => {
    bench = await Bench.start(server);
    const asked = offers.length === 0 ? [] : [`Sec-WebSocket-Protocol: ${offers.join(', ')}`];
    const client = await bench.get('', ...UPGRADE, ...asked);
    const head = await client.until((text) => text.endsWith('\r\n\r\n'));
    expect(/^sec-websocket-protocol: (.*)$/im.exec(head)?.[1] ?? null).toBe(chosen);
  });

  it('refuses offers that are no list of different tokens', async () => {
    bench = await Bench.start(server);
    for (const offers of ['chat,chat', 'ch at', 'chat;q=1', '']) {
      const client = await bench.get('', ...UPGRADE, `Sec-WebSocket-Protocol: ${offers}`);
      expect((await client.response()).status, offers).toBe(400);
    }
  });

  it('answers a whole upgrade with the same bytes as the other server', async () => {
    bench = await Bench.start(server);
    const client = await bench.get('', ...UPGRADE, 'Sec-WebSocket-Protocol: chat');
    const accept = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    expect(await client.until((text) => text.endsWith('\r\n\r\n'))).toBe(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${accept}`,
        'Sec-WebSocket-Protocol: chat',
        '\r\n',
      ].join('\r\n'),
    );
  });

  it('publishes what clients say, in their topic only, when the settings ask for an echo', async () => {
    bench = await Bench.start(server, { topics: 2, echo: { isBinary: false } });
    bench.feed.open(2);
    const [one, two] = [await bench.visit(), await bench.visit()];
    bench.ask(one, '?topic=0000000001', ...UPGRADE);
    bench.ask(two, '?topic=0000000002', ...UPGRADE);
    await bench.holds(2);
    for (const client of [one, two]) {
      await client.until((text) => text.includes('\r\n\r\n'));
      client.clear();
    }
    one.socket.write(frame(0x1, Buffer.from('0000000007 hello')));
    two.socket.write(frame(0x2, Buffer.from('0000000007 bytes')));
    await Promise.all([one, two].map((client) => client.until(() => client.received.length >= 18)));
    expect(one.received.toString('latin1')).toBe('\x81\x100000000007 hello');
    expect(two.received.toString('latin1')).toBe('\x82\x100000000007 bytes');
  });

  it('answers 400 to an upgrade that names no topic of a server with topics', async () => {
    bench = await Bench.start(server, { topics: 2 });
    bench.feed.open(2);
    for (const query of ['', '?topic=0000000003', '?topic=1']) {
      const client = await bench.get(query, ...UPGRADE);
      expect(await client.until((text) => text.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(bench.server.held()).toBe(0);
  });

  it('answers 503 with Retry-After to those beyond the connections that it admits', async () => {
    bench = await Bench.start(server, { admission: 2 });
    const admitted = [await upgraded(), await upgraded()];
    const late = await bench.get('', ...UPGRADE);
    const answer = await late.response();
    expect(answer.status).toBe(503);
    expect(answer.head).toMatch(/^Retry-After: 1$/m);
    await late.closed();
    expect(bench.server.held()).toBe(2);
    admitted[0]!.destroy();
    await bench.holds(1);
    await upgraded();
    await bench.holds(2);
  });

  it('upgrades when a handler has had its time, and hears at once what comes after', async () => {
    bench = await Bench.start(server, { handlers: { count: 1, delayMs: 60 } });
    const startedMs = performance.now();
    const clients = [await bench.get('', ...UPGRADE), await bench.get('', ...UPGRADE)];
    clients.push(await bench.get('', ...UPGRADE));
    clients[1]!.destroy();
    await bench.holds(2);
    expect(performance.now() - startedMs).toBeGreaterThan(110);
    for (const client of [clients[0]!, clients[2]!]) {
      await client.until((text) => text.startsWith('HTTP/1.1 101 '));
      client.clear();
      client.socket.write(frame(0x9, Buffer.from('hi')));
      await client.until(() => client.received.length === 4);
    }
  });
});
