import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createRandom } from '../protocol/random.js';
import type { ServerSettings } from './contract.js';
import { countedBytes } from './socket-bytes.js';
import { Bench, turn } from './testing/bench.js';
import type { RawClient } from './testing/raw-client.js';
import { websocket } from './websocket.js';
import { close, ping, serverFrames, spoken, text } from './websocket-raw/testing/client-frames.js';
import { echo, pieces, UPGRADE_HEAD } from './websocket-raw/testing/fake-connection.js';
import { SessionMaker } from './websocket-raw/testing/fuzz-session.js';
import { type RawWebSocketOptions, rawWebSocket, websocketRaw } from './websocket-raw.js';

let bench: Bench;
afterEach(() => bench.close());

async function serve(
  options: RawWebSocketOptions = {},
  settings: Partial<ServerSettings> = {},
): Promise<void> {
  bench = await Bench.start(rawWebSocket({ onMessage: echo, ...options }), settings);
}

async function upgraded(paused = false): Promise<RawClient> {
  const client = await bench.visit(paused);
  client.socket.write(UPGRADE_HEAD);
  if (paused) return client;
  await client.until((head) => head.endsWith('\r\n\r\n'));
  client.clear();
  return client;
}

/** A visitor who is there from beginning to end: what others do must not touch it. */
async function listener() {
  const heard: string[] = [];
  const client = new WebSocket(bench.server.url);
  client.on('message', (data) => heard.push(String(data)));
  await once(client, 'open');
  return {
    async hearsTheNext(): Promise<void> {
      bench.publish();
      while (heard.at(-1) !== String(bench.feed.lastSequence).padStart(10, '0')) await turn();
    },
    close: () => client.terminate(),
  };
}

it('reads an upgrade in pieces, and frames that come with its last', async () => {
  await serve();
  const bytes = Buffer.concat([Buffer.from(UPGRADE_HEAD), text('first'), ping('x')]);
  for (const length of [1, 7, bytes.length]) {
    const client = await bench.visit();
    for (const piece of pieces(bytes, length)) {
      client.socket.write(piece);
      if (length > 1) await turn();
    }
    await client.until((all) => all.includes('first') && client.received.at(-1) === 'x'.charCodeAt(0));
    const end = client.received.indexOf('\r\n\r\n') + 4;
    expect(spoken(serverFrames(client.received.subarray(end)))).toEqual(['text first', 'pong 78']);
  }
});

it('talks with the ws client: messages of all lengths, fragments, pings and a close', async () => {
  await serve();
  const client = new WebSocket(bench.server.url, { perMessageDeflate: false });
  const heard: Buffer[] = [];
  const pongs: string[] = [];
  client.on('message', (data: Buffer) => heard.push(data));
  client.on('pong', (data) => pongs.push(String(data)));
  await once(client, 'open');
  const messages = [0, 1, 125, 126, 65_535, 65_536].map((bytes) => Buffer.alloc(bytes, 'µ@'));
  for (const message of messages) client.send(message);
  client.send('frag', { fin: false });
  client.ping('between');
  client.send('ment', { fin: true });
  while (heard.length < messages.length + 1) await turn();
  expect(heard.slice(0, -1).map((data, at) => data.equals(messages[at]!))).toEqual(messages.map(() => true));
  expect([String(heard.at(-1)), pongs]).toEqual(['fragment', ['between']]);
  client.close(4000, 'enough');
  expect((await once(client, 'close'))[0]).toBe(4000);
  await bench.holds(0);
});

