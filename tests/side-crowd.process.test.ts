import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodePayload } from '../protocol/payload.js';
import { intendedInstants, type ScheduleSpec } from '../protocol/schedule.js';
import type { SideCrowdSpec, SideResult } from '../runner/side-crowd/contract.js';
import { SideCrowd } from '../runner/side-crowd/side-crowd.js';
import { COLUMNS, FATES } from '../runner/side-crowd/side-recorder.js';
import { parseTarget } from '../runner/target.js';
import type { Scenario } from '../scenarios/contract.js';
import { Ledger, sumLayers } from '../scenarios/ledger.js';
import { scenarios } from '../scenarios/registry.js';
import { TimerWheel } from '../scenarios/timer-wheel.js';
import type { ReferenceServer, ServerDefinition, ServerSettings } from '../servers/contract.js';
import { Feed } from '../servers/feed.js';
import { servers } from '../servers/registry.js';

const SETTINGS: ServerSettings = {
  address: '127.0.0.1',
  port: 0,
  keepAliveTimeoutMs: 60_000,
  holdMs: 20_000,
  heartbeatMs: 15_000,
  maxQueuedBytes: 4 * 1024 * 1024,
};
const DURATION_SECONDS = 1.2;
/** Clients of a session of socket.io have two connections. */
const SESSIONS = new Set(['socketio-polling', 'socketio-upgrade']);

const running: ReferenceServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

interface Stage {
  readonly side: SideCrowd;
  readonly server: ReferenceServer;
  /** Publishes the window, and ends the crowd. */
  play(course?: Course): Promise<SideResult>;
}

interface Course {
  /** How far the window is when the crowd comes to it, seconds: who should have come by then comes at once. Default 0. */
  readonly fromSeconds?: number;
  /** The window ends as soon as this holds. */
  readonly until?: () => boolean;
  /** The crowd is told to leave once this holds, after the window. */
  readonly drained?: () => boolean;
}

/** A side crowd alone with a server, in this process: no main crowd, no processes. */
async function stage(
  id: string,
  spec: SideCrowdSpec,
  settings: Partial<ServerSettings> = {},
  { rate = 25, payloadBytes = 10, durationSeconds = DURATION_SECONDS } = {},
): Promise<Stage> {
  const feed = new Feed();
  const definition = (servers as Readonly<Record<string, ServerDefinition>>)[id]!;
  const server = await definition.start(feed, { ...SETTINGS, ...settings });
  running.push(server);
  const measure: ScheduleSpec = {
    seed: 3,
    phase: 'measure/1',
    arrivals: 'constant',
    ratePerSecond: rate,
    durationSeconds,
  };
  const target = parseTarget(server.url);
  const side = new SideCrowd({
    plan: { ...spec, part: 0, parts: 1, firstClient: 0, targets: [target] },
    scenario: (scenarios as Readonly<Record<string, Scenario>>)[id]!,
    contextOf: (to, random, readBuffer) => ({
      target: to,
      // Replaced by the crowd's own.
      events: undefined as never,
      ledger: new Ledger(),
      wheel: new TimerWheel(1, () => {}),
      random,
      readBuffer,
      pollIntervalMs: 40,
      headers: 'minimal',
      reconnectMs: 100,
    }),
    seed: 3,
    connectPerSecond: 4000,
    recorder: {
      payloadBytes,
      warmup: { ...measure, phase: 'warmup/1', durationSeconds: 0 },
      measure,
      rows: Math.ceil(durationSeconds),
      rowMs: 1000,
      onWake: () => {},
    },
  });
  return {
    side,
    server,
    async play({ fromSeconds = 0, until = () => false, drained = () => true } = {}) {
      await new Promise<void>((resolve) => side.connect(resolve));
      const instants = intendedInstants(measure);
      const publish = (k: number) => feed.append(k + 1, encodePayload(k + 1, payloadBytes));
      let next = 0;
      while (instants[next]! < fromSeconds * 1000) publish(next++);
      const startMs = performance.now() - fromSeconds * 1000;
      side.begin(startMs);
      while (next < instants.length && !until()) {
        await delay(Math.max(0, startMs + instants[next]! - performance.now()));
        publish(next++);
      }
      if (!until()) await delay(Math.max(0, startMs + durationSeconds * 1000 - performance.now() + 60));
      side.end(feed.lastSequence);
      while (!drained()) await delay(5);
      return side.finish();
    },
  };
}

/** Every byte of every socket, of those who have left too, is in the ledger. */
function expectBalance({ ledger, sockets }: SideResult): void {
  expect({ up: sumLayers(ledger.up), down: sumLayers(ledger.down) }).toEqual(sockets);
}

/** The server is rid of everybody; the test's time-out is the limit. */
async function deserted(server: ReferenceServer): Promise<void> {
  while (server.held() > 0) await delay(5);
}

const visitors: SideCrowdSpec = {
  kind: 'visitors',
  arrivals: {
    seed: 3,
    phase: 'visitors/1',
    arrivals: 'poisson',
    ratePerSecond: 25,
    durationSeconds: DURATION_SECONDS,
  },
};

const ids = Object.keys(scenarios);

