import { afterEach, describe, expect, it } from 'vitest';
import { encodePayload, MAX_SAID_BYTES } from '../protocol/payload.js';
import { Feed } from './feed.js';
import { closeHttpServer, createHttpServer, listen } from './http-server.js';
import { polling } from './polling.js';
import { postsTo } from './posts.js';
import { Bench, SETTINGS } from './testing/bench.js';
import { RawClient } from './testing/raw-client.js';

const ECHO = { topics: 3, echo: { isBinary: false } } as const;

let bench: Bench | null = null;
afterEach(async () => {
  await bench?.close();
  bench = null;
});

const start = async (settings = {}) => {
  bench = await Bench.start(polling, { ...ECHO, ...settings });
  return bench;
};

/** One POST on a connection of its own. @returns the whole answer */
async function post(body: string, query = '?topic=0000000002', ...fields: string[]): Promise<string> {
  const client = await bench!.visit();
  const length = fields.some((field) => /^(content-length|transfer-encoding)/i.test(field))
    ? []
    : [`Content-Length: ${body.length}`];
  client.socket.write(
    [`POST /polling${query} HTTP/1.1`, 'Host: x', ...length, ...fields, '', body].join('\r\n'),
    'latin1',
  );
  return client.until((text) => /\r\n\r\n/.test(text));
}

const text = (sequence: number, bytes = 10): string => encodePayload(sequence, bytes).toString('latin1');

describe('a POST', () => {
  it('is answered 204 without a body, and what it said is published in its topic', async () => {
    const { feed } = await start();
    const answer = await post(text(7, 30));
    expect(answer).toMatch(/^HTTP\/1\.1 204 No Content\r\nAccess-Control-Allow-Origin: \*\r\n/);
    expect(answer.endsWith('\r\n\r\n')).toBe(true);
    expect(feed.topic(2)!.newest).toMatchObject({
      sequence: 7,
      payload: encodePayload(7, 30),
      isBinary: false,
    });
    expect(feed.topic(1)!.size).toBe(0);
  });

  it('may come in pieces and in chunks', async () => {
    const { feed } = await start();
    const client = await bench!.visit();
    client.socket.write(
      'POST /polling?topic=0000000001 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n00000\r\n',
    );
    client.socket.write('7\r\n00009ab\r\n');
    client.socket.write('0\r\n\r\n');
    await client.until((answer) => answer.startsWith('HTTP/1.1 204'));
    expect(feed.topic(1)!.newest!.payload.toString()).toBe('0000000009ab');
  });

  it('keeps its connection for the next one', async () => {
    const { feed } = await start();
    const client = await bench!.visit();
    for (const sequence of [1, 2, 3]) {
      client.clear();
      client.socket.write(
        `POST /polling?topic=0000000003 HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n${text(sequence)}`,
      );
      await client.until((answer) => answer.startsWith('HTTP/1.1 204'));
    }
    expect(feed.topic(3)!.size).toBe(3);
  });

  it('is published as binary where the settings say so', async () => {
    const { feed } = await start({ echo: { isBinary: true } });
    await post(`${text(1)}\x00\xff\n`);
    expect(feed.topic(2)!.newest).toMatchObject({
      isBinary: true,
      payload: Buffer.from(`${text(1)}\x00\xff\n`, 'latin1'),
    });
  });

  it.each([
    ['names no topic', '', 400],
    ['names a topic that there is not', '?topic=0000000004', 400],
    ['names a topic that is not in ten digits', '?topic=2', 400],
  ])('that %s is refused', async (_, query, status) => {
    const { feed } = await start();
    expect(await post(text(1), query)).toMatch(`HTTP/1.1 ${status} `);
    expect(feed.appended).toBe(0);
  });

  it.each(['', '123456789', 'no number at all'])('that says "%s" is refused and counted', async (body) => {
    const { feed } = await start();
    expect(await post(body)).toMatch('HTTP/1.1 400 ');
    expect([feed.appended, feed.misheard]).toEqual([0, 1]);
  });

  it('of 64 KiB is heard, and one byte more is refused by its length alone', async () => {
    const { feed } = await start();
    expect(await post(text(1, MAX_SAID_BYTES))).toMatch('HTTP/1.1 204 ');
    const answer = await post('', undefined, `Content-Length: ${MAX_SAID_BYTES + 1}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/);
    expect(feed.appended).toBe(1);
  });

  it('in chunks without end is refused when it is too large, and its connection is closed', async () => {
    const { feed } = await start();
    const client = await bench!.visit();
    client.socket.write(
      'POST /polling?topic=0000000001 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = `4000\r\n${'1'.repeat(0x4000)}\r\n`;
    const flood = setInterval(() => client.socket.write(chunk), 1);
    try {
      expect(await client.until((answer) => answer.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 413 /);
      while (!client.ended) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      clearInterval(flood);
    }
    expect([feed.appended, feed.misheard]).toEqual([0, 0]);
  });

  it.each([
    ['a length that is none', 'Content-Length: ten'],
    ['two lengths', 'Content-Length: 10\r\nContent-Length: 11'],
    ['a coding that nobody knows', 'Transfer-Encoding: sideways'],
  ])('with %s is no request', async (_, field) => {
    const { feed } = await start();
    expect(await post(text(1), undefined, field)).toMatch(/^HTTP\/1\.1 (400|501) /);
    expect(feed.appended).toBe(0);
  });

  it('whose client goes away in the middle of it says nothing, and hurts nobody', async () => {
    const { feed } = await start();
    const client = await bench!.visit();
    client.socket.write(
      'POST /polling?topic=0000000001 HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n0000000001',
    );
    await bench!.holds(1);
    client.destroy();
    await bench!.holds(0);
    expect(await post(text(2))).toMatch('HTTP/1.1 204 ');
    expect([feed.appended, feed.misheard]).toEqual([1, 0]);
  });

  it('said twice is published once', async () => {
    const { feed } = await start();
    for (const _ of [1, 2]) expect(await post(text(5))).toMatch('HTTP/1.1 204 ');
    expect(feed.appended).toBe(1);
  });

  it('is not answered by a server that echoes nothing, which says what it answers', async () => {
    bench = await Bench.start(polling);
    expect(await post(text(1), '')).toMatch(/^HTTP\/1\.1 405 [\s\S]*Allow: GET, HEAD, OPTIONS\r\n/);
    await bench.close();
    await start();
    const client = await bench!.visit();
    client.send('OPTIONS /polling HTTP/1.1', 'Host: x');
    expect(await client.until((answer) => answer.includes('\r\n\r\n'))).toContain(
      'Access-Control-Allow-Methods: GET, HEAD, OPTIONS, POST',
    );
  });

  it('whose body does not come is answered 408, and its connection closed', async () => {
    const feed = new Feed();
    const server = createHttpServer(
      { ...SETTINGS, ...ECHO },
      '/',
      () => {},
      postsTo(feed, { ...SETTINGS, ...ECHO, headTimeoutMs: 50 }),
    );
    feed.open(3);
    const client = await RawClient.open(`http://${await listen(server, SETTINGS)}`);
    try {
      client.socket.write(
        'POST /?topic=0000000001 HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n0000000001',
      );
      expect(await client.until((answer) => answer.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 408 /);
      while (!client.ended) await new Promise((resolve) => setImmediate(resolve));
      expect([feed.appended, feed.misheard]).toEqual([0, 0]);
    } finally {
      client.destroy();
      await closeHttpServer(server);
    }
  });
});
