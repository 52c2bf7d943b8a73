import { afterEach, describe, expect, it } from 'vitest';
import { Generator } from '../runner/generator.js';
import type { ShardPlan, ShardReport } from '../runner/shard-protocol.js';
import { parseTarget } from '../runner/target.js';
import {
  FOREIGN_TRANSPORTS,
  type ForeignSpec,
  type ForeignTransport,
} from '../scenarios/foreign/contract.js';
import { foreignScenario } from '../scenarios/foreign/foreign-scenario.js';
import { sumLayers } from '../scenarios/ledger.js';
import { foreignSpec, ours, theirs } from '../scenarios/testing/foreign-spec.js';
import { Changes } from './support/changes.js';
import { Crowd } from './support/crowd.js';
import { FOREIGN_SERVERS, type ForeignServer } from './support/foreign-servers.js';

const CLIENTS = 3;
const TRANSPORTS = Object.keys(FOREIGN_TRANSPORTS) as ForeignTransport[];

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(
  transport: ForeignTransport,
): Promise<{ server: ForeignServer; url: string; spec: ForeignSpec }> {
  const server = FOREIGN_SERVERS[transport]();
  const url = await server.listen();
  ends.push(() => server.close());
  return { server, url, spec: foreignSpec({ transport, ...server.spec }) };
}

describe.each(TRANSPORTS)('clients of a foreign server over %s', (transport) => {
  it('hear every message once, whole and in order, and put every byte down', async () => {
    const { server, url, spec } = await serve(transport);
    const crowd = new Crowd(foreignScenario(spec), url, { clients: CLIENTS, payloadBytes: 5000 });
    ends.push(() => crowd.close());
    await crowd.open();
    if (transport !== 'polling') await server.holds(CLIENTS);
    server.publish('hello everybody');
    server.publish(theirs(7));
    for (let n = 1; n <= 20; n++) server.publish(ours(n, 5000));
    await crowd.received(20);
    const all = Array.from({ length: 20 }, (_, n) => n + 1);
    expect(crowd.sequences).toEqual(Array.from({ length: CLIENTS }, () => all));
    expect([...crowd.sizes]).toEqual([5000]);
    expect(crowd.failures).toEqual([]);
    expect(crowd.otherRuns).toBe(CLIENTS);
    const down = crowd.audit().down;
    expect(crowd.imbalances).toEqual([]);
    expect(down.payload).toBe(CLIENTS * 20 * 5000);
    expect(down.framing + down.header).toBeGreaterThan(0);
  });

  it('come back after their connections were cut, and hear what is said then', async () => {
    const { server, url, spec } = await serve(transport);
    const crowd = new Crowd(foreignScenario(spec), url, { clients: CLIENTS, payloadBytes: 22 });
    ends.push(() => crowd.close());
    await crowd.open();
    if (transport !== 'polling') await server.holds(CLIENTS);
    server.publish(ours(1, 22));
    await crowd.received(1);
    const before = crowd.connects.map((count) => count);
    server.cut();
    await crowd.until(() => crowd.connects.every((count, n) => count > before[n]!), 'everybody to be back');
    if (transport !== 'polling')
      await server.holds(transport === 'websocket' || transport === 'socketio' ? 2 * CLIENTS : CLIENTS);
    server.publish(ours(2, 22));
    await crowd.received(2);
    expect(crowd.sequences).toEqual(Array.from({ length: CLIENTS }, () => [1, 2]));
    crowd.audit();
    expect(crowd.imbalances).toEqual([]);
  });
});

it('a shard hears a server that publishes by itself: deliveries, gaps, latency by the times it carries', async () => {
  const { server, url, spec } = await serve('sse');
  const foreign: ForeignSpec = { ...spec, self: { time: { json: 'text', unit: 'ms' } } };
  const schedule = {
    seed: 1,
    phase: 'x',
    arrivals: 'constant',
    ratePerSecond: 100,
    durationSeconds: 1,
  } as const;
  const plan: ShardPlan = {
    scenario: foreign.id,
    foreign,
    shard: 0,
    targets: [{ target: parseTarget(url), clients: CLIENTS }],
    firstClient: 0,
    seed: 1,
    headers: 'minimal',
    pollIntervalMs: 1000,
    payloadBytes: 22,
    warmup: { ...schedule, durationSeconds: 0 },
    measure: schedule,
    connectPerSecond: 1000,
  };
  const reports: ShardReport[] = [];
  const changes = new Changes();
  const generator = new Generator(plan, foreignScenario(foreign), (report) => {
    reports.push(report);
    changes.changed();
  });
  ends.push(() => generator.stop());
  const reported = (type: ShardReport['type']) =>
    changes.until(() => reports.some((each) => each.type === type), type);
  await generator.prepare();
  generator.obey({ type: 'connect' });
  await reported('connected');
  await server.holds(CLIENTS);
  generator.obey({ type: 'start', phase: 'measure', startNs: process.hrtime.bigint().toString() });
  const publish = async (text: string): Promise<void> => {
    const heard = new Promise<void>((resolve) => setImmediate(resolve));
    server.publish(text);
    await heard;
  };
  for (let n = 0; n < 5; n++) await publish(String(performance.timeOrigin + performance.now() - 1000));
  await publish('no time at all');
  await publish(String(Date.now() + 60_000));
  const ticked = () =>
    reports.some((report) => report.type === 'tick' && report.tick.delivered >= 6 * CLIENTS);
  await changes.until(ticked, 'the deliveries');
  generator.obey({ type: 'published', phase: 'measure', count: 0 });
  await reported('drained');
  generator.obey({ type: 'finish', phase: 'measure' });
  const found = reports.find((report) => report.type === 'result');
  if (found?.type !== 'result') throw new Error('no result');
  const { result } = found;
  expect(result).toMatchObject({ delivered: 6 * CLIENTS, lost: 0, expected: 0, duplicated: 0 });
  expect(result.latency.count).toBe(5 * CLIENTS);
  expect(result.latency.min).toBeGreaterThanOrEqual(1_000_000);
  expect(result.target).toMatchObject({ unmarked: CLIENTS, otherRuns: 0, self: { backwards: CLIENTS } });
  expect(result.target!.self!.gaps.count).toBe(5 * CLIENTS);
  expect(result.target!.self!.rows.reduce((sum, row) => sum + row, 0)).toBe(6 * CLIENTS);
  expect(sumLayers(result.window.down)).toBe(result.sockets.down);
});
