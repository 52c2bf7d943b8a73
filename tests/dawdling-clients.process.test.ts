import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawClient } from '../servers/testing/raw-client.js';
import {
  ALL,
  ask,
  ENGINES,
  is,
  isRaw,
  KEY,
  opened,
  PLAIN,
  session,
  statusOf,
  UPGRADE,
  WIRES,
} from './support/abusers.js';
import { Besieged } from './support/besieged.js';
import { FUTURE } from './support/hostile-requests.js';

const TRICKLE_MS = 15;
/** The longest that any of it may take is 2 s. */
const PATIENCE_MS = 30_000;

/** Sends it byte by byte, again and again, until the connection ends. @returns the status of the answer */
async function trickles(client: RawClient, bytes: string): Promise<number> {
  let at = 0;
  const timer = setInterval(() => client.socket.write(bytes[at++ % bytes.length]!), TRICKLE_MS);
  await client.closed();
  clearInterval(timer);
  return Number(/HTTP\/1\.1 (\d{3}) /.exec(client.text.slice(client.text.lastIndexOf('HTTP/1.1')))?.[1] ?? 0);
}

/** Keeps its side of the connection open, and talks, until the server has let go of it. */
async function stays(siege: Besieged, bytes: string): Promise<void> {
  const socket = siege.stubborn();
  socket.resume();
  socket.write(bytes);
  await new Promise((resolve) => {
    socket.once('end', () => {
      const timer = setInterval(() => socket.write('still here'), 50);
      socket.once('close', () => {
        clearInterval(timer);
        resolve(null);
      });
    });
  });
}

/** Fails with a name when it takes too long. */
async function within(what: string, act: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the server has any time for ${what}`)), PATIENCE_MS);
  });
  await Promise.race([act, patience]).finally(() => clearTimeout(timer));
}

async function dawdle(siege: Besieged): Promise<void> {
  const head = `GET ${siege.target()} HTTP/1.1\r\nHost: x\r\nX: `;
  const late = isRaw(siege) ? 0 : 408;
  const begunMs = performance.now();
  const elapsed = (): number => performance.now() - begunMs;
  const cases: Promise<void>[] = [];
  const add = (what: string, act: () => Promise<void>): number => cases.push(within(what, act()));

  add('a slow head', async () =>
    expect(await trickles(await siege.visit(), head.padEnd(9999, 'y')), 'a slow head').toBe(late),
  );
  add('half a head', async () => {
    const client = await siege.visit();
    expect(await statusOf(client, head), 'half a head').toBe(late);
    await client.closed();
    expect(elapsed()).toBeGreaterThan(395);
  });
  add('empty lines', async () => {
    const client = await siege.visit();
    // One is to be ignored, and the second is a mistake or, to Node, as good as the first.
    if (isRaw(siege)) expect(await statusOf(client, '\r\n\r\n'), 'empty lines').toBe(400);
    else expect(await trickles(client, '\r\n'), 'empty lines').toBe(408);
    await client.closed();
  });
  add('silence', async () => {
    const client = await siege.visit();
    await client.closed();
    expect(client.text, 'silence').toBe('');
    // Pollers may connect long before their first request.
    expect(elapsed()).toBeGreaterThan(isRaw(siege) ? 395 : 1400);
  });
  add('a slow body', async () => {
    const client = await siege.visit();
    client.socket.write(`POST ${siege.target()} HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n`);
    await trickles(client, 'x');
    const status = is(PLAIN, siege) ? 408 : is(ENGINES, siege) || isRaw(siege) ? 400 : 405;
    expect(client.text.slice(0, 12), 'a slow body').toBe(`HTTP/1.1 ${status}`);
  });
  add('a body that does not come', async () => {
    const client = await siege.visit();
    await statusOf(client, `GET ${siege.target()} HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n`);
    await client.closed();
  });
  if (!isRaw(siege)) {
    add('a slow second head', async () => {
      const client = await siege.visit();
      expect(await statusOf(client, 'GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n')).toBe(404);
      expect(await trickles(client, head.padEnd(9999, 'y')), 'a slow second head').toBe(408);
    });
    add('idleness', async () => {
      const client = await siege.visit();
      const line = siege.id === 'longpoll' ? `GET ${siege.target(`&since=${FUTURE}`)}` : 'GET /elsewhere';
      expect([204, 404]).toContain(await statusOf(client, `${line} HTTP/1.1\r\nHost: x\r\n\r\n`));
      await client.closed();
      expect(elapsed(), 'idle').toBeGreaterThan(1400);
    });
    add('a refused request', () => stays(siege, 'no request\r\n\r\n'));
    const upgrade = ['GET /elsewhere HTTP/1.1', 'Host: x', ...UPGRADE, KEY, '', ''].join('\r\n');
    if (is(WIRES, siege)) add('a refused upgrade', () => stays(siege, upgrade));
  }
  if (is(WIRES, siege))
    add('a vanished WebSocket', async () => {
      // It reads, and is as silent as one that is gone.
      const vanished = await opened(siege);
      await vanished.closed();
      expect(elapsed(), 'a vanished WebSocket').toBeGreaterThan(995);
    });
  if (is(ENGINES, siege))
    add('a vanished session', async () => {
      const { query } = await session(siege);
      while ((await ask(siege, [], `GET ${siege.target(query)} HTTP/1.1`)) === 200);
      expect(elapsed(), 'a vanished session').toBeGreaterThan(995);
    });
  await Promise.all(cases);
}

// They wait, so all servers are made to wait at once.
const outcomes = new Map<string, Promise<void>>();
const sieges: Besieged[] = [];
beforeAll(async () => {
  await Promise.all(ALL.map(async (scenario) => sieges.push(await Besieged.begin(scenario))));
  for (const siege of sieges) {
    const outcome = siege.endures(dawdle);
    outcome.catch(() => {});
    outcomes.set(siege.id, outcome);
  }
});
afterAll(() => Promise.all(sieges.map((siege) => siege.end())));

describe.each(ALL.map(({ id }) => id))('%s', (id) => {
  it('has no time for those who dawdle, vanish, or stay when they are told to go', () => outcomes.get(id));
});