describe('visitors', () => {
  // A few transports at a time: 30 people each come within a second, all of them to this process.
  it.each([ids.slice(0, 4), ids.slice(4, 8), ids.slice(8)].map((some) => ({ some, names: some.join(', ') })))(
    'come and go on $names: none fails, misses a message or leaves a connection behind',
    async ({ some }) => {
      await Promise.all(
        some.map(async (id) => {
          const { play, server } = await stage(id, visitors);
          const result = await play();
          expect([id, result.clients, result.failures, result.missed, result.unexpected]).toEqual([
            id,
            30,
            {},
            0,
            0,
          ]);
          // Whoever is gone before they are connected never hears anything: how many that are is the machine's affair.
          expect(result.everIn, id).toBeGreaterThan(0);
          expect(result.deliveries, id).toBeGreaterThan(result.everIn);
          expectBalance(result);
          await deserted(server);
        }),
      );
    },
  );

  it('start from now: nobody is told what was published before they came', async () => {
    await Promise.all(
      ids.map(async (id) => {
        const { play } = await stage(id, {
          kind: 'visitors',
          // One, in the middle of the window.
          arrivals: {
            seed: 1,
            phase: 'late',
            arrivals: 'constant',
            ratePerSecond: 1 / DURATION_SECONDS,
            durationSeconds: DURATION_SECONDS,
          },
        });
        const result = await play();
        expect([id, result.clients]).toEqual([id, 1]);
        // Half of the 30 messages, and what a poll's time or a handshake's takes of it.
        expect(result.deliveries, id).toBeLessThanOrEqual(15);
        expect(result.deliveries, id).toBeGreaterThan(0);
        expect(result.missed, id).toBe(0);
      }),
    );
  });
});

describe('newcomers', () => {
  it('are let in up to the limit; the others are told 503, and all are accounted for', async () => {
    await Promise.all(
      ids
        .filter((id) => !SESSIONS.has(id) && id !== 'polling-close')
        .map(async (id) => {
          const { side, play, server } = await stage(
            id,
            { kind: 'newcomers', clients: 12 },
            { admission: 5 },
            { durationSeconds: 60 },
          );
          // All come at once, and the window ends when they have been answered, in the middle of a row.
          const failed = vi.spyOn(side.recorder, 'failed');
          const told = (): number => new Set(failed.mock.calls.map(([place]) => place)).size;
          const result = await play({ fromSeconds: 48, until: () => told() + side.recorder.everIn >= 12 });
          expect([id, result.clients, result.everIn, Object.keys(result.failures)]).toEqual([
            id,
            12,
            5,
            ['http-503'],
          ]);
          expect(result.failures['http-503'], id).toBeGreaterThanOrEqual(7);
          expect(result.missed, id).toBe(0);
          // At the end of the window nobody is without an answer.
          const rows = Array.from({ length: 60 }, (_, row) =>
            FATES.map((_, n) => result.rows[row * COLUMNS + n]!),
          );
          const last = rows.filter((row) => row.some((people) => people > 0)).at(-1)!;
          expect(Object.fromEntries(FATES.map((fate, n) => [fate, last[n]])), id).toMatchObject({
            coming: 0,
            onTime: 5,
            http503: 7,
          });
          expectBalance(result);
          await deserted(server);
        }),
    );
  });

  it('share one admission that counts connections, when each polls on a new one', async () => {
    const { play } = await stage('polling-close', { kind: 'newcomers', clients: 12 }, { admission: 8 });
    const result = await play();
    expect(result.everIn).toBe(12);
    expectBalance(result);
  });
});

describe('slow readers', () => {
  const slow: SideCrowdSpec = { kind: 'slow readers', clients: 3, readBytes: 500, everyMs: 100 };

  it('take no more than they are allowed to, on every transport', async () => {
    await Promise.all(
      ids.map(async (id) => {
        const { play, server } = await stage(id, slow, {}, { payloadBytes: 2000 });
        const fromMs = performance.now();
        const result = await play();
        // The beats there were, a read before the first and those of the handshake, by a connection or two.
        const beats = (performance.now() - fromMs) / 100 + 8;
        expect([id, result.connectedAtOpening, result.failures]).toEqual([id, 3, {}]);
        expect(sumLayers(result.ledger.down), id).toBeLessThan(3 * 500 * beats);
        expect(result.deliveries, id).toBeLessThan((3 * 500 * beats) / 2000);
        expect(result.missed, id).toBe(0);
        expectBalance(result);
        await deserted(server);
      }),
    );
  });

  it('hear everything when little is sent', async () => {
    const { side, play } = await stage('sse', slow);
    const result = await play({ drained: () => side.recorder.deliveries >= 90 });
    expect([result.deliveries, result.lateDeliveries]).toEqual([90, 0]);
  });

  it('are cut off by a server whose queue for them is full, and count for it', async () => {
    const { play, server } = await stage(
      'websocket',
      slow,
      { maxQueuedBytes: 1000 },
      { payloadBytes: 1_000_000 },
    );
    await play({ drained: () => server.cutOff() >= 3 });
    expect(server.cutOff()).toBe(3);
  });
});

it('is over at once when it is stopped, whatever it was doing', async () => {
  const { side, server } = await stage('sse', visitors);
  side.begin(performance.now() - 1000);
  side.stop();
  await deserted(server);
  expect(side.recorder.present).toBe(0);
});
