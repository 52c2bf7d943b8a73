import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scenario } from '../scenarios/contract.js';
import { clientFrame, close, more, OP, text } from '../servers/websocket-raw/testing/client-frames.js';
import {
  ALL,
  ask,
  ENGINES,
  is,
  isRaw,
  KEY,
  only,
  opened,
  PLAIN,
  POLLS,
  SOCKETS,
  STREAMS,
  session,
  statusOf,
  UPGRADE,
  WIRES,
} from './support/abusers.js';
import { Besieged } from './support/besieged.js';
import {
  BAD_HOSTS,
  FUTURE,
  type HostileRequest,
  malformed,
  NO_NUMBERS,
  oversized,
} from './support/hostile-requests.js';

const sieges = new Map<string, Besieged>();
const siegeOf = ({ id }: Scenario): Besieged => sieges.get(id)!;
beforeAll(async () => {
  await Promise.all(ALL.map(async (scenario) => sieges.set(scenario.id, await Besieged.begin(scenario))));
});
afterAll(() => Promise.all([...sieges.values()].map((siege) => siege.end())));

/** Each is answered as it should be, all at once, and its connection ends. */
async function refuses(siege: Besieged, requests: readonly HostileRequest[]): Promise<void> {
  const seen = await Promise.all(
    requests.map(async ({ what, bytes }) => {
      const client = await siege.visit();
      const status = await statusOf(client, bytes);
      await client.closed();
      return `${what}: ${status}`;
    }),
  );
  expect(seen).toEqual(
    requests.map(({ what, status, raw = status }) => `${what}: ${isRaw(siege) ? raw : status}`),
  );
}

