import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { socketioPolling } from './socketio-polling.js';
import { socketioUpgrade } from './socketio-upgrade.js';
import { Bench, turn } from './testing/bench.js';
import type { Answer, RawClient } from './testing/raw-client.js';

let bench: Bench;
afterEach(() => bench.close());

const HANDSHAKE = '?EIO=4&transport=polling';

/** Packets that end a session. */
const BROKEN = [
  ...['x', '1', '2', '4', '40', '42[', '42[]', '42{"a":1}', '44', '45', '49', 'bAAAA', '\x1e\x1e'],
  '451-["message",{"_placeholder":true,"num":9}]\x1ebAAAA',
];
const HARMLESS = [
  '3',
  '5',
  '6',
  '42',
  '42[1]',
  '42["message"]',
  '42["message",{"a":1}]',
  '42["news",1,2]',
  '43[]',
];

async function get(client: RawClient, query: string, ...headers: string[]): Promise<Answer> {
  bench.ask(client, query, ...headers);
  return client.response();
}

async function post(client: RawClient, session: string, packets: string): Promise<Answer> {
  client.socket.write(
    `POST ${new URL(bench.server.url).pathname}${HANDSHAKE}&sid=${session} HTTP/1.1\r\nHost: x\r\n` +
      `Content-Length: ${packets.length}\r\n\r\n${packets}`,
  );
  return client.response();
}

/** A session in the default namespace, its polls and its POSTs, no poll held. */
async function join() {
  const polls = await bench.visit();
  const posts = await bench.visit();
  const { body } = await get(polls, HANDSHAKE);
  const { sid } = JSON.parse(body.slice(1)) as { sid: string };
  expect((await post(posts, sid, '40')).body).toBe('ok');
  const query = `${HANDSHAKE}&sid=${sid}`;
  expect((await get(polls, query)).body).toMatch(/^40\{"sid":"[\w-]{20}"\}$/);
  return { polls, posts, sid, query };
}

/** A session that began with a WebSocket, as the library allows. */
async function socket(): Promise<WebSocket> {
  const url = `${bench.server.url.replace('http:', 'ws:')}?EIO=4&transport=websocket`;
  const client = new WebSocket(url, { perMessageDeflate: false });
  await once(client, 'message');
  client.send('40');
  await once(client, 'message');
  return client;
}

