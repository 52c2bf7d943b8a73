import { describe, expect, it } from 'vitest';
import { measurementsSchema } from '../reports/result.js';
import type { Evidence } from './evidence.js';
import { measurementsOf } from './measurements.js';
import {
  CONTESTANT,
  connectReport,
  evidence,
  histogram,
  hostSample,
  memory,
  PLAN,
  shardResult,
  table,
  totals,
} from './testing/hand-made-evidence.js';

const of = (changes: Partial<Evidence> = {}) => measurementsOf(evidence(changes));

/** A shard of one client, unlike `shardResult` in everything that two shards add up. */
const other = shardResult({
  clients: 1,
  connectedAtOpening: 1,
  delivered: 3,
  duplicated: 1,
  reordered: 2,
  lost: 1,
  lastDeliveryMs: 2300,
  // Three arrived, and the fourth was still missing after five seconds.
  latency: histogram([2000, 2000, 550_000, 5_000_000]),
  share: histogram([400, 400, 400]),
  publishes: { every: 1, delivered: [1, 1, 0, 1], table: table([[2000], [2000], [], [550_000]]) },
  seconds: { every: 1, table: table([[2000, 2000], [], [550_000], [], [], [], [], []]) },
  failures: { reset: 2, payload: 1 },
  window: totals({ idle: 10 }, { payload: 30, framing: 6, idle: 6 }),
  before: totals({ handshake: 155 }, { handshake: 129 }),
  sockets: { up: 10, down: 42 },
  cpuMicros: 600_000,
  wallMs: 2400,
  loopDelayP99Us: 2000,
  rssBytes: 30_000_000,
});
const first = shardResult({ failures: { reset: 1 } });
const two = {
  contestant: { ...CONTESTANT, clients: 3 },
  connects: [connectReport(), connectReport({ connected: 1, seconds: 0.75, latency: histogram([1900]) })],
  results: [first, other],
};

describe('bytes that are told apart', () => {
  const wireOf = (plan: Partial<typeof PLAN>, ofWhich: Parameters<typeof totals>[2] = {}) =>
    of({
      plan: { ...PLAN, ...plan },
      results: [1, 2].map(() =>
        shardResult({
          window: totals({ header: 2000, handshake: 155 }, { payload: 80, framing: 16 }, ofWhich),
          before: totals({ handshake: 310 }, { handshake: 258 }, { identity: 999, identityInHandshakes: 46 }),
          sockets: { up: 2155, down: 96 },
        }),
      ),
    }).wire;

  it('are null in a run that has none', () => {
    expect(wireOf({})).toMatchObject({ identity: null, growth: null });
    expect(wireOf({ content: 'unicode', cookieBytes: 0 })).toMatchObject({ identity: null, growth: null });
  });

  it('are what cookies cost in the window, and what a client paid before its first message', () => {
    const wire = wireOf({ cookieBytes: 36 }, { identity: 460, identityInHandshakes: 46 });
    // Two shards with eight deliveries each, and two clients that connected.
    expect(wire.identity).toEqual({ perDelivery: 57.5, handshakePerClient: 46, total: 920 });
    expect(wire.totals).toEqual(wire.sockets);
  });

  it('are what base64 added to binary payloads', () => {
    expect(wireOf({ content: 'binary' }, { growth: 48 }).growth).toEqual({ perDelivery: 6, total: 96 });
    expect(wireOf({ content: 'binary' }).growth).toEqual({ perDelivery: 0, total: 0 });
  });
});

