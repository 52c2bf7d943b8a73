import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { createRandom } from '../../protocol/random.js';
import { intendedInstants } from '../../protocol/schedule.js';
import type { Measurements, Reason, Result, TimelineRow, Trial } from '../result.js';
import { RESULT_SCHEMA } from '../result.js';
import { summarise } from '../summarise.js';

/** What a sample run is made of; all may be left out. */
export interface SampleOptions {
  /** Ids of the five, in registry order; all when left out. */
  readonly scenarios?: readonly string[];
  /** Client counts; more than one is a sweep. Default [1000]. */
  readonly clients?: readonly number[];
  /** Rounds. Default 3. */
  readonly trials?: number;
  readonly workload?: 'broadcast' | 'idle';
  readonly ratePerSecond?: number;
  readonly durationSeconds?: number;
  readonly payloadBytes?: number;
  readonly pollIntervalMs?: number;
  readonly seed?: number;
  /** Size of the noise between trials, as a part of each value. Default 0.04; 0 makes all trials alike. */
  readonly noise?: number;
  /** Trials by `scenario/round`, such as 'sse/2', that are void, failed or skipped. */
  readonly void?: readonly string[];
  readonly failed?: readonly string[];
  readonly skipped?: readonly string[];
  /** Warnings on every completed trial of a scenario. */
  readonly warnings?: Readonly<Record<string, readonly Reason[]>>;
  /** Messages lost in each trial of a scenario. */
  readonly lost?: Readonly<Record<string, number>>;
  /** Puts markup, escapes, table syntax and line breaks into every string that is free to hold them. */
  readonly hostile?: boolean;
  readonly ceiling?: boolean;
  /** False leaves the summary out, which takes longer than all the rest. */
  readonly isSummarised?: boolean;
  /** Replaces whole top-level fields at the end. */
  readonly override?: Partial<Result>;
}

