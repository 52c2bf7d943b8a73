import { afterEach, describe, expect, it } from 'vitest';
import { sumLayers } from '../scenarios/ledger.js';
import { scenarios } from '../scenarios/registry.js';
import { between } from './support/crowd.js';
import type { HostProcess } from './support/host-process.js';
import { Stage } from './support/stage.js';
import { Tap } from './support/tap.js';
import { WITNESSES } from './support/witnesses.js';

const CLIENTS = 3;
const IDS = ['socketio-polling', 'socketio-upgrade'] as const;
/** A test should see several; a run has its first after 15 s. */
const HEARTBEAT_MS = 400;

const stage = new Stage();
afterEach(() => stage.clear());

describe.each(IDS)('%s', (id) => {
  const scenario = scenarios[id];

  it("makes the requests that the library's own client makes", async () => {
    const askedBy = async (
      listen: (host: HostProcess, url: string) => Promise<void>,
    ): Promise<Set<string>> => {
      const host = await stage.host(scenario);
      const tap = await Tap.to(host.url);
      stage.later(() => tap.close());
      await listen(host, tap.url);
      const lines = tap.said.join('\n').match(/^(GET|POST) .*(?=\r$)/gm)!;
      return new Set(
        lines.map((line) => line.replace(/t=[0-9a-z]{8}\b/, 't=*').replace(/sid=[\w-]{20}\b/, 'sid=*')),
      );
    };
    const ours = await askedBy(async (host, url) => {
      const crowd = stage.crowd(scenario, url, { clients: 1 });
      await crowd.open();
      await host.holds(1);
      await host.publish({ count: 1 });
      await crowd.received(1);
    });
    const theirs = await askedBy(async (host, url) => {
      const witness = WITNESSES[id](url);
      stage.later(() => witness.close());
      await host.holds(1);
      await host.publish({ count: 1 });
      await witness.hears(1);
    });
    expect(ours.size).toBe(id === 'socketio-polling' ? 3 : 4);
    expect([...ours].sort()).toEqual([...theirs].sort());
  });

  it("has the server's sockets count what the clients' count, lost sessions and heartbeats contained", async () => {
    const settings = { heartbeatMs: HEARTBEAT_MS, countBytes: true };
    const { host, crowd } = await stage.play(scenario, { clients: CLIENTS }, settings);
    const first = await host.publish({ count: 40, seconds: 2.2 * (HEARTBEAT_MS / 1000), bytes: 100 });
    await crowd.received(first.length);
    for (const client of crowd.clients.slice(0, 2)) client.close();
    await host.holds(CLIENTS - 2);
    await host.publish({ count: 1 });
    await crowd.until(() => crowd.sequences[2]!.length === first.length + 1, 'the last message');
    // Closed in good order, for a reset throws away what the other end has not read.
    crowd.clients[2]!.leave();
    await host.holds(0);
    for (const own of crowd.sequences.slice(0, 2)) expect(own).toEqual(first);
    const { up, down } = crowd.audit();
    expect(Math.min(up.idle, down.idle)).toBeGreaterThan(0);
    expect([crowd.imbalances, crowd.failures]).toEqual([[], []]);
    const { bytes } = await host.sample();
    expect(bytes).toEqual({
      read: sumLayers(up),
      written: sumLayers(down),
      sockets: CLIENTS * scenario.connections!,
    });
  });
});

describe('socketio-polling', () => {
  const scenario = scenarios['socketio-polling'];

  it('asks and answers with the same bytes each time, and answers pings on the other connection', async () => {
    const { host, crowd } = await stage.play(scenario, { clients: CLIENTS }, { heartbeatMs: HEARTBEAT_MS });
    const of = (messages: number) => crowd.exchanges.filter((exchange) => exchange.messages === messages);
    for (const messages of [1, 2, 3]) {
      const pongs = of(0).length / 2;
      await host.publish({ count: 1, bytes: 50 });
      await crowd.received(messages);
      await crowd.until(() => of(0).length / 2 >= pongs + CLIENTS, 'a heartbeat of each client');
    }
    const [request, ...others] = new Set(of(1).map(({ up }) => up));
    expect(others).toEqual([]);
    // Two exchanges a heartbeat: a poll that brings `2`, 65 bytes less than one with a message of 50, and a POST of `3`.
    const [hit] = of(1).map(({ down }) => down);
    const kinds = new Map(of(0).map((exchange) => [JSON.stringify(exchange), exchange]));
    const [poll, post, ...more] = [...kinds.values()].sort((a, b) => b.down - a.down);
    expect(more).toEqual([]);
    // Content-Length has a digit less, too.
    expect(poll).toEqual({ messages: 0, up: request, down: hit! - 65 - 1 });
    // POST for GET, Content-Length: 1 with its line end, and the packet.
    expect(post!.up).toBe(request! + 1 + 'Content-Length: 1\r\n'.length + 1);
    const { up, down } = crowd.audit();
    const idle = of(0).reduce((sum, each) => sum + each.up, 0);
    expect([up.idle, down.idle]).toEqual([idle, of(0).reduce((sum, each) => sum + each.down, 0)]);
    expect([crowd.imbalances, crowd.failures]).toEqual([[], []]);
  });

  it('gets k messages that came meanwhile in one answer, with k - 1 separators', async () => {
    const { host, crowd } = await stage.play(scenario, { clients: 2 });
    const before = crowd.audit();
    // The first answers the poll that is held; the others wait for the next one.
    await host.publish({ count: 7 });
    await crowd.received(7);
    const answers = crowd.exchanges.map(({ messages }) => messages);
    expect(answers.reduce((sum, messages) => sum + messages, 0)).toBe(2 * 7);
    // At least one answer holds several, wherever the polls happened to fall between the publishes.
    const separators = answers.reduce((sum, messages) => sum + messages - 1, 0);
    expect(separators).toBeGreaterThan(0);
    const { down } = between(before, crowd.audit());
    expect(down).toMatchObject({ payload: 2 * 70, framing: 2 * 7 * 16 + separators });
  });
});

describe('socketio-upgrade', () => {
  it('answers pings on the WebSocket, seven bytes for three', async () => {
    const { host, crowd } = await stage.play(
      scenarios['socketio-upgrade'],
      { clients: CLIENTS },
      { heartbeatMs: HEARTBEAT_MS },
    );
    // On a busy machine the first may come while it still polls.
    const before = crowd.audit();
    const since = () => between(before, crowd.audit());
    await crowd.until(() => since().up.idle >= 4 * CLIENTS * 7, 'four heartbeats');
    expect(since().up.idle / 7).toBe(since().down.idle / 3);
    await host.publish({ count: 1 });
    await crowd.received(1);
    expect(crowd.exchanges).toEqual([]);
    expect([crowd.imbalances, crowd.failures]).toEqual([[], []]);
  });

  it('stays with polling at a server that offers no WebSocket', async () => {
    const host = await stage.host(scenarios['socketio-polling']);
    const crowd = stage.crowd(scenarios['socketio-upgrade'], host.url, { clients: CLIENTS });
    await crowd.open();
    await host.holds(CLIENTS);
    const published = await host.publish({ count: 30, seconds: 0.3 });
    await crowd.received(30);
    for (const own of crowd.sequences) expect(own).toEqual(published);
    crowd.audit();
    expect(crowd.exchanges.length).toBeGreaterThan(CLIENTS);
    expect([crowd.imbalances, crowd.failures]).toEqual([[], []]);
  });
});