describe('the measurements of two shards', () => {
  const found = of(two);

  it('are those of the result document', () => {
    expect(measurementsSchema.parse(found)).toEqual(found);
  });

  it('add up clients and messages', () => {
    expect(found.clients).toEqual({ requested: 3, connected: 3 });
    expect(found.messages).toEqual({
      published: 4,
      expected: 12,
      delivered: 11,
      lost: 1,
      duplicated: 1,
      reordered: 2,
      perResponse: null,
    });
  });

  it('merge latencies, the censored one contained', () => {
    const { histogram: encoded, p50, p999, mean, ...rest } = found.latencyUs;
    expect(rest).toEqual({ count: 12, censored: 1, min: 1000, max: 5_000_000, p90: rest.p90, p99: rest.p99 });
    expect(p50).toBe(1000);
    expect(Math.abs(rest.p90! / 550_000 - 1)).toBeLessThan(0.001);
    expect(Math.abs(rest.p99! / 5_000_000 - 1)).toBeLessThan(0.001);
    expect(p999).toBe(rest.p99);
    expect(mean).toBeCloseTo((8 * 1000 + 2 * 2000 + 550_000 + 5_000_000) / 12);
    expect(encoded.length).toBeGreaterThan(20);
    expect(found.generatorShareUs).toEqual({ p50: 100, p99: 400, max: 400 });
  });

  it('last from the opening to the last delivery', () => {
    expect(found.measuredSeconds).toBe(2.3);
    expect(found.throughput.deliveriesPerSecond).toBeCloseTo(11 / 2.3);
    expect(found.throughput.wireBytesPerSecond).toBeCloseTo((10 + 96 + 42) / 2.3);
  });

  it('tell each publish by its intended instant, over all clients', () => {
    const { p50Us, p99Us, ...rest } = found.publishes;
    expect(rest).toEqual({
      every: 1,
      intendedUs: [250_000, 750_000, 1_250_000, 1_750_000],
      delivered: [3, 3, 2, 3],
      maxUs: [2000, 2000, 1000, 550_000],
    });
    expect(p50Us.every((us) => Math.abs(us! / 1000 - 1) < 0.033)).toBe(true);
    expect(Math.abs(p99Us[3]! / 550_000 - 1)).toBeLessThan(0.033);
  });

  it('put every byte of the ledger into its layer, idle and handshake bytes charged to deliveries too', () => {
    expect(found.wire.totals).toEqual({ up: 10, down: 138 });
    expect(found.wire.sockets).toEqual({ up: 10, down: 138 });
    expect(found.wire.idle).toEqual({ up: 10, down: 6 });
    expect(found.wire.perDelivery).toEqual({
      up: { payload: 0, header: 0, framing: 0, handshake: 0, idle: 10 / 11, total: 10 / 11 },
      down: { payload: 10, header: 0, framing: 2, handshake: 0, idle: 6 / 11, total: 138 / 11 },
    });
    expect(found.wire.handshakePerClient).toEqual({ up: 465 / 3, down: 387 / 3 });
  });

  it('take CPU from both sides of the window, over deliveries', () => {
    expect(found.cpu).toEqual({
      serverMicrosPerDelivery: 500_000 / 11,
      generatorMicrosPerDelivery: 1e6 / 11,
    });
    expect(found.health.generatorUtilization).toBeCloseTo(0.25);
    expect(found.health.generatorLoopDelayP99Us).toBe(2000);
  });

  it('connect in the time of the slower shard', () => {
    expect(found.connect).toEqual({ perSecond: 4, p50Us: 1500, p99Us: 1900, serverMicrosPerClient: null });
  });

  it('add up failures by kind', () => {
    expect(found.failures).toEqual({ reset: 3, payload: 1 });
  });

  it('have a row of the timeline for each second of the window', () => {
    expect(found.timeline.map(({ second, delivered }) => [second, delivered])).toEqual([
      [0, 6],
      [1, 4],
      [2, 1],
    ]);
    expect(found.timeline.map(({ serverRssBytes }) => serverRssBytes)).toEqual([null, null, null]);
  });
});