/** A string that tries every way out of the page, the table and the terminal. */
export const HOSTILE =
  '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'`|*_[x](javascript:alert(1))\u001b[31m\u009b2J\u0007\r\n\u202e&amp;\u2028';

interface Shape {
  readonly title: string;
  readonly family: 'polling' | 'streaming' | 'socket';
  /** Latency beyond any poll interval, microseconds: median and 99th percentile. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly asks: boolean;
  readonly serverMicros: number;
  readonly generatorMicros: number;
  readonly serverBytesPerClient: number;
  readonly generatorBytesPerClient: number;
  readonly handshake: { readonly up: number; readonly down: number };
}

const SHAPES: Readonly<Record<string, Shape>> = {
  polling: {
    title: 'Polling',
    family: 'polling',
    p50Us: 400,
    p99Us: 1_900,
    asks: true,
    serverMicros: 5.2,
    generatorMicros: 2.1,
    serverBytesPerClient: 11_400,
    generatorBytesPerClient: 3_300,
    handshake: { up: 0, down: 0 },
  },
  longpoll: {
    title: 'Long polling',
    family: 'polling',
    p50Us: 21_000,
    p99Us: 61_000,
    asks: true,
    serverMicros: 38,
    generatorMicros: 11,
    serverBytesPerClient: 13_900,
    generatorBytesPerClient: 3_500,
    handshake: { up: 44, down: 0 },
  },
  iframe: {
    title: 'iframe streaming',
    family: 'streaming',
    p50Us: 6_900,
    p99Us: 15_100,
    asks: false,
    serverMicros: 9.4,
    generatorMicros: 3.2,
    serverBytesPerClient: 11_100,
    generatorBytesPerClient: 2_900,
    handshake: { up: 46, down: 1_220 },
  },
  sse: {
    title: 'Server-sent events',
    family: 'streaming',
    p50Us: 6_700,
    p99Us: 14_800,
    asks: false,
    serverMicros: 9.1,
    generatorMicros: 3.0,
    serverBytesPerClient: 11_000,
    generatorBytesPerClient: 2_900,
    handshake: { up: 43, down: 189 },
  },
  websocket: {
    title: 'WebSocket',
    family: 'socket',
    p50Us: 4_600,
    p99Us: 10_200,
    asks: false,
    serverMicros: 6.3,
    generatorMicros: 2.4,
    serverBytesPerClient: 9_800,
    generatorBytesPerClient: 2_700,
    handshake: { up: 155, down: 129 },
  },
};

const hexDigits = (size: number): number => size.toString(16).length;
/** Chunk line and its closing line break: hex digits and 4 bytes. */
const chunk = (size: number): number => hexDigits(size) + 4;

/** Framing of one message on a stream, after the formulas of docs/metrics.md. */
function streamFraming(scenario: string, payload: number): number {
  if (scenario === 'websocket') return payload <= 125 ? 2 : payload <= 65_535 ? 4 : 10;
  if (scenario === 'sse') {
    const event = 'id: 0000000000\ndata: \n\n'.length;
    return event + chunk(payload + event);
  }
  const wrapper = '<script>m("")</script>\n'.length;
  return wrapper + chunk(payload + wrapper);
}

const REQUEST_BYTES: Readonly<Record<string, number>> = { polling: 44, longpoll: 44 };
/** Response head without the digits of Content-Length. */
const ANSWER_HEAD_BYTES = 147;
const EMPTY_ANSWER_BYTES = 111;

interface Load {
  readonly published: number;
  readonly durationSeconds: number;
  readonly payload: number;
  readonly pollIntervalMs: number;
  readonly single: boolean;
}

/** The bytes and requests of one trial, in whole bytes, so that totals are exactly the sum of the parts. */
function wireOf(scenario: string, clients: number, delivered: number, load: Load) {
  const shape = SHAPES[scenario]!;
  const per = (total: number): number => total / delivered;
  const up = { payload: 0, header: 0, framing: 0, idle: 0, handshake: 0, total: 0 };
  const down = { ...up, payload: delivered * load.payload };
  const requests = { total: 0, empty: 0, postponed: 0 };
  let exchange: Measurements['wire']['exchange'] = null;
  if (shape.asks) {
    const polls = Math.max(1, Math.round((load.durationSeconds * 1000) / load.pollIntervalMs)) * clients;
    const hits = scenario === 'polling' ? Math.min(polls, delivered) : delivered;
    requests.empty = scenario === 'polling' ? polls - hits : 0;
    requests.total = hits + requests.empty;
    const request = REQUEST_BYTES[scenario]!;
    const body = Math.round(delivered / Math.max(1, hits)) * (load.payload + 1) - 1;
    const head = ANSWER_HEAD_BYTES + String(body).length;
    up.header = hits * request;
    down.header = hits * head;
    down.framing = delivered - hits;
    up.idle = requests.empty * request;
    down.idle = requests.empty * EMPTY_ANSWER_BYTES;
    exchange = {
      hit: { up: request, down: ANSWER_HEAD_BYTES + String(load.payload).length + load.payload },
      empty: requests.empty > 0 ? { up: request, down: EMPTY_ANSWER_BYTES } : null,
    };
  } else {
    down.framing = delivered * streamFraming(scenario, load.payload);
  }
  up.total = up.header + up.idle;
  down.total = down.payload + down.header + down.framing + down.idle;
  const scale = (bytes: typeof up) => ({
    payload: per(bytes.payload),
    header: per(bytes.header),
    framing: per(bytes.framing),
    idle: per(bytes.idle),
    handshake: per(bytes.handshake),
    total: per(bytes.total),
  });
  const totals = { up: up.total, down: down.total };
  return {
    requests: { ...requests, perDelivery: delivered > 0 ? per(requests.total) : null },
    wire: {
      perDelivery: delivered > 0 ? { up: scale(up), down: scale(down) } : null,
      exchange,
      idle: { up: up.idle, down: down.idle },
      handshakePerClient: { ...shape.handshake },
      totals,
      sockets: { ...totals },
    },
  };
}

function timelineOf(
  seconds: number,
  delivered: number,
  p50: number,
  p99: number,
  bytes: number,
  random: () => number,
) {
  const rows: TimelineRow[] = [];
  const count = Math.max(1, Math.ceil(seconds));
  let left = delivered;
  for (let second = 0; second < count; second++) {
    const share = second === count - 1 ? left : Math.min(left, Math.round(delivered / count));
    left -= share;
    rows.push({
      second,
      delivered: share,
      p50Us: share > 0 ? Math.round(p50 * (0.95 + 0.1 * random())) : null,
      p99Us: share > 0 ? Math.round(p99 * (0.9 + 0.2 * random())) : null,
      serverRssBytes: Math.round(bytes * (0.98 + 0.04 * random())),
      serverCpuPercent: 30 + 10 * random(),
      generatorCpuPercent: 15 + 5 * random(),
    });
  }
  return rows;
}

function measure(
  scenario: string,
  clients: number,
  round: number,
  options: SampleOptions,
  load: Load,
): Measurements {
  const shape = SHAPES[scenario]!;
  const random = createRandom(options.seed ?? 1, `${scenario}/${clients}/${round}`);
  const noise = options.noise ?? 0.04;
  const wobble = (value: number): number => value * (1 + noise * (2 * random() - 1));
  const expected = clients * load.published;
  const lost = Math.min(expected, options.lost?.[scenario] ?? 0);
  const delivered = expected - lost;
  const waitUs = scenario === 'polling' ? load.pollIntervalMs * 1000 : 0;
  const scale = wobble(clients / 1000);
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  });
  const spread = Math.log(shape.p99Us / shape.p50Us) / 2.326;
  const publishes = {
    every: 1,
    intendedUs: [] as number[],
    delivered: [] as number[],
    p50Us: [] as number[],
    p99Us: [] as number[],
    maxUs: [] as number[],
  };
  const instants = intendedInstants({
    seed: options.seed ?? 1,
    phase: 'window',
    arrivals: 'poisson',
    ratePerSecond: load.published / load.durationSeconds,
    durationSeconds: load.durationSeconds,
    ...(load.single ? { single: 0.5 } : {}),
  });
  // Sixty-four representatives a publish, each standing for its part of the clients.
  const samples: number[] = [];
  for (const instant of instants.subarray(0, 5_000)) {
    const own: number[] = [];
    for (let at = 0; at < 64; at++) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      own.push(Math.max(20, Math.round(waitUs * random() + scale * shape.p50Us * Math.exp(spread * normal))));
    }
    own.sort((a, b) => a - b);
    samples.push(...own);
    publishes.intendedUs.push(Math.round(instant * 1000));
    publishes.delivered.push(clients);
    publishes.p50Us.push(own[31]!);
    publishes.p99Us.push(own[62]!);
    publishes.maxUs.push(own[63]!);
  }
  const each = Math.max(1, Math.round(expected / Math.max(1, samples.length)));
  for (const sample of samples) histogram.recordValueWithCount(sample, each);
  samples.sort((a, b) => a - b);
  const at = (part: number): number =>
    samples[Math.min(samples.length - 1, Math.floor(part * samples.length))]!;
  const { wire, requests } = wireOf(scenario, clients, delivered, load);
  const memory = (baseline: number, perClient: number) => {
    const connectedBytes = Math.round(baseline + wobble(perClient) * clients);
    return {
      baselineBytes: baseline,
      connectedBytes,
      peakBytes: connectedBytes + 4_000_000,
      bytesPerClient: (connectedBytes - baseline) / clients,
    };
  };
  const server = memory(62_000_000, shape.serverBytesPerClient);
  const bytes = wire.totals.up + wire.totals.down;
  return {
    measuredSeconds: load.durationSeconds,
    clients: { requested: clients, connected: clients },
    messages: {
      published: load.published,
      expected,
      delivered,
      lost,
      duplicated: 0,
      reordered: 0,
      perResponse: shape.asks && delivered > 0 ? delivered / (requests.total - requests.empty) : null,
    },
    latencyUs: {
      count: expected,
      censored: lost,
      min: samples[0]!,
      mean: Math.round(samples.reduce((sum, sample) => sum + sample, 0) / samples.length),
      p50: at(0.5),
      p90: at(0.9),
      p99: at(0.99),
      p999: at(0.999),
      max: samples.at(-1)!,
      histogram: encodeIntoCompressedBase64(histogram),
    },
    generatorShareUs: { p50: wobble(40), p99: wobble(420), max: wobble(1_900) },
    publishes,
    throughput: {
      deliveriesPerSecond: delivered / load.durationSeconds,
      wireBytesPerSecond: bytes / load.durationSeconds,
    },
    requests,
    wire,
    cpu: {
      serverMicrosPerDelivery: delivered > 0 ? wobble(shape.serverMicros) : null,
      generatorMicrosPerDelivery: delivered > 0 ? wobble(shape.generatorMicros) : null,
    },
    memory: { server, generator: memory(55_000_000, shape.generatorBytesPerClient) },
    connect: { perSecond: wobble(4_800), p50Us: wobble(800), p99Us: wobble(3_100) },
    failures: lost > 0 ? { reset: Math.ceil(lost / 10) } : {},
    health: {
      generatorUtilization: wobble(0.31),
      generatorLoopDelayP99Us: wobble(2_100),
      publisherLagP50Us: wobble(410),
      publisherLagP99Us: wobble(1_300),
      stealPercent: wobble(0.2),
      foreignCpuPercent: wobble(1.1),
      limitedBy: null,
    },
    timeline: timelineOf(load.durationSeconds, delivered, at(0.5), at(0.99), server.connectedBytes, random),
  };
}

/**
 * A complete result of a made-up run, valid after the schema: the article's five transports with plausible numbers that
 * obey the byte formulas. The same options give the same document. For tests only.
 */
export function sampleResult(options: SampleOptions = {}): Result {
  const text = (value: string): string => (options.hostile ? `${value}${HOSTILE}` : value);
  const scenarios = options.scenarios ?? Object.keys(SHAPES);
  const clientCounts = options.clients ?? [1000];
  const rounds = options.trials ?? 3;
  const workload = options.workload ?? 'broadcast';
  const single = workload === 'idle';
  const ratePerSecond = options.ratePerSecond ?? 10;
  const durationSeconds = options.durationSeconds ?? 10;
  const load: Load = {
    published: single ? 1 : Math.round(ratePerSecond * durationSeconds),
    durationSeconds,
    payload: options.payloadBytes ?? 10,
    pollIntervalMs: options.pollIntervalMs ?? 1000,
    single,
  };
  const trials: Trial[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const clients of clientCounts) {
      for (const scenario of scenarios) {
        const name = `${scenario}/${round}`;
        const head = {
          scenario: text(scenario),
          workload: text(workload),
          clients,
          trial: round,
          order: trials.length + 1,
        };
        const because = (code: string, message: string): Reason[] => [
          { code: text(code), message: text(message) },
        ];
        if (options.failed?.includes(name)) {
          trials.push({
            ...head,
            status: 'failed',
            reasons: because('server-died', 'The server ended on SIGKILL.'),
          });
        } else if (options.skipped?.includes(name)) {
          trials.push({
            ...head,
            status: 'skipped',
            reasons: because('interrupted', 'The run was interrupted.'),
          });
        } else {
          const measurements = measure(scenario, clients, round, options, load);
          if (options.hostile) measurements.failures = { [text('reset')]: 3 };
          const isVoid = options.void?.includes(name) ?? false;
          if (isVoid) measurements.health.limitedBy = 'generator';
          const warnings = options.warnings?.[scenario] ?? [];
          trials.push({
            ...head,
            status: isVoid ? 'void' : 'completed',
            reasons: isVoid
              ? because(
                  'generator-share',
                  'The generator itself added 7.40 ms to a latency (p99), more than 3.00 ms. Use fewer clients.',
                )
              : warnings.map(({ code, message }) => ({ code: text(code), message: text(message) })),
            measurements,
          });
        }
      }
    }
  }
  return {
    schema: RESULT_SCHEMA,
    tool: { name: text('pushbench'), version: text('0.1.0') },
    startedAt: text('2026-11-22T20:00:00.000Z'),
    finishedAt: text('2026-11-22T20:04:00.000Z'),
    interrupted: false,
    command: [
      'pushbench',
      '--scenario',
      'all',
      '--trials',
      String(rounds),
      '--seed',
      '42',
      ...(options.hostile ? [HOSTILE] : []),
    ],
    environment: {
      node: text('v20.20.2'),
      v8: text('11.3.244.8-node.30'),
      os: text('Linux'),
      kernel: text('6.18.0'),
      cpuModel: text('AMD EPYC 7763 64-Core Processor'),
      cores: 2,
      allowedCores: 2,
      cpuQuotaCores: null,
      memoryBytes: 8_589_934_592,
      memoryLimitBytes: null,
      openFilesLimit: 20_000,
      ephemeralPorts: { first: 32_768, last: 60_999 },
      pinned: true,
      unavailable: options.hostile ? { [HOSTILE]: HOSTILE } : {},
    },
    scenarioInfo: scenarios.map((id) => ({
      id: text(id),
      title: text(SHAPES[id]!.title),
      family: text(SHAPES[id]!.family),
      order: Object.keys(SHAPES).indexOf(id),
    })),
    plan: {
      scenarios: scenarios.map(text),
      workload: text(workload),
      clients: [...clientCounts],
      ratePerSecond,
      arrivals: 'poisson',
      payloadBytes: load.payload,
      durationSeconds,
      warmupSeconds: 1,
      trials: rounds,
      pollIntervalMs: load.pollIntervalMs,
      headers: 'minimal',
      seed: options.seed ?? 42,
      pin: true,
      limits: { generatorShareMs: 3 },
      overridden: options.hostile ? [HOSTILE] : [],
    },
    requestCeiling:
      options.ceiling === false
        ? null
        : {
            scenario: text('polling'),
            tool: text('autocannon'),
            connections: 100,
            seconds: 2,
            requestsPerSecond: 12_300,
            errors: 0,
          },
    trials,
    summary: options.isSummarised === false ? [] : summarise(trials),
    ...options.override,
  };
}