it.each([
  ['GET / HTTP/1.1', [], 404],
  ['GET /websocketX HTTP/1.1', [], 404],
  ['GET http://x/websocket?since=1 HTTP/1.1', [], 101],
  ['POST /websocket HTTP/1.1', [], 405],
  ['get /websocket HTTP/1.1', [], 405],
  ['GET /websocket HTTP/1.0', [], 400],
  ['GET /websocket HTTP/2.0', [], 400],
  ['GET /websocket', [], 400],
  ['GET  /websocket HTTP/1.1', [], 400],
  ['GET /webso\u0001cket HTTP/1.1', [], 400],
  ['', [], 400],
  [null, ['-Host'], 400],
  [null, ['Host: y'], 400],
  [null, ['-Upgrade'], 426],
  [null, ['-Upgrade', 'Upgrade: h2c'], 426],
  [null, ['-Upgrade', 'Upgrade: h2c, WebSocket'], 101],
  [null, ['-Connection'], 400],
  [null, ['-Connection', 'Connection: close'], 400],
  [null, ['-Connection', 'Connection: keep-alive, UPGRADE'], 101],
  [null, ['-Sec-WebSocket-Version'], 426],
  [null, ['-Sec-WebSocket-Version', 'Sec-WebSocket-Version: 8'], 426],
  [null, ['-Sec-WebSocket-Version', 'Sec-WebSocket-Version: 130'], 426],
  [null, ['Sec-WebSocket-Version: 13'], 426],
  [null, ['-Sec-WebSocket-Key'], 400],
  [null, ['-Sec-WebSocket-Key', 'Sec-WebSocket-Key:'], 400],
  [null, ['-Sec-WebSocket-Key', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ'], 400],
  [null, ['-Sec-WebSocket-Key', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ='], 400],
  [null, ['-Sec-WebSocket-Key', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE='], 400],
  [null, ['-Sec-WebSocket-Key', 'Sec-WebSocket-Key: dGhlIHNhbXBsZS*ub25jZQ=='], 400],
  [null, ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], 400],
  [null, ['Content-Length: 5'], 400],
  [null, ['Content-Length: 0'], 101],
  [null, ['Transfer-Encoding: chunked'], 400],
  [null, ['No colon here'], 400],
  [null, ['Space : before'], 400],
  [null, [' folded: line'], 400],
  [null, [': no name'], 400],
  [null, ['X: a\nb'], 400],
  [null, ['X: a\0b'], 400],
  [null, [`X: ${'y'.repeat(16_000)}`], 101],
  [null, [`X: ${'y'.repeat(16_384)}`], 431],
  [null, Array.from({ length: 5000 }, (_, at) => `X${at}: y`), 431],
  [null, ['Sec-WebSocket-Extensions: permessage-deflate'], 101],
] as const)('answers %j with %j by %i', async (line, changes, status) => {
  await serve();
  const lines = UPGRADE_HEAD.split('\r\n').slice(0, -2);
  lines[0] = line ?? lines[0]!;
  for (const change of changes) {
    if (change.startsWith('-')) {
      const at = lines.findIndex((each) => each.startsWith(`${change.slice(1)}:`));
      lines.splice(at, 1);
    } else lines.push(change);
  }
  const client = await bench.visit();
  client.send(...lines);
  const answer = await client.response();
  expect(answer.status, answer.head).toBe(status);
  if (status === 101) {
    await bench.holds(1);
    return;
  }
  await client.closed();
  expect(client.received.length).toBe(0);
  expect(answer.head).toMatch(/^Connection: .*close$/m);
  expect(answer.body).toMatch(/\.\n$/);
  if (status === 426) expect(answer.head).toMatch(/^Upgrade: websocket$/m);
  if (status === 426 && !changes.some((change) => change === '-Upgrade'))
    expect(answer.head).toMatch(/^Sec-WebSocket-Version: 13$/m);
  if (status === 405) expect(answer.head).toMatch(/^Allow: GET$/m);
  expect(bench.server.held()).toBe(0);
});

it('answers HEAD without a body', async () => {
  await serve();
  const client = await bench.visit();
  client.send('HEAD /websocket HTTP/1.1', 'Host: x');
  await client.closed();
  expect(client.text).toMatch(/^HTTP\/1\.1 405 /);
  expect(client.text.endsWith('\r\n\r\n')).toBe(true);
});

it('drops who does not finish a request in time, however slowly it goes on, and serves the others', async () => {
  await serve({}, { headTimeoutMs: 150 });
  const other = await listener();
  const startedMs = performance.now();
  const silent = await bench.visit();
  const slow = await bench.visit();
  let written = 0;
  const drip = setInterval(() => slow.socket.write(UPGRADE_HEAD[written++]!), 5);
  await Promise.all([silent.closed(), slow.closed()]);
  clearInterval(drip);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(145);
  expect(written).toBeLessThan(UPGRADE_HEAD.length);
  expect([silent.received.length, slow.received.length]).toEqual([0, 0]);
  await other.hearsTheNext();
  expect(bench.server.held()).toBe(1);
  other.close();
});

it('drops who was told goodbye and does not go', async () => {
  await serve({ goodbyeTimeoutMs: 100 });
  for (const words of [
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    Buffer.concat([Buffer.from(UPGRADE_HEAD), close(1000)]),
  ]) {
    const { hostname, port } = new URL(bench.server.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.resume();
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(words);
    await once(socket, 'end');
    expect(bench.server.held()).toBe(0);
    // The server's side is closed for good only now: what is written meets a reset.
    const pester = setInterval(() => socket.write('still here'), 5);
    await closed;
    clearInterval(pester);
  }
});

it('takes a client off that vanished without a word, within two heartbeats', async () => {
  await serve({}, { heartbeatMs: 60 });
  const other = await listener();
  const vanished = await upgraded(true);
  await bench.holds(2);
  await bench.holds(1);
  await other.hearsTheNext();
  vanished.destroy();
  other.close();
});

it('stops reading from a client that pings and never reads, keeps little for it, and serves the others', async () => {
  await serve();
  const other = await listener();
  const deaf = await upgraded(true);
  await bench.holds(2);
  const before = process.memoryUsage();
  const pings = Buffer.concat(Array.from({ length: 500 }, () => ping('*'.repeat(125))));
  let sent = 0;
  // Once the server no longer reads, the kernel's buffers fill and then the client's own.
  while (deaf.socket.writableLength < 4 * 1024 * 1024) {
    deaf.socket.write(pings);
    sent += pings.length;
    await turn();
  }
  for (let turns = 0; turns < 50; turns++) await turn();
  const { rss } = process.memoryUsage();
  expect(deaf.socket.writableLength).toBeGreaterThan(2 * 1024 * 1024);
  expect(rss - before.rss).toBeLessThan(64 * 1024 * 1024);
  await other.hearsTheNext();
  // It is not lost: when it reads at last, it gets every answer.
  let got = 0;
  deaf.socket.removeAllListeners('data');
  deaf.socket.on('data', (data) => {
    got += data.length;
  });
  deaf.socket.resume();
  const expected = (sent / (125 + 6)) * (125 + 2);
  while (got < expected) await turn();
  await other.hearsTheNext();
  deaf.destroy();
  await bench.holds(1);
  other.close();
});

it('forgets everything about connections that end in the middle of something', async () => {
  await serve();
  const other = await listener();
  for (const last of [
    text('whole').subarray(0, 3),
    text('whole', { final: false }),
    ping('123').subarray(0, 7),
  ]) {
    for (const ending of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const client = await upgraded();
      await bench.holds(2);
      client.socket.write(last);
      await turn();
      client.socket[ending]();
      await bench.holds(1);
    }
  }
  await other.hearsTheNext();
  other.close();
});

it('stands spoilt frames from many connections at once while another listens', async () => {
  await serve();
  const random = createRandom(6455, 'sockets');
  const maker = new SessionMaker(random);
  const other = await listener();
  let frames = 0;
  for (let round = 0; round < 10; round++) {
    const clients = await Promise.all(Array.from({ length: 40 }, () => upgraded()));
    for (const client of clients) {
      const session = maker.make(40);
      const bytes = Buffer.from(session.sent);
      frames += session.ends.length;
      if (maker.below(3) > 0) bytes[maker.below(bytes.length)]! ^= 1 << maker.below(8);
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + maker.below(bytes.length);
        client.socket.write(bytes.subarray(at, end));
        at = end;
      }
      client.socket.end();
    }
    await Promise.all(clients.map((client) => client.closed()));
    await bench.holds(1);
    await other.hearsTheNext();
  }
  expect(frames).toBeGreaterThan(10_000);
  console.log(`${frames.toLocaleString('en-US')} frames over 400 connections`);
  other.close();
});

it('refuses a client that goes on before a handler let it in, and closes while another waits for one', async () => {
  await serve({}, { handlers: { count: 1, delayMs: 60_000 } });
  const waiting = await bench.get('', ...UPGRADE_HEAD.split('\r\n').slice(2, -2));
  const hasty = await bench.get('', ...UPGRADE_HEAD.split('\r\n').slice(2, -2));
  await turn();
  await turn();
  hasty.socket.write(text('now'));
  expect((await hasty.response()).status).toBe(400);
  await hasty.closed();
  expect(bench.server.held()).toBe(0);
  await bench.server.close();
  await waiting.closed();
  expect(waiting.received.length).toBe(0);
});

it('closes with connections in every state, and frees its port', async () => {
  await serve();
  const arriving = await bench.visit();
  arriving.socket.write('GET /web');
  const open = await upgraded();
  const halfRead = await upgraded();
  halfRead.socket.write(text('half', { final: false }));
  const { hostname, port } = new URL(bench.server.url);
  const staying = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  staying.on('error', () => {}).resume();
  staying.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(staying, 'end');
  await bench.server.close();
  await Promise.all([arriving.closed(), open.closed(), halfRead.closed()]);
  staying.destroy();
  const again = await websocketRaw.start(bench.feed, {
    address: '127.0.0.1',
    port: Number(port),
    keepAliveTimeoutMs: 1000,
    holdMs: 1000,
    heartbeatMs: 1000,
    maxQueuedBytes: 1000,
  });
  await again.close();
});

it('adds up the bytes of its sockets when it is asked to', async () => {
  await serve({}, { countBytes: true });
  const before = countedBytes()!;
  const client = await upgraded();
  client.socket.write(ping('abc'));
  await client.until(() => client.received.length === 5);
  const after = countedBytes()!;
  expect(after.read - before.read).toBe(UPGRADE_HEAD.length + 9);
  expect(after.written - before.written).toBe(129 + 5);
});

it('sends the same bytes as the ws server over a connection of many messages', async () => {
  const heard: string[] = [];
  for (const server of [websocket, websocketRaw]) {
    bench = await Bench.start(server);
    const client = await bench.visit();
    client.socket.write(UPGRADE_HEAD);
    await bench.holds(1);
    for (const bytes of [10, 125, 126, 65_535, 65_536]) bench.publish(bytes);
    client.socket.write(Buffer.concat([ping('?'), text('ignored'), close(1000)]));
    await client.closed();
    heard.push(client.received.toString('latin1'));
    await bench.close();
  }
  expect(heard[0]!.length).toBeGreaterThan(131_000);
  expect(heard[1] === heard[0]).toBe(true);
});