describe('memory', () => {
  it('is told by side: before the first client, with all of them, at the peak, and over clients', () => {
    const { memory: found } = of({
      ...two,
      baseline: memory({ server: 60e6, generator: 50e6, serverHeap: 10e6 }),
      connected: memory({ server: 60.3e6, generator: 50.03e6, serverHeap: 10.15e6 }),
      system: { ...evidence().system, peakServerRss: 61e6, peakGeneratorRss: 51e6 },
    });
    expect(found.server).toMatchObject({
      baselineBytes: 60e6,
      connectedBytes: 60.3e6,
      peakBytes: 61e6,
      bytesPerClient: 100_000,
    });
    expect(found.generator).toMatchObject({
      baselineBytes: 50e6,
      connectedBytes: 50.03e6,
      bytesPerClient: 10_000,
    });
    // Both shards together at the end of the window hold more than any sample before.
    expect(found.generator.peakBytes).toBe(80e6);
  });

  it('may shrink', () => {
    const { memory: found } = of({ baseline: memory({ server: 60e6 }), connected: memory({ server: 59e6 }) });
    expect(found.server.bytesPerClient).toBe(-500_000);
    expect(found.server.peakBytes).toBe(60e6);
  });
});

describe('transports that ask', () => {
  const asking = shardResult({
    requests: { total: 20, empty: 12, withNews: 4, postponed: 3 },
    exchange: { hit: { count: 2, up: 84, down: 300 }, empty: { count: 12, up: 540, down: 1320 } },
  });
  const polled = {
    plan: { ...PLAN, scenarios: ['polling'] },
    contestant: { ...CONTESTANT, scenario: 'polling' },
  };

  it('tell requests, messages per answer and the bytes of one exchange', () => {
    const found = of({ ...polled, results: [asking, asking] });
    expect(found.requests).toEqual({ total: 40, empty: 24, postponed: 6, perDelivery: 2.5 });
    expect(found.messages.perResponse).toBe(2);
    expect(found.wire.exchange).toEqual({ hit: { up: 42, down: 150 }, empty: { up: 45, down: 110 } });
  });

  it('leave an exchange out that was never seen', () => {
    const { exchange } = shardResult();
    const found = of({
      ...polled,
      results: [shardResult({ ...asking, exchange: { ...exchange, hit: asking.exchange.hit } })],
    });
    expect(found.wire.exchange).toEqual({ hit: { up: 42, down: 150 }, empty: null });
  });

  it('have no messages per answer when no answer brought any', () => {
    expect(of(polled).messages.perResponse).toBe(null);
    expect(of(polled).wire.exchange).toEqual({ hit: null, empty: null });
  });

  it('are the only ones with exchanges', () => {
    expect(of({ results: [asking] }).wire.exchange).toBe(null);
    expect(of({ results: [asking] }).messages.perResponse).toBe(null);
  });
});

describe('a trial in which nothing arrived', () => {
  const nothing = shardResult({
    delivered: 0,
    lost: 8,
    lastDeliveryMs: 0,
    latency: histogram([]),
    share: histogram([]),
    publishes: { every: 1, delivered: [0, 0, 0, 0], table: table([[], [], [], []]) },
    seconds: { every: 1, table: table([[], [], []]) },
    window: totals({}, {}),
    sockets: { up: 0, down: 0 },
  });

  it('has no figure per delivery, and no zero in its place', () => {
    const found = of({ results: [nothing] });
    expect(measurementsSchema.parse(found)).toEqual(found);
    expect(found.wire.perDelivery).toBe(null);
    expect(found.cpu).toEqual({ serverMicrosPerDelivery: null, generatorMicrosPerDelivery: null });
    expect(found.requests.perDelivery).toBe(null);
    expect(found.latencyUs).toMatchObject({
      count: 0,
      min: null,
      mean: null,
      p50: null,
      p999: null,
      max: null,
    });
    expect(found.generatorShareUs).toEqual({ p50: null, p99: null, max: null });
    expect(found.throughput).toEqual({ deliveriesPerSecond: 0, wireBytesPerSecond: 0 });
    expect(found.measuredSeconds).toBe(2);
    expect(found.timeline.map(({ delivered, p50Us }) => [delivered, p50Us])).toEqual([
      [0, null],
      [0, null],
    ]);
  });

  it('for nobody was connected has no figure per client', () => {
    const connects = [connectReport({ connected: 0, seconds: 0, latency: histogram([]) })];
    const found = of({ connects, results: [{ ...nothing, connectedAtOpening: 0, lost: 0 }] });
    expect(found.messages.expected).toBe(0);
    expect(found.connect).toEqual({ perSecond: null, p50Us: null, p99Us: null, serverMicrosPerClient: null });
    expect(found.memory.server.bytesPerClient).toBe(null);
    expect(found.wire.handshakePerClient).toEqual({ up: 0, down: 0 });
  });
});