describe.each([
  [socketioPolling, []],
  [socketioUpgrade, ['websocket']],
] as const)('%o', (definition, upgrades) => {
  it('opens a session with its settings, uncompressed, without a cookie and for every origin', async () => {
    bench = await Bench.start(definition, { heartbeatMs: 15_000 });
    const client = await bench.visit();
    const { status, head, body } = await get(client, HANDSHAKE, 'Accept-Encoding: gzip');
    expect(status).toBe(200);
    expect(head).toMatch(/\r\nAccess-Control-Allow-Origin: \*/i);
    expect(head).toMatch(/\r\nCache-Control: no-store/i);
    expect(head).not.toMatch(/Set-Cookie|Content-Encoding/i);
    expect(body[0]).toBe('0');
    expect(JSON.parse(body.slice(1))).toEqual({
      sid: expect.stringMatching(/^[\w-]{20}$/),
      upgrades,
      pingInterval: 15_000,
      pingTimeout: 20_000,
      maxPayload: expect.any(Number),
    });
    expect(bench.server.held()).toBe(0);
  });

  it('answers a held poll with a message, and the next one with all that came meanwhile', async () => {
    bench = await Bench.start(definition);
    const { polls, query } = await join();
    expect(bench.server.held()).toBe(0);
    bench.ask(polls, query);
    await bench.holds(1);
    bench.publish();
    expect((await polls.response()).body).toBe('42["message","0000000001"]');
    expect(bench.server.held()).toBe(0);
    for (let n = 0; n < 3; n++) bench.publish(12);
    const { body, head } = await get(polls, query);
    expect(body.split('\x1e')).toEqual([2, 3, 4].map((n) => `42["message","000000000${n}ab"]`));
    expect(head).toMatch(/\r\nAccess-Control-Allow-Origin: \*/i);
  });

  it('pings after the heartbeat, not before', async () => {
    bench = await Bench.start(definition, { heartbeatMs: 300 });
    const openedMs = performance.now();
    const { polls, query } = await join();
    expect((await get(polls, query)).body).toBe('2');
    expect(performance.now() - openedMs).toBeGreaterThanOrEqual(299);
  });

  it('begins a session with what is published then', async () => {
    bench = await Bench.start(definition);
    for (let n = 0; n < 5; n++) bench.publish();
    const { polls, query } = await join();
    bench.ask(polls, query);
    await bench.holds(1);
    bench.publish();
    expect((await polls.response()).body).toBe('42["message","0000000006"]');
  });

  it('cuts off a session that does not ask any more, once too much is queued, and nobody else', async () => {
    bench = await Bench.start(definition, { maxQueuedBytes: 10_000 });
    const idle = await join();
    const good = await join();
    let heard = 0;
    for (let n = 1; n <= 30; n++) {
      bench.ask(good.polls, good.query);
      await bench.holds(1);
      bench.publish(1000);
      heard += (await good.polls.response()).body.split('\x1e').length;
      if (n <= 10) expect(bench.server.cutOff()).toBe(0);
    }
    expect(heard).toBe(30);
    expect(bench.server.cutOff()).toBe(1);
    const refused = await get(idle.polls, idle.query);
    expect(refused.status).toBe(400);
    // It has a new session for the asking.
    expect((await get(await bench.visit(), HANDSHAKE)).status).toBe(200);
  });

  it('refuses what is none of its own, with nobody else disturbed', async () => {
    bench = await Bench.start(definition);
    const { polls, query } = await join();
    bench.ask(polls, query);
    await bench.holds(1);
    const path = new URL(bench.server.url).pathname;
    for (const [target, status] of [
      ['/', 404],
      ['/socket.io', 404],
      ['/socket.io/more', 404],
      ['//', 404],
      ['/socket.io/../etc', 404],
      [`${path}`, 400],
      [`${path}?`, 400],
      [`${path}?EIO=3&transport=polling`, 400],
      [`${path}?EIO=4&transport=telegraph`, 400],
      [`${path}?EIO=4&transport=constructor`, 400],
      [`${path}?EIO=4&transport=websocket`, 400],
      [`${path}${HANDSHAKE}&sid=nobody`, 400],
      [`${path}${HANDSHAKE}&sid=__proto__`, 400],
      [`${path}${HANDSHAKE}&sid=%00%ff%`, 400],
    ] as const) {
      const client = await bench.visit();
      client.send(`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: close');
      const answer = await client.until((text) => text.includes('\r\n\r\n'));
      expect(answer.slice(9, 12), target).toBe(String(status));
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const client = await bench.visit();
      client.send(`${method} ${path}${HANDSHAKE} HTTP/1.1`, 'Host: x', 'Content-Length: 0');
      expect((await client.until((text) => text.includes('\r\n\r\n'))).slice(9, 12), method).toBe('400');
    }
    bench.publish();
    expect((await polls.response()).body).toBe('42["message","0000000001"]');
  });

  it('ends a session that breaks the protocol, and no other', async () => {
    bench = await Bench.start(definition);
    const good = await join();
    bench.ask(good.polls, good.query);
    await bench.holds(1);
    for (const packets of BROKEN) {
      const bad = await join();
      await post(bad.posts, bad.sid, packets);
      // What is on its way is said first.
      let status = 200;
      while (status === 200) ({ status } = await get(bad.polls, bad.query));
      expect(status, packets).toBe(400);
    }
    // Nothing of ours, and no harm: the session stands.
    for (const packets of HARMLESS) {
      const odd = await join();
      expect((await post(odd.posts, odd.sid, packets)).body).toBe('ok');
      bench.ask(odd.polls, odd.query);
      await bench.holds(2);
      odd.polls.destroy();
      await bench.holds(1);
    }
    const large = await join();
    expect((await post(large.posts, large.sid, `42["message","${'x'.repeat(300_000)}"]`)).status).toBe(413);
    const twice = await join();
    bench.ask(twice.polls, twice.query);
    await bench.holds(2);
    expect((await get(await bench.visit(), twice.query)).status).toBe(400);
    await bench.holds(1);
    bench.publish();
    expect((await good.polls.response()).body).toBe('42["message","0000000001"]');
  });

  it('forgets a session whose held poll is gone', async () => {
    bench = await Bench.start(definition);
    const { polls, query } = await join();
    bench.ask(polls, query);
    await bench.holds(1);
    polls.socket.resetAndDestroy();
    await bench.holds(0);
    while ((await get(await bench.visit(), query)).status === 200) await turn();
  });

  it('closes at once, whatever is open', async () => {
    bench = await Bench.start(definition);
    const { polls, posts, query } = await join();
    bench.ask(polls, query);
    await bench.holds(1);
    const closing = upgrades.length > 0 ? await socket() : null;
    const closedMs = performance.now();
    await bench.server.close();
    await Promise.all([
      polls.closed(),
      posts.closed(),
      closing && closing.readyState < 3 && once(closing, 'close'),
    ]);
    // Before the poll's hold, the heartbeat or anybody's patience is over.
    expect(performance.now() - closedMs).toBeLessThan(10_000);
    expect(bench.server.held()).toBe(0);
  });
});

describe('a WebSocket', () => {
  it('carries a packet a frame, without compression', async () => {
    bench = await Bench.start(socketioUpgrade);
    const client = await socket();
    expect(client.extensions).toBe('');
    await bench.holds(1);
    bench.publish(20);
    const [message, isBinary] = await once(client, 'message');
    expect([String(message), isBinary]).toEqual(['42["message","0000000001abcdefghij"]', false]);
    client.close();
    await bench.holds(0);
  });

  it('is cut off when it is not read, and the others get everything', async () => {
    bench = await Bench.start(socketioUpgrade, { maxQueuedBytes: 1024 * 1024 });
    const [good, stuck] = await Promise.all([socket(), socket()]);
    await bench.holds(2);
    stuck.on('error', () => {});
    stuck.pause();
    let heard = 0;
    good.on('message', () => heard++);
    let published = 0;
    while (bench.server.cutOff() === 0 && published < 500) {
      bench.publish(100_000);
      published++;
      while (heard < published) await turn();
    }
    expect(bench.server.cutOff()).toBe(1);
    await bench.holds(1);
    expect(heard).toBe(published);
    // Without a goodbye: what was queued for it is dropped.
    const closed = once(stuck, 'close');
    stuck.resume();
    expect((await closed)[0]).toBe(1006);
    good.close();
  });

  it('is refused where there is none, at another path, and without what an upgrade needs', async () => {
    bench = await Bench.start(socketioUpgrade);
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const path = new URL(bench.server.url).pathname;
    for (const [target, status, ...headers] of [
      ['/elsewhere', '404', key],
      [`${path}?EIO=4&transport=websocket`, '400'],
      [`${path}?EIO=4&transport=websocket&sid=nobody`, '400', key],
      [`${path}?EIO=4`, '400', key],
    ] as const) {
      const client = await bench.visit();
      client.send(`GET ${target} HTTP/1.1`, 'Host: x', ...upgrade, ...headers);
      expect((await client.until((text) => text.includes('\r\n\r\n'))).slice(9, 12), target).toBe(status);
      await client.closed();
    }
    await bench.close();
    bench = await Bench.start(socketioPolling);
    const client = await bench.visit();
    client.send(`GET ${path}?EIO=4&transport=websocket HTTP/1.1`, 'Host: x', ...upgrade, key);
    expect((await client.until((text) => text.includes('\r\n\r\n'))).slice(9, 12)).toBe('400');
  });
});