describe.each(ALL)('$id', (scenario) => {
  let siege: Besieged;
  beforeAll(() => {
    siege = siegeOf(scenario);
  });

  it('refuses what is no request', () => siege.endures((s) => refuses(s, malformed(s.target()))));

  it('refuses heads that are too large, and lets who is still sending read why', () =>
    siege.endures((s) => refuses(s, oversized(s.target()))));

  it('survives a Host that is no host', () =>
    siege.endures(async (s) => {
      const statuses = await Promise.all(BAD_HOSTS.map((host) => ask(s, [`Host: ${host}`])));
      for (const status of statuses) {
        if (is(POLLS, s)) expect([200, 204]).toContain(status);
        else if (is(SOCKETS, s)) expect(status).toBe(426);
        else expect([200, 204, 400]).toContain(status);
      }
    }));

  it('answers topics, cursors and ids that are none, from the future, or 8 KiB long', () =>
    siege.endures(async (s) => {
      for (const value of [...NO_NUMBERS, FUTURE, '']) {
        const { path } = s;
        const protocol = is(ENGINES, s) ? 'EIO=4&transport=polling&' : '';
        const line = `GET ${path}?${protocol}topic=${value} HTTP/1.1`;
        expect(await ask(s, is(SOCKETS, s) ? [...UPGRADE, KEY] : [], line), `topic ${value}`).toBe(400);
      }
      if (is(POLLS, s) || s.id === 'longpoll')
        for (const value of [...NO_NUMBERS, ''])
          expect(await ask(s, [], `GET ${s.target(`&since=${value}`)} HTTP/1.1`), `since ${value}`).toBe(400);
      if (is(POLLS, s)) expect(await ask(s, [], `GET ${s.target(`&since=${FUTURE}`)} HTTP/1.1`)).toBe(204);
      if (s.id === 'longpoll') {
        // Held, and answered when the hold runs out.
        expect(await ask(s, [], `GET ${s.target(`&since=${FUTURE}`)} HTTP/1.1`)).toBe(204);
      }
      if (!is(STREAMS, s)) return;
      for (const value of [...NO_NUMBERS, FUTURE, '', '\x80\xff', '1, 2']) {
        const client = await s.visit();
        client.send(`GET ${s.target()} HTTP/1.1`, 'Host: x', `Last-Event-ID: ${value}`);
        // What is published goes on; nothing of the log is sent again.
        const answer = await client.until((received) => (received.match(/\d{10}(")?/g) ?? []).length >= 4);
        expect(answer.slice(0, 13)).toBe('HTTP/1.1 200 ');
        expect(answer).not.toMatch(/data: ?0000000001|m\("0000000001/);
        client.destroy();
      }
    }));

  it('refuses an upgrade that misses what it needs, and is no WebSocket where it is none', () =>
    siege.endures(async (s) => {
      const good = s.id === 'socketio-upgrade' ? s.target().replace('polling', 'websocket') : s.target();
      const line = `GET ${good} HTTP/1.1`;
      const [upgrade, connection, version] = UPGRADE as [string, string, string];
      const upgrades: readonly [what: string, fields: string[], raw: number, line?: string][] = [
        ['without a key', UPGRADE, 400],
        ['with an empty key', [...UPGRADE, 'Sec-WebSocket-Key:'], 400],
        ['with a key of 15 bytes', [...UPGRADE, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ==='], 400],
        ['without a version', [upgrade, connection, KEY], 426],
        ['with version 7', [upgrade, connection, 'Sec-WebSocket-Version: 7', KEY], 426],
        ['with version 130', [upgrade, connection, 'Sec-WebSocket-Version: 130', KEY], 426],
        ['by POST', [...UPGRADE, KEY, 'Content-Length: 0'], 405, line.replace('GET', 'POST')],
        ['to something else', [connection, version, KEY, 'Upgrade: h2c'], 426],
        ['elsewhere', [...UPGRADE, KEY], 404, 'GET /elsewhere HTTP/1.1'],
      ];
      for (const [what, fields, raw, other = line] of upgrades) {
        const status = await ask(s, fields, other);
        expect(status, what).not.toBe(101);
        if (isRaw(s)) expect(status, what).toBe(raw);
        else if (s.id === 'websocket' || s.id === 'socketio-upgrade')
          expect([400, 404, 405, 426], what).toContain(status);
        else expect([200, 204, 400, 404, 405], what).toContain(status);
      }
      const client = await s.visit();
      client.send(line, 'Host: x', ...UPGRADE, KEY, 'Content-Length: 5', '', 'hello');
      if (is(WIRES, s))
        await client.until((answer) => answer.startsWith('HTTP/1.1 400 ') || /\r\n\r\n[\s\S]+/.test(answer));
    }));

  it('reads the absolute form of a target, and finds nothing elsewhere', () =>
    siege.endures(async (s) => {
      const good = await ask(s, []);
      expect(good).not.toBe(404);
      expect(await ask(s, [], `GET http://somewhere.else:80${s.target()} HTTP/1.1`)).toBe(good);
      const query = s.target().slice(s.path.length);
      for (const path of [
        `/%${s.path.charCodeAt(1).toString(16)}${s.path.slice(2)}`,
        `/${s.path}`,
        `${s.path}/more`,
        `/x/..${s.path}`,
        `${s.path}%00`,
        `${s.path};x`,
        '/',
      ])
        expect(await ask(s, [], `GET ${path}${query} HTTP/1.1`), path).toBe(404);
      for (const target of ['http://x', 'http://', 'http://x/', `ftp://x${s.path}`, '*'])
        expect([400, 404], target).toContain(await ask(s, [], `GET ${target} HTTP/1.1`));
      expect(await ask(s, [], 'OPTIONS * HTTP/1.1')).toBe(404);
    }));

  it('goes on when it is asked to, and refuses other expectations', () =>
    siege.endures(async (s) => {
      const first = await ask(s, ['Expect: 100-continue']);
      const other = await ask(s, ['Expect: a miracle']);
      expect([first, other]).toEqual(isRaw(s) ? [426, 426] : [100, 417]);
    }));

  it('stands 1,000 requests in one go on one connection', async () => {
    // Half a head's time must be over before the first poll's, however long a busy machine takes for the other heads.
    const own = scenario.id === 'longpoll' ? await Besieged.begin(scenario, { holdMs: 20_000 }) : siege;
    await own.endures(async (s) => {
      const client = await s.visit();
      const since = s.id === 'longpoll' ? `&since=${FUTURE}` : is(ENGINES, s) ? '&sid=nobody' : '';
      client.socket.write(`GET ${s.target(since)} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(1000));
      const answers = (): number => client.text.split('HTTP/1.1 ').length - 1;
      const answersAll = is(ENGINES, s) || ['polling', 'websocket'].includes(s.id);
      if (answersAll) await client.until(() => answers() === 1000);
      else {
        // A stream, an upgrade and the end of a connection leave no place for a second answer. Behind a held poll the
        // server reads no further, so that a head which came by half does not come in time.
        await client.closed();
        expect(answers()).toBeLessThanOrEqual(1);
      }
    });
    if (own !== siege) await own.end();
  });

  it('bears connections that come and are gone: whole, in the middle of a request, reset', () =>
    siege.endures(async (s) => {
      const request = `GET ${s.target()} HTTP/1.1\r\nHost: x\r\n${is(SOCKETS, s) ? `${UPGRADE.join('\r\n')}\r\n${KEY}\r\n` : ''}\r\n`;
      for (let round = 0; round < 20; round++) {
        await Promise.all(
          Array.from({ length: 50 }, async (_, n) => {
            const { socket } = await s.visit();
            if (n % 5 === 0) socket.resetAndDestroy();
            else if (n % 5 === 1) socket.write(request.slice(0, n), () => socket.resetAndDestroy());
            else if (n % 5 === 2) socket.write(request, () => socket.resetAndDestroy());
            else if (n % 25 === 3) socket.end(request);
            else socket.write(request, () => setImmediate(() => socket.resetAndDestroy()));
          }),
        );
      }
    }));
});

/** Publishes in parts that the well-behaved have received before the next, until the server has cut off somebody. */
async function untilCutOff(siege: Besieged): Promise<void> {
  const { cutOff } = await siege.host.sample();
  for (let part = 0; part < 64; part++) {
    await siege.publish({ count: 16, bytes: 65_536 });
    await siege.received();
    if ((await siege.host.sample()).cutOff > cutOff) return;
  }
  throw new Error('nobody was cut off');
}

describe.each([...STREAMS, ...WIRES])('$id', (scenario) => {
  it('cuts off who never reads, and does not keep who has said goodbye and never reads', () =>
    siegeOf(scenario).endures(async (siege) => {
      const first = await opened(siege);
      first.socket.pause();
      await siege.publish({ count: 16, bytes: 65_536 });
      const second = await opened(siege);
      second.socket.pause();
      await untilCutOff(siege);
      // What is queued for the second is only a little less. It ends its side of the connection, and reads no more.
      second.socket.end();
      await siege.host.holds(2);
    }));
});

describe.each([...POLLS, ...only('longpoll')])('$id', (scenario) => {
  it('makes no more answers than one connection takes for 1,000 requests that nobody reads', () =>
    siegeOf(scenario).endures(async (siege) => {
      const last = 256;
      for (let part = 0; part < last; part += 16) {
        await siege.publish({ count: 16, bytes: 65_536 });
        await siege.received();
      }
      const since = siege.published - last;
      const before = (await siege.host.sample()).externalBytes;
      const client = await siege.visit(true);
      const requests = Array.from(
        { length: 1000 },
        (_, n) => `GET ${siege.target(`&since=${since + (n % (last - 64))}`)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      );
      client.socket.write(requests.join(''));
      let most = 0;
      for (let reading = 0; reading < 20; reading++) {
        await siege.publish({ count: 1 });
        most = Math.max(most, (await siege.host.sample()).externalBytes);
      }
      expect(most - before).toBeLessThan(48 * 2 ** 20);
    }));
});

describe.each(ENGINES)('$id', (scenario) => {
  it('cuts off a session that does not ask any more', () =>
    siegeOf(scenario).endures(async (siege) => {
      const { polls, query } = await session(siege);
      polls.send(`GET ${siege.target(query)} HTTP/1.1`, 'Host: x');
      await untilCutOff(siege);
    }));

  it('refuses sessions that there are not, a second poll, packets that are too large or garbage, and version 3', () =>
    siegeOf(scenario).endures(async (s) => {
      for (const sid of [...NO_NUMBERS, 'A'.repeat(20), ''])
        if (sid !== '') expect(await ask(s, [], `GET ${s.target(`&sid=${sid}`)} HTTP/1.1`), sid).toBe(400);
      expect(await ask(s, [], `GET ${s.target().replace('EIO=4', 'EIO=3')} HTTP/1.1`)).toBe(400);
      expect(await ask(s, [], `GET ${s.target().replace('polling', 'constructor')} HTTP/1.1`)).toBe(400);
      const post = async (query: string, body: Buffer, ...fields: string[]): Promise<number> => {
        const head = [
          `POST ${s.target(query)} HTTP/1.1`,
          'Host: x',
          `Content-Length: ${body.length}`,
          ...fields,
        ];
        return statusOf(await s.visit(), Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
      };
      expect(await post('&sid=nobody', Buffer.from('40'))).toBe(400);
      const large = await session(s);
      expect(await post(large.query, Buffer.alloc(2 ** 20, '4'))).toBe(413);
      const binary = await session(s);
      expect(
        await post(binary.query, Buffer.alloc(100, 0xff), 'Content-Type: application/octet-stream'),
      ).toBe(400);
      for (const body of [
        Buffer.alloc(1000, 0xff),
        Buffer.alloc(1000, 0x1e),
        Buffer.from('bAAAA\x1eb===='),
      ]) {
        const { query } = await session(s);
        expect([200, 400]).toContain(await post(query, body));
        // What was on its way is said first.
        while ((await ask(s, [], `GET ${s.target(query)} HTTP/1.1`)) === 200);
      }
      const twice = await session(s);
      twice.polls.send(`GET ${s.target(twice.query)} HTTP/1.1`, 'Host: x');
      // The first is answered at once when there is news already; then there is no second.
      while ((await ask(s, [], `GET ${s.target(twice.query)} HTTP/1.1`)) === 200)
        twice.polls.send(`GET ${s.target(twice.query)} HTTP/1.1`, 'Host: x');
    }));
});

describe.each(WIRES)('$id', (scenario) => {
  const FRAMES: readonly [what: string, frame: Buffer, code: number][] = [
    ['without a mask', text('hello', { mask: null }), 1002],
    ['with a reserved bit', text('hello', { reserved: 4 }), 1002],
    ['of a reserved kind', clientFrame({ opcode: 3 }), 1002],
    ['of a reserved kind of control', clientFrame({ opcode: 11 }), 1002],
    ['that is a ping in parts', clientFrame({ opcode: OP.ping, final: false }), 1002],
    ['that is a ping of 126 bytes', clientFrame({ opcode: OP.ping, payload: 'x'.repeat(126) }), 1002],
    ['that goes on with nothing', more('hello'), 1002],
    ['that begins another message', Buffer.concat([text('hel', { final: false }), text('lo')]), 1002],
    ['that is no UTF-8', text(Buffer.from([0xc3, 0x28])), 1007],
    ['that closes with a code that may not be sent', close(1005), 1002],
    ['that closes with half a code', clientFrame({ opcode: OP.close, payload: Buffer.from([3]) }), 1002],
    ['of 1 GiB', clientFrame({ length: 2n ** 30n }), 1009],
    ['of 2^63 bytes', clientFrame({ length: 2n ** 63n }), 0],
  ];

  it('closes a connection with a frame that breaks the protocol, and says why', () =>
    siegeOf(scenario).endures(async (siege) => {
      await Promise.all(
        FRAMES.map(async ([what, frame, code]) => {
          const client = await opened(siege);
          client.clear();
          client.socket.write(frame);
          const goodbye = (): number => client.received.lastIndexOf(0x88);
          await client.until(() => goodbye() !== -1 && client.received.length >= goodbye() + 4, what);
          const given = client.received.readUInt16BE(goodbye() + 2);
          if (code === 0) expect([1002, 1009], what).toContain(given);
          else expect(given, what).toBe(code);
        }),
      );
    }));
});

describe.each(PLAIN)('$id, which hears POSTs,', (scenario) => {
  it('refuses those that are too large, no message, or no request, one after another and 500 at once', () =>
    siegeOf(scenario).endures(async (s) => {
      const head = `POST ${s.target()} HTTP/1.1\r\nHost: x\r\n`;
      const long = 'x'.repeat(100_000);
      const bodies: readonly [what: string, rest: string, statuses: number[]][] = [
        ['none', 'Content-Length: 0\r\n\r\n', [400]],
        ['no number', 'Content-Length: 5\r\n\r\nhello', [400]],
        ['zero', 'Content-Length: 10\r\n\r\n0000000000', [400]],
        ['a number that is too great', `Content-Length: 10\r\n\r\n${FUTURE}`, [400]],
        ['too large by its length', 'Content-Length: 999999999999\r\n\r\n', [413]],
        ['too large', `Content-Length: 100000\r\n\r\n${long}`, [413]],
        ['too large in a chunk', `Transfer-Encoding: chunked\r\n\r\n186a0\r\n${long}\r\n0\r\n\r\n`, [413]],
        ['a chunk that is none', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n', [0, 400]],
        [
          'a chunk of a length beyond all',
          `Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(40)}\r\n`,
          [0, 400],
        ],
        ['a chunk longer than it says', 'Transfer-Encoding: chunked\r\n\r\n2\r\nxyz\r\n0\r\n\r\n', [0, 400]],
        ['a coding that nobody knows', 'Transfer-Encoding: sideways\r\n\r\nhello', [0, 400, 501]],
        ['more than it says', 'Content-Length: 2\r\n\r\nxyz\r\n\r\n', [0, 400]],
      ];
      for (const [what, rest, statuses] of bodies)
        expect(statuses, what).toContain(await statusOf(await s.visit(), `${head}${rest}`));
      const short = await s.visit();
      short.socket.end(`${head}Content-Length: 20\r\n\r\n0000000001`);
      await short.closed();
      expect(short.text).not.toContain('HTTP/1.1 2');
      const flood = await s.visit();
      flood.socket.write(`${head}Content-Length: 5\r\n\r\nhello`.repeat(500));
      const answers = (): number => flood.text.split('HTTP/1.1 400 ').length - 1;
      if (s.id === 'polling-close') await flood.closed();
      else await flood.until(() => answers() === 500);
      expect((await s.host.sample()).misheard).toBeGreaterThan(0);
    }));
});

describe('memory', () => {
  it.each(ALL.map(({ id }) => id))('of %s is what it was, beside its log', async (id) => {
    const { heap, external } = await sieges.get(id)!.growth();
    expect(heap).toBeLessThan(16 * 2 ** 20);
    expect(external).toBeLessThan(16 * 2 ** 20);
  });
});
