import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
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
  play(): Promise<SideResult>;
}

/** A side crowd alone with a server, in this process: no main crowd, no processes. */
async function stage(
  id: string,
  spec: SideCrowdSpec,
  settings: Partial<ServerSettings> = {},
  { rate = 25, payloadBytes = 10 } = {},
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
    durationSeconds: DURATION_SECONDS,
  };
  const target = parseTarget(server.url);
  const side = new SideCrowd({
    plan: { ...spec, part: 0, parts: 1, targets: [target] },
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
      rows: 2,
      rowMs: 1000,
      onWake: () => {},
    },
  });
  return {
    side,
    server,
    async play() {
      await new Promise<void>((resolve) => side.connect(resolve));
      const startMs = performance.now();
      side.begin(startMs);
      for (const [k, instant] of intendedInstants(measure).entries()) {
        await delay(Math.max(0, startMs + instant - performance.now()));
        feed.append(k + 1, encodePayload(k + 1, payloadBytes));
      }
      await delay(Math.max(0, startMs + DURATION_SECONDS * 1000 - performance.now() + 60));
      side.end(feed.lastSequence);
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
  it('come and go on every transport: none fails, misses a message or leaves a connection behind', async () => {
    await Promise.all(
      ids.map(async (id) => {
        const { play, server } = await stage(id, visitors);
        const result = await play();
        expect([id, result.clients, result.failures, result.missed, result.unexpected]).toEqual([
          id,
          30,
          {},
          0,
          0,
        ]);
        // Whoever came in the last moment may not be connected yet.
        expect(result.everIn, id).toBeGreaterThan(12);
        expect(result.deliveries, id).toBeGreaterThan(100);
        expectBalance(result);
        await deserted(server);
      }),
    );
  });

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
        expect(result.deliveries, id).toBeGreaterThan(5);
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
          const { play, server } = await stage(id, { kind: 'newcomers', clients: 12 }, { admission: 5 });
          const result = await play();
          expect([id, result.clients, result.everIn, Object.keys(result.failures)]).toEqual([
            id,
            12,
            5,
            ['http-503'],
          ]);
          expect(result.failures['http-503'], id).toBeGreaterThanOrEqual(7);
          expect(result.missed, id).toBe(0);
          // At the end of the window nobody is without an answer.
          const last = result.rows.slice(COLUMNS, COLUMNS + FATES.length);
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

  it('are all in the last row, when the window ends a moment before its time', async () => {
    const { side, server } = await stage('sse', { kind: 'newcomers', clients: 12 }, { admission: 5 });
    side.begin(performance.now());
    const { recorder } = side;
    while (recorder.everIn + (recorder.failures['http-503'] ?? 0) < 12) await delay(1);
    side.end(0);
    const { rows } = side.finish();
    const told = Array.from({ length: rows.length / COLUMNS }, (_, row) => rows.slice(row * COLUMNS)).map(
      (row) => [row[FATES.indexOf('onTime')], row[FATES.indexOf('http503')]],
    );
    expect(told.filter(([onTime]) => onTime !== 0).at(-1)).toEqual([5, 7]);
    await deserted(server);
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
        const result = await play();
        expect([id, result.connectedAtOpening, result.failures]).toEqual([id, 3, {}]);
        // Eleven beats in the window, a read before the first and those of the handshake, by a connection or two.
        expect(sumLayers(result.ledger.down), id).toBeLessThan(3 * 500 * 20);
        expect(result.deliveries, id).toBeLessThan(3 * 10);
        expect(result.missed, id).toBe(0);
        expectBalance(result);
        await deserted(server);
      }),
    );
  });

  it('hear everything when little is sent', async () => {
    const { play } = await stage('sse', slow);
    const result = await play();
    expect([result.deliveries, result.lateDeliveries]).toEqual([90, 0]);
  });

  it('are cut off by a server whose queue for them is full, and count for it', async () => {
    const { play, server } = await stage(
      'websocket',
      slow,
      { maxQueuedBytes: 1000 },
      { payloadBytes: 1_000_000 },
    );
    await play();
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
