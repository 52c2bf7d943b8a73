import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../scenarios/contract.js';
import { sumLayers } from '../scenarios/ledger.js';
import { type ScenarioId, scenarios } from '../scenarios/registry.js';
import { servers } from '../servers/registry.js';
import { between, type Crowd } from './support/crowd.js';
import { Stage } from './support/stage.js';
import { asksByCursor, connectionsAtRest } from './support/traits.js';
import { FRAMING, minimalRequest } from './support/wire-formulas.js';

const SIZES = [10, 125, 126, 1000, 65_535, 65_536, 1024 * 1024];
const MANY = 300;

const stage = new Stage();
afterEach(() => stage.clear());

const count = (length: number, first = 1): number[] => Array.from({ length }, (_, at) => first + at);

/** Every client has received just these messages, once each and in this order, and every byte was put down. */
function expectExactly(crowd: Crowd, sequences: readonly number[]): void {
  for (const own of crowd.sequences) expect(own).toEqual(sequences);
  expectBalanced(crowd);
}

function expectBalanced(crowd: Crowd): void {
  crowd.audit();
  expect(crowd.imbalances).toEqual([]);
}

/** Sockets of this process that are connected or connecting. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /^TCP(Socket|Connect)Wrap$/.test(name)).length;
}

it('has a reference server for every scenario, and the other way round', () => {
  expect(Object.keys(servers).sort()).toEqual(Object.keys(scenarios).sort());
  for (const [id, { id: own }] of Object.entries(servers)) expect(own).toBe(id);
  for (const [id, { id: own }] of Object.entries(scenarios)) expect(own).toBe(id);
});

describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  const framing = FRAMING[scenario.id as ScenarioId];

  it('delivers everything, once, in order, to every client', async () => {
    const { host, crowd } = await stage.play(scenario, { clients: 8 });
    await host.publish({ count: MANY, seconds: 0.6, arrivals: 'poisson' });
    await host.publish({ count: MANY, bytes: 100 });
    await crowd.received(2 * MANY);
    expectExactly(crowd, count(2 * MANY));
    expect([...crowd.sizes].sort()).toEqual([10, 100]);
    expect(crowd.failures).toEqual([]);
    expect(crowd.connects).toEqual(crowd.clients.map(() => 1));
    expect((await host.sample()).cutOff).toBe(0);
  });

  it('delivers payloads of all sizes with just the framing of its format', async () => {
    const { host, crowd } = await stage.play(scenario, { clients: 3 });
    // The first message ends what counts as handshake.
    const sequences = await host.publish({ count: 1 });
    await crowd.received(1);
    for (const size of SIZES) {
      const before = crowd.audit();
      sequences.push(...(await host.publish({ count: 1, bytes: size })));
      await crowd.received(sequences.length);
      const { up, down } = between(before, crowd.audit());
      expectExactly(crowd, sequences);
      const found = { payload: down.payload / 3, framing: down.framing / 3, handshake: down.handshake };
      expect(found, `${size} bytes`).toEqual({ payload: size, framing: framing(size), handshake: 0 });
      // Who does not ask has nothing to say, and the server says nothing else.
      if (!scenario.asks) expect([sumLayers(up), down.header, down.idle]).toEqual([0, 0, 0]);
    }
    expect(crowd.sizes).toEqual(new Set(SIZES));
  });

  it('balances in the middle of a message of 1 MiB', async () => {
    // A turn of the loop reads 32 buffers of a socket at most (libuv): so small, the message takes many turns.
    const { host, crowd } = await stage.play(scenario, { clients: 2, readBufferBytes: 997 });
    await host.publish({ count: 1 });
    await crowd.received(1);
    const from = crowd.sockets.down;
    await host.publish({ count: 1, bytes: 1024 * 1024 });
    await crowd.received(2);
    expectExactly(crowd, [1, 2]);
    const midway = crowd.audits.filter((down) => down > from + 2000 && down < from + 1024 * 1024);
    expect(midway.length).toBeGreaterThan(10);
  });

  it('puts a handshake of the same bytes down for each client, and nothing else before the first message', async () => {
    const { crowd } = await stage.play(scenario, { clients: 3, pollIntervalMs: 3_600_000 });
    const { up, down } = crowd.audit();
    expectBalanced(crowd);
    if (asksByCursor(scenario)) {
      expect([up.handshake, down.handshake]).toEqual([0, 0]);
    } else {
      expect(up.handshake % 3).toBe(0);
      expect(down.handshake % 3).toBe(0);
      expect(up.handshake).toBeGreaterThan(3 * 'GET / HTTP/1.1\r\nHost: 127.0.0.1:10000\r\n\r\n'.length);
      expect(up).toMatchObject({ payload: 0, framing: 0, idle: 0 });
      // Who asks has asked for the first message.
      if (!scenario.asks) expect(up.header).toBe(0);
      expect(down).toMatchObject({ payload: 0, header: 0, framing: 0, idle: 0 });
    }
  });

  it('receives the same with the headers of a browser, at the cost of their bytes', async () => {
    const sums = [];
    for (const headers of ['minimal', 'browser'] as const) {
      const { host, crowd } = await stage.play(scenario, { clients: 2, headers });
      await host.publish({ count: 3, bytes: 126 });
      await crowd.received(3);
      expectExactly(crowd, [1, 2, 3]);
      const { up } = crowd.audit();
      sums.push(scenario.asks ? crowd.exchanges[0]!.up : up.handshake / 2);
      await stage.clear();
    }
    expect(sums[1]! - sums[0]!).toBeGreaterThan(300);
  });

  it('leaves no socket on either side when it is closed, open or half-open', async () => {
    const baseline = openSockets();
    const { host, crowd } = await stage.play(scenario, { clients: 5 });
    if (scenario.reconnectsEachPoll) expect(openSockets()).toBeLessThanOrEqual(baseline + 5);
    else expect(openSockets()).toBe(baseline + 5 * connectionsAtRest(scenario));
    const late = stage.crowd(scenario, host.url, { clients: 5 });
    for (const client of late.clients) client.open();
    late.close();
    await host.publish({ count: 2 });
    await crowd.received(2);
    crowd.close();
    await host.holds(0);
    while (openSockets() > baseline) await new Promise((resolve) => setTimeout(resolve, 5));
    await host.publish({ count: 2 });
    for (const client of [...crowd.clients, ...late.clients]) client.timer();
    expect(openSockets()).toBe(baseline);
    expectExactly(crowd, [1, 2]);
    expectBalanced(late);
    expect(crowd.failures).toEqual([]);
    expect(late.failures).toEqual([]);
  });

  if (asksByCursor(scenario)) {
    it('asks and answers with the same bytes each time, which a plain socket sees too', async () => {
      const { host, crowd } = await stage.play(scenario, { clients: 3 }, { holdMs: 100 });
      for (const messages of [1, 2, 3, 4]) {
        await host.publish({ count: 1 });
        await crowd.received(messages);
        const empty = crowd.exchanges.filter((exchange) => exchange.messages === 0).length;
        await crowd.until(
          () => crowd.exchanges.filter((exchange) => exchange.messages === 0).length >= empty + 3,
          'empty answers',
        );
      }
      expectExactly(crowd, [1, 2, 3, 4]);
      const fields = scenario.reconnectsEachPoll ? 'Connection: close\r\n' : '';
      const request = minimalRequest(host.url, '?since=0000000003', fields);
      const up = request.length;
      for (const messages of [0, 1]) {
        const exchanges = crowd.exchanges.filter((exchange) => exchange.messages === messages);
        expect(exchanges.length).toBeGreaterThanOrEqual(12);
        const asked = messages === 1 ? request : request.replace('3 HTTP', '4 HTTP');
        const down = (await plainAnswer(host.port, asked)).length;
        expect(new Set(exchanges.map((exchange) => JSON.stringify(exchange)))).toEqual(
          new Set([JSON.stringify({ messages, up, down })]),
        );
      }
    });

    it('joins k messages in one answer by k - 1 line feeds', async () => {
      const host = await stage.host(scenario);
      await host.publish({ count: 7 });
      const crowd = stage.crowd(scenario, host.url, { clients: 2 });
      await crowd.open();
      await crowd.received(7);
      expectExactly(crowd, count(7));
      const hits = crowd.exchanges.filter(({ messages }) => messages > 0);
      expect(hits.map(({ messages }) => messages)).toEqual([7, 7]);
      const { down } = crowd.audit();
      expect(down).toMatchObject({ payload: 2 * 70, framing: 2 * 6 });
    });
  }

  if (scenario.waitsForInterval) {
    it('asks at random phases, each client on a grid of its own', async () => {
      const pollIntervalMs = 400;
      const clients = 200;
      const host = await stage.host(scenario);
      const crowd = stage.crowd(scenario, host.url, { clients, pollIntervalMs });
      const openedMs = performance.now();
      await crowd.open();
      const connectingMs = performance.now() - openedMs;
      await crowd.until(() => crowd.exchanges.length >= 3 * clients, 'three polls each');
      const polls = crowd.clients.map((_, client) =>
        crowd.scheduled
          .filter((entry) => entry.client === client)
          .map(({ atMs }) => atMs)
          // The first entry is the time limit for connecting.
          .slice(1),
      );
      // Kolmogorov and Smirnov: at the 0.1 % level 200 uniform phases stray by less than 0.138.
      const phases = polls.map(([first]) => ((first! - openedMs) % pollIntervalMs) / pollIntervalMs).sort();
      const strays = phases.map((phase, at) => Math.max(phase - at / clients, (at + 1) / clients - phase));
      expect(Math.max(...strays)).toBeLessThan(0.138);
      for (const [first, ...later] of polls) {
        expect(first! - openedMs).toBeLessThan(pollIntervalMs + connectingMs);
        for (const atMs of later) {
          const turns = (atMs - first!) / pollIntervalMs;
          expect(Math.abs(turns - Math.round(turns))).toBeLessThan(1e-6);
        }
      }
    });
  }
});

/** What a server answers to one request, as it stands on the wire. */
async function plainAnswer(port: number, request: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  let text = '';
  socket.setEncoding('latin1').on('data', (part) => {
    text += part;
  });
  socket.write(request);
  const whole = (): boolean => {
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
    return text.length === end + 4 + length;
  };
  while (!whole()) await once(socket, 'data');
  socket.destroy();
  return text;
}
