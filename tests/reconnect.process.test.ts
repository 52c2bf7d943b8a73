import { afterEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../scenarios/contract.js';
import { scenarios } from '../scenarios/registry.js';
import type { Crowd } from './support/crowd.js';
import type { HostProcess } from './support/host-process.js';
import { quietPort } from './support/quiet-port.js';
import type { Ending } from './support/relay.js';
import { Stage } from './support/stage.js';

const CLIENTS = 4;
const ENDINGS: readonly Ending[] = ['FIN', 'RST'];

const stage = new Stage();
afterEach(() => stage.clear());

/** A server behind a relay that can lose connections, and clients that visit it there. */
async function behindRelay(scenario: Scenario, pollIntervalMs = 25) {
  const host = await stage.host(scenario);
  const relay = await stage.relay(host.url);
  const crowd = stage.crowd(scenario, relay.url, { clients: CLIENTS, pollIntervalMs });
  await crowd.open();
  await held(scenario, host);
  return { host, relay, crowd };
}

/** The server knows every client. One that connects for each poll is seen, and not held. */
async function held({ reconnectsEachPoll }: Scenario, host: HostProcess): Promise<void> {
  if (!reconnectsEachPoll) await host.holds(CLIENTS);
}

/** Every client is back, and its server knows. */
async function back(scenario: Scenario, crowd: Crowd, host: HostProcess): Promise<void> {
  await crowd.stands();
  await held(scenario, host);
}

function expectExactly(crowd: Crowd, sequences: readonly number[]): void {
  for (const own of crowd.sequences) expect(own).toEqual(sequences);
  crowd.audit();
  expect(crowd.imbalances).toEqual([]);
}

describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  const { resumes, reconnectsEachPoll = false } = scenario;

  it.each(ENDINGS)(
    `${resumes ? 'gets what it missed' : 'goes on with later messages'} after the server was away, ended by %s`,
    async (ending) => {
      const { host, relay, crowd } = await behindRelay(scenario);
      const before = await host.publish({ count: 5 });
      await crowd.received(5);
      await relay.down(ending);
      const missed = await host.publish({ count: 5 });
      await host.holds(0);
      await crowd.until(() => crowd.standing.every((stands) => !stands), 'all clients to notice');
      await relay.up();
      await back(scenario, crowd, host);
      const after = await host.publish({ count: 5 });
      const all = resumes ? [...before, ...missed, ...after] : [...before, ...after];
      await crowd.received(all.length);
      expectExactly(crowd, all);
      expect(crowd.disconnects).toBe(CLIENTS);
      // Who connects for each poll has nothing to lose between two: the next one is refused, if none was under way.
      if (reconnectsEachPoll)
        expect(crowd.kinds.some((kind) => kind === 'refused' || kind === 'reset')).toBe(true);
      else if (ending === 'RST') expect(crowd.kinds).toContain('reset');
      // A poll may meet a closed socket, which answers with a reset.
      else if (!scenario.waitsForInterval) expect(crowd.kinds).not.toContain('reset');
    },
  );

  it.each(ENDINGS)('is not confused by half a message before %s', async (ending) => {
    const { host, relay, crowd } = await behindRelay(scenario);
    const before = await host.publish({ count: 2 });
    await crowd.received(2);
    relay.cutAfter(50_000, ending, reconnectsEachPoll);
    const half = await host.publish({ count: 1, bytes: 100_000 });
    await crowd.until(() => crowd.disconnects >= CLIENTS, 'all clients to notice');
    relay.spare();
    await back(scenario, crowd, host);
    const after = await host.publish({ count: 3, bytes: 20 });
    const all = resumes ? [...before, ...half, ...after] : [...before, ...after];
    await crowd.received(all.length);
    expectExactly(crowd, all);
    // A reset that comes together with data is an end of file to libuv.
    expect(['closed', 'reset']).toEqual(expect.arrayContaining(crowd.kinds));
    expect(crowd.kinds).not.toEqual([]);
  });

  // Without a connection that stands idle there is none that could be reset unnoticed.
  if (scenario.waitsForInterval && !reconnectsEachPoll) {
    it('does not count a request that its socket could not take any more', async () => {
      const { host, relay, crowd } = await behindRelay(scenario, 3_600_000);
      // Both ends live in this process: the kernel knows of the reset, and the clients' sockets do not yet.
      relay.cut('RST');
      crowd.aheadMs = 3_600_000;
      crowd.wheel.turn();
      await crowd.until(() => crowd.disconnects >= CLIENTS, 'all clients to notice');
      expect(crowd.kinds).toEqual(['reset']);
      expect(crowd.audit().up).toMatchObject({ header: 0, idle: 0 });
      expect(crowd.imbalances).toEqual([]);
      await back(scenario, crowd, host);
    });
  }

  it('loses nothing, or only what passed while it was away, when connections break under load', async () => {
    const { host, relay, crowd } = await behindRelay(scenario);
    const published = host.publish({ count: 400, seconds: 1.6, bytes: 200, arrivals: 'poisson' });
    for (const [at, ending] of (['RST', 'FIN', 'RST'] as const).entries()) {
      const news = crowd.sequences.map((own) => own.length + 10);
      await crowd.until(() => crowd.sequences.every((own, n) => own.length >= news[n]!), 'news');
      relay.cutAfter(100 + 150 * at, ending, reconnectsEachPoll);
      await crowd.until(() => crowd.disconnects >= CLIENTS * (at + 1), 'all clients to notice');
      relay.spare();
      await crowd.stands();
    }
    const all = await published;
    if (resumes) {
      await crowd.received(all.length);
      expectExactly(crowd, all);
      return;
    }
    await host.holds(CLIENTS);
    all.push(...(await host.publish({ count: 1, bytes: 200 })));
    await crowd.until(() => crowd.sequences.every((own) => own.at(-1) === all.at(-1)), 'the last message');
    for (const own of crowd.sequences) {
      expect(own).toEqual([...new Set(own)].sort((a, b) => a - b));
      expect(own.slice(0, 10)).toEqual(all.slice(0, 10));
    }
    crowd.audit();
    expect(crowd.imbalances).toEqual([]);
  });

  it('backs off while the server is down, longer each time, and comes back when it is up on the same port', async () => {
    const port = await quietPort();
    const first = await stage.host(scenario, { port });
    const crowd = stage.crowd(scenario, first.url, { clients: CLIENTS, reconnectMs: 50 });
    await crowd.open();
    await held(scenario, first);
    const before = await first.publish({ count: 2 });
    await crowd.received(2);
    await first.kill();
    const refusals = (client: number): number[] =>
      crowd.failures
        .filter((failure) => failure.client === client && failure.kind === 'refused')
        .map(({ atMs }) => atMs);
    await crowd.until(
      () => crowd.clients.every((_, client) => refusals(client).length >= 2),
      'two refusals of each client',
    );
    const second = await stage.host(scenario, { port }, 3);
    await back(scenario, crowd, second);
    const after = await second.publish({ count: 2 });
    await crowd.received(4);
    expectExactly(crowd, [...before, ...after]);

    for (const client of crowd.clients.keys()) {
      const atMs = refusals(client);
      // Each wait is at least half of 50 ms times two, four, ... 32; the server may have asked for more. To who has no
      // connection that could break first, the first refusal is the loss.
      for (let at = 1; at < atMs.length; at++)
        expect(atMs[at]! - atMs[at - 1]!).toBeGreaterThanOrEqual(
          25 * Math.min(2 ** (at - (reconnectsEachPoll ? 1 : 0)), 32) - 1,
        );
    }
    const others = crowd.failures.filter(({ kind }) => kind !== 'refused');
    expect(others.every(({ kind }) => kind === 'reset' || kind === 'closed')).toBe(true);
    expect(others.length).toBeLessThanOrEqual(CLIENTS);
  });
});