describe('a trial that was interrupted', () => {
  it('expects what was due until then, and lasted as long as its shards watched', () => {
    const publication = { ...evidence().publication, published: 2, due: 2, interrupted: true };
    const results = [
      shardResult({
        delivered: 4,
        wallMs: 1100,
        lastDeliveryMs: 760,
        publishes: { every: 1, delivered: [2, 2], table: table([[1000, 1000], [1000, 1000], [], []]) },
      }),
    ];
    const found = of({ publication, results });
    expect(found.messages).toMatchObject({ published: 2, expected: 4, delivered: 4, lost: 0 });
    expect(found.measuredSeconds).toBe(1.1);
    expect(found.publishes).toMatchObject({ intendedUs: [250_000, 750_000], delivered: [2, 2] });
  });

  it('does not hide what a server that fell behind should have published', () => {
    const publication = { ...evidence().publication, published: 3, due: 4 };
    expect(of({ publication }).messages).toMatchObject({ published: 3, expected: 8 });
  });
});

describe('thinned-out rows', () => {
  it('keep the intended instant of the publish they stand for', () => {
    const results = [
      shardResult({
        publishes: {
          every: 3,
          delivered: [2, 2],
          table: table([
            [1000, 1000],
            [4000, 4000],
          ]),
        },
      }),
    ];
    expect(of({ results }).publishes).toMatchObject({
      every: 3,
      intendedUs: [250_000, 1_750_000],
      delivered: [2, 2],
      maxUs: [1000, 4000],
    });
  });

  it('number the seconds of a long window by their start', () => {
    const plan = { ...PLAN, durationSeconds: 10 };
    const results = [shardResult({ seconds: { every: 4, table: table([[1000], [], [1000, 1000], [9]]) } })];
    const system = {
      ...evidence().system,
      rows: [1, 2, 3].map((n) => ({
        serverRssBytes: n,
        serverCpuPercent: 10 * n,
        generatorCpuPercent: null,
      })),
    };
    expect(of({ plan, results, system }).timeline).toMatchObject([
      { second: 0, delivered: 1, serverRssBytes: 1, serverCpuPercent: 10, generatorCpuPercent: null },
      { second: 4, delivered: 0, p50Us: null, serverRssBytes: 2, serverCpuPercent: 20 },
      { second: 8, delivered: 2, serverRssBytes: 3, serverCpuPercent: 30 },
    ]);
  });
});

describe('several server processes', () => {
  it('are added up, and a message is published once', () => {
    const found = of({
      serverBefore: [hostSample({ cpuMicros: 10 }), hostSample({ cpuMicros: 20 })],
      serverAfter: [hostSample({ cpuMicros: 410 }), hostSample({ cpuMicros: 420, rssBytes: 70e6 })],
    });
    expect(found.cpu.serverMicrosPerDelivery).toBe(100);
    expect(found.messages).toMatchObject({ published: 4, expected: 8 });
    expect(found.memory.server.peakBytes).toBe(130e6);
  });
});

describe('the lag of an idle publisher', () => {
  it('is told by its median and p99, and not at all when it was never idle', () => {
    const publication = { ...evidence().publication, idleLagUs: [100, 200, 900] };
    expect(of({ publication }).health).toMatchObject({ publisherLagP50Us: 200, publisherLagP99Us: 900 });
    const busy = { ...publication, idleLagUs: [] };
    expect(of({ publication: busy }).health).toMatchObject({
      publisherLagP50Us: null,
      publisherLagP99Us: null,
    });
  });
});
