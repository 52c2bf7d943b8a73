import { z } from 'zod';
import { comparisonSchema } from './comparison/schema.js';

/** Name and version of the result document. Readers refuse any other. */
export const RESULT_SCHEMA = 'pushbench/result@1';

const count = z.number().int().nonnegative();
const measured = z.number().nonnegative();
const nullable = measured.nullable();

/** Why a trial has its status, or a warning on a completed one. Codes are open strings. */
const reason = z.object({ code: z.string(), message: z.string() });

const upDown = z.object({ up: measured, down: measured });
/** Bytes per delivered message by layer; total = payload + header + framing + idle + handshake. */
const layers = z.object({
  payload: measured,
  header: measured,
  framing: measured,
  /** Empty polls, heartbeats: charged to the deliveries of the window. */
  idle: measured,
  /** Reconnects inside the window; the first handshake of each client is in handshakePerClient. */
  handshake: measured,
  total: measured,
});
const side = z.object({
  /** Resident set before the first client, bytes, summed over the side's processes, after collection. */
  baselineBytes: nullable,
  /** Resident set with all clients connected, after collection. */
  connectedBytes: nullable,
  peakBytes: nullable,
  /** (connected - baseline) / clients. Null where it cannot be read. */
  bytesPerClient: z.number().nullable(),
});
/** Memory before the first client and with all of them, summed over the server's processes. */
const held = z.object({
  baselineBytes: nullable,
  connectedBytes: nullable,
  /** (connected - baseline) / clients. Null where it cannot be read. */
  bytesPerClient: z.number().nullable(),
});
const serverSide = side.extend({
  /** V8's heap in use and what it holds outside (external), after collection. */
  heap: held.optional(),
  /** The kernel's side of the server's sockets; null where nothing of it can be read. */
  kernel: held
    .extend({ source: z.enum(['slabinfo', 'sockstat']) })
    .nullable()
    .optional(),
});

/** Bytes by everybody who counted them. */
const witnesses = {
  /** The clients' own ledger, and the counters of their sockets. */
  ledger: upDown,
  sockets: upDown,
  /** TCP_INFO, by the sender's end. */
  kernel: upDown,
  /** TCP payload of the captured packets. */
  capture: upDown,
  /** Counters of the servers' sockets. */
  server: upDown,
  ipBytes: upDown,
  segments: upDown,
};
/** The bytes of the connections' whole life, from connecting to the drain's end, and of the window. */
const verification = z.object({
  ...witnesses,
  connections: count,
  /** Segments that open a connection, both directions. */
  syn: count,
  window: z.object(witnesses),
  /** Of the window; null when nothing was delivered. */
  perDelivery: z.object({ ipBytes: upDown, segments: upDown }).nullable(),
  agrees: z.boolean(),
  /** A sentence each. */
  disagreements: z.array(z.string()),
});

const latency = z.object({
  /** Samples, censored ones contained. */
  count,
  /** Deliveries still missing at the deadline, entered at the deadline. */
  censored: count,
  min: nullable,
  mean: nullable,
  p50: nullable,
  p90: nullable,
  p99: nullable,
  p999: nullable,
  max: nullable,
  /** HdrHistogram V2 compressed, base64, microseconds. */
  histogram: z.string(),
});

const timelineRow = z.object({
  second: measured,
  delivered: count,
  p50Us: nullable,
  p99Us: nullable,
  serverRssBytes: nullable,
  serverCpuPercent: nullable,
  generatorCpuPercent: nullable,
});

const spread = z.object({ p50: nullable, p99: nullable, max: nullable });
/** Where those who are there stand at the end of a second: let in, or what they last met. */
const people = z.object({
  /** Here, and without an answer or a first message yet. */
  coming: count,
  /** Let in, their last message on time or late. */
  onTime: count,
  late: count,
  http503: count,
  http5xx: count,
  refused: count,
  reset: count,
  timeout: count,
  other: count,
});
/** What happened to them in a second. */
const sideEvents = z.object({
  /** TCP connections begun; transports opened. */
  dials: count,
  connects: count,
  delivered: count,
  deliveredLate: count,
  http503: count,
  http5xx: count,
  refused: count,
  reset: count,
  timeout: count,
  other: count,
});
/** A crowd beside the clients: visitors that come and go, slow readers, newcomers past what the server admits. */
const sideCrowd = z.object({
  kind: z.enum(['visitors', 'slow readers', 'newcomers']),
  /** People that came. */
  clients: count,
  /** Transports opened, and TCP connections begun for it. */
  connects: count,
  dials: count,
  /** Over the window; null for those who were there before it. */
  connectsPerSecond: nullable,
  askedPerSecond: nullable,
  connectUs: spread,
  latencyUs: spread,
  handshakePerDial: upDown,
  delivered: count,
  /** Of those, later than a second (and a poll interval) after they were due. */
  late: count,
  /** Between somebody's first message and their last. */
  missed: count,
  /** Slow readers only: not read by the end of the drain. */
  unread: count.nullable(),
  /** People that were never let in. */
  neverIn: count,
  failures: z.record(z.string(), count),
  /** Clients that the server cut off, whoever they were; null of a server of the user's, which is not asked. */
  cutOff: count.nullable(),
  /** All their bytes, by ledger and by the sockets' own counters. */
  bytes: upDown,
  sockets: upDown,
  slow: z
    .object({
      readBytesPerSecond: measured,
      /** Payload that is sent to each. */
      sentBytesPerSecond: measured,
      kernelBytesPerConnection: nullable,
      /** Of TCP buffers of the machine, both ends, over the window. */
      kernelGrowthBytes: nullable,
      /** Resident memory of the servers, from all connected to its peak, by slow reader: at most theirs. */
      serverGrowthBytesPerClient: nullable,
    })
    .nullable(),
  seconds: z.array(z.object({ second: measured, people, events: sideEvents })),
});

/** What one trial measured. Units are in the names; docs/metrics.md gives the source of every number. */
export const measurementsSchema = z.looseObject({
  measuredSeconds: measured,
  clients: z.object({ requested: count, connected: count }),
  messages: z.object({
    /** Null like expected, lost, duplicated and reordered where the target publishes by itself: nobody knows what it should have sent. */
    published: count.nullable(),
    expected: count.nullable(),
    delivered: count,
    lost: count.nullable(),
    duplicated: count.nullable(),
    reordered: count.nullable(),
    /** Messages per answer that carried any; null for transports without answers. */
    perResponse: nullable,
  }),
  latencyUs: latency,
  generatorShareUs: z.object({ p50: nullable, p99: nullable, max: nullable }),
  publishes: z.object({
    /** Keep one publish in this many: 1 unless the window had more than 5,000. */
    every: count,
    intendedUs: z.array(z.number()),
    delivered: z.array(count),
    p50Us: z.array(nullable),
    p99Us: z.array(nullable),
    maxUs: z.array(nullable),
  }),
  throughput: z.object({ deliveriesPerSecond: measured, wireBytesPerSecond: measured }),
  requests: z.object({
    total: count,
    empty: count,
    /** Polls left out because the one before was still unanswered. */
    postponed: count,
    perDelivery: nullable,
  }),
  wire: z.object({
    /** Null when nothing was delivered. */
    perDelivery: z.object({ up: layers, down: layers }).nullable(),
    /** Null for transports without requests, each half null until one such exchange was seen. */
    exchange: z.object({ hit: upDown.nullable(), empty: upDown.nullable() }).nullable(),
    idle: upDown,
    handshakePerClient: upDown,
    totals: upDown,
    sockets: upDown,
    /** Cookie lines of requests, an "of which" of the layers above, up; null or absent without --cookie. */
    identity: z
      .object({
        /** Null when nothing was delivered. */
        perDelivery: nullable,
        handshakePerClient: measured,
        /** In the window. */
        total: count,
      })
      .nullable()
      .optional(),
    /** What base64 adds to binary payloads, an "of which" of framing, down; null or absent unless --content binary. */
    growth: z.object({ perDelivery: nullable, total: count }).nullable().optional(),
    /** Only in a run with --verify-wire. */
    verification: verification.optional(),
  }),
  cpu: z.object({ serverMicrosPerDelivery: nullable, generatorMicrosPerDelivery: nullable }),
  memory: z.object({ server: serverSide, generator: side }),
  connect: z.object({
    perSecond: nullable,
    p50Us: nullable,
    p99Us: nullable,
    /** CPU of the server from before the first client until it held all, by client. */
    serverMicrosPerClient: nullable.optional(),
  }),
  failures: z.record(z.string(), count),
  health: z.object({
    generatorUtilization: nullable,
    generatorLoopDelayP99Us: nullable,
    publisherLagP50Us: nullable,
    publisherLagP99Us: nullable,
    stealPercent: nullable,
    foreignCpuPercent: nullable,
    /** CPU of all generator processes / the cores they are pinned to; null when they are not pinned. */
    generatorCoresUtilization: nullable.optional(),
    /** Part of the time in which the busiest generator's event loop was not idle. */
    generatorLoopUtilization: nullable.optional(),
    /** What being kept from running added to a message that came at a random instant. */
    generatorHeldP99Us: nullable.optional(),
    /** Delivered (or answered, if that is more) a second / what the generator can take; null without a calibration. */
    ceilingShare: nullable.optional(),
    /** What made the trial void; else what came nearest its limit. */
    limitedBy: z.enum(['server', 'generator', 'publisher', 'host']).nullable(),
    /** How near: 1 is at the limit. Null where what made it void has no limit. */
    limitShare: nullable.optional(),
    /** Reason codes of the limits that could not be judged. */
    notJudged: z.array(z.string()).optional(),
    /** Whether the last slices of the window show no trend. */
    steadyState: z
      .object({
        verdict: z.enum(['steady', 'trend', 'not judged']),
        slices: count,
        /** Over the slices that were judged, as a part of their median; 0 where no trend is more than chance. */
        drift: z.number().nullable(),
        /** What drifts; null unless something does. */
        of: z.enum(['latency', 'deliveries']).nullable(),
      })
      .optional(),
  }),
  /** The link between clients and servers; null without one. */
  link: z
    .object({
      rttMs: measured,
      bandwidthBitsPerSecond: nullable,
      processes: count,
      /** Instant of release less the intended one. */
      errorUs: z.object({ p50: nullable, p99: nullable, max: nullable }),
      cpuMicrosPerDelivery: nullable,
      /** Cores that the busiest link process used. */
      utilization: measured,
      releasesPerSecond: measured,
      /** Releases a second at the cost of these, with a core for each link process. */
      ceilingPerSecond: nullable,
      bytesUp: count,
      bytesDown: count,
    })
    .nullable()
    .optional(),
  /** Connections and what they leave behind; only of transports that connect for each poll. */
  ports: z
    .object({
      /** TCP connections that clients began. */
      connections: count,
      connectionsPerSecond: measured,
      /** Connections in TIME_WAIT at either end, the most seen; null where it cannot be read. */
      timeWaitPeak: count.nullable(),
      /** Of those, at the clients' ends. */
      timeWaitAtClients: count.nullable(),
      /** Client ports towards the server port that has most of them, TIME_WAIT contained, the most seen. */
      portsUsedPeak: count.nullable(),
      /** Client ports there are towards one server port. */
      ephemeralPorts: count.nullable(),
      /** Ports that clients connect to. */
      serverPorts: count,
      /** Why nothing could be read; null when it could. */
      unread: z.string().nullable(),
    })
    .optional(),
  /** People beside the clients whose numbers stand above; only in workloads that have them. */
  sideCrowd: sideCrowd.optional(),
  /** What restarts of the server did; only in the restart workload. */
  restarts: z
    .object({
      each: z.array(
        z.object({
          /** Where the log was: with a broker, which hands it to the new server, or in the killed server's memory. */
          log: z.enum(['broker', 'memory']),
          killedAtSeconds: measured,
          /** From the kill to the new server's listening. */
          awayMs: measured,
          /** Clients that lost their connection, and came back. */
          left: count,
          back: count,
          /** From the kill to the last return; null unless all came back, or when nobody had left. */
          allBackAfterMs: nullable,
          /** From a client's loss to its next connection. */
          clientAwayUs: z.object({ p50: nullable, p99: nullable, max: nullable }),
          expected: count,
          lost: count,
          /** Of those lost, due while no server listened. */
          lostWhileAway: count,
          /** Messages that nobody was there to publish. */
          neverPublished: count,
          duplicated: count,
          /** Deliveries of messages that were due before their client came back. */
          resumed: count,
        }),
      ),
      /** Clients that left, attempts and exchanges that failed, and returns, in each interval of the window. */
      herd: z.object({
        everyMs: count,
        left: z.array(count),
        failed: z.array(count),
        back: z.array(count),
      }),
    })
    .optional(),
  /** The proxy in front of the servers; absent without one. */
  proxy: z
    .object({
      /** As it was asked for: `nginx`, `nginx-default`. */
      name: z.string(),
      version: z.string(),
      processes: count,
      cpuMicrosPerDelivery: nullable,
      /** Cores that it used. */
      utilization: nullable,
      memory: side,
      /** Connections that the servers accepted from it, from the first connect to the drain's end. */
      upstreamConnections: count.nullable(),
      /** What of its configuration decides how messages pass. */
      config: z.string(),
    })
    .optional(),
  /** The handlers that every request first needs; absent where requests are answered at once. */
  handlers: z
    .object({
      /** Of each server process. */
      count,
      delayMs: measured,
      /** Requests and upgrades that one of them turned to. */
      served: count,
      /** From a request's arrival until a handler turned to it. */
      waitedUs: z.object({ p50: nullable, p99: nullable, max: nullable }),
      /** Requests that waited at once, in one server process. */
      longestQueue: count,
    })
    .optional(),
  /** What else clients heard from a server that is not ours; absent where it is one of ours. */
  target: z
    .object({
      /** Messages without a marker of ours, or where the target publishes by itself without the time they should carry. */
      unmarked: count,
      /** Messages of other runs. */
      otherRuns: count,
      /** Where the target publishes by itself: from a client's message to its next. Null where pushbench publishes. */
      gapsUs: z.object({ count, p50: nullable, p90: nullable, p99: nullable, max: nullable }).nullable(),
      /** Messages whose time was ahead of our clock: not in the latency. Null unless they are to carry a time. */
      backwards: count.nullable(),
      /** Publishing into it; null where it publishes by itself. */
      publish: z
        .object({
          /** Messages sent to it, and answers that said that it took them. */
          sent: count,
          taken: count,
          /** Of those sent: while one before was not answered, so that nobody knows their order. */
          overlapping: count.optional(),
          /** Of those sent: twice, for the connection of the first was lost before it was answered. */
          repeated: count.optional(),
          /** Messages that it did not take, by kind. */
          failures: z.record(z.string(), count),
          /** Messages without an answer when the drain ended. */
          unanswered: count,
          /** From sending a message to the answer that it was taken. */
          answeredUs: z.object({ p50: nullable, p99: nullable }),
        })
        .nullable()
        .optional(),
      /** Why its CPU and memory are null; null where they are not. */
      costsUnread: z.string().nullable().optional(),
    })
    .optional(),
  timeline: z.array(timelineRow),
});

const trialHead = {
  scenario: z.string(),
  workload: z.string(),
  clients: count,
  /** Round, from 1. */
  trial: count,
  /** Place in the order of the whole run, from 1. */
  order: count,
  /** Which of two identical arms, in an A/A run; which arm of a comparison: base, the same base again, or head. */
  arm: z.enum(['A', "A'", 'base', "base'", 'head']).optional(),
  reasons: z.array(reason),
};

export const trialSchema = z.discriminatedUnion('status', [
  z.looseObject({ ...trialHead, status: z.literal('completed'), measurements: measurementsSchema }),
  z.looseObject({ ...trialHead, status: z.literal('void'), measurements: measurementsSchema }),
  z.looseObject({ ...trialHead, status: z.literal('failed') }),
  z.looseObject({ ...trialHead, status: z.literal('skipped') }),
]);

const metric = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** With a single trial, the median latency's interval over its own publishes: it knows nothing of other runs. */
  withinRun: z.object({ low: z.number(), high: z.number(), publishes: count }).optional(),
});

/** Server memory per client as a slope over a sweep. */
const memorySlope = z.object({
  scenario: z.string(),
  workload: z.string(),
  /** JavaScript's heap, the whole process's resident set, or the kernel's side of its sockets. */
  metric: z.enum(['heap', 'process', 'kernel']),
  bytesPerClient: z.number(),
  /** Ends of the 99 % interval; null below five points. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Completed trials that it rests on. */
  points: count,
  /** Different client counts among them. */
  counts: count,
});

/** How far two identical arms of an A/A run were seen apart. */
export const noiseFloorSchema = z.looseObject({
  /** The earlier A/A result that it was taken from; null when this run measured it. */
  from: z.object({ startedAt: z.string(), cpuModel: z.string(), node: z.string() }).nullable(),
  entries: z.array(
    z.object({
      scenario: z.string(),
      workload: z.string(),
      clients: count,
      /** Dotted path, as in the summary. */
      metric: z.string(),
      /** Rounds in which both arms were completed and had the metric. */
      rounds: count,
      /** Median of A / A' over the rounds, and its 99 % interval; null ends below five rounds. */
      ratio: measured,
      low: nullable,
      high: nullable,
      /** Least and most A / A' of a single round. */
      least: measured,
      most: measured,
      /** A difference smaller than this is a tie. */
      floorPercent: measured,
      /** The interval leaves out 1, though the arms are identical: 1 of 100 does so by chance. */
      differs: z.boolean(),
    }),
  ),
});

export const summarySchema = z.looseObject({
  scenario: z.string(),
  workload: z.string(),
  clients: count,
  /** Completed trials that the metrics rest on. */
  trials: count,
  metrics: z.record(z.string(), metric),
});

export const planSchema = z.looseObject({
  scenarios: z.array(z.string()),
  /** What names mean that are not of the registry; values that look secret are redacted. */
  contenders: z.record(z.string(), z.looseObject({ kind: z.string(), title: z.string() })).optional(),
  workload: z.string(),
  /** Options of the workload by name, given or by default. */
  workloadOptions: z.record(z.string(), z.number()).optional(),
  clients: z.array(count),
  ratePerSecond: measured,
  arrivals: z.enum(['poisson', 'constant']),
  payloadBytes: count,
  /** What messages hold; text when absent. */
  content: z.enum(['text', 'binary', 'unicode']).optional(),
  durationSeconds: measured,
  warmupSeconds: measured,
  trials: count,
  pollIntervalMs: measured,
  headers: z.enum(['minimal', 'browser']),
  /** Length of the cookie in every request; 0 or absent without one. */
  cookieBytes: count.optional(),
  /** What WebSocket clients asked for, the preferred one first; absent when they asked for none. */
  subprotocols: z.array(z.string()).optional(),
  /** In front of the servers; absent without one. */
  proxy: z.enum(['nginx', 'nginx-default']).optional(),
  /** Of each server process; absent where requests are answered at once. */
  handlers: z.object({ count, delayMs: measured }).optional(),
  /** Round trip of the link; 0 or absent without one. */
  rttMs: measured.optional(),
  /** Of each connection and direction; null or absent does not shape. */
  bandwidthBitsPerSecond: measured.nullable().optional(),
  seed: count,
  pin: z.boolean(),
  /** Two identical arms of each scenario. */
  aa: z.boolean().optional(),
  /** A slope was asked for. */
  slopes: z.boolean().optional(),
  /** With `--trials auto`: when it stops. `trials` is then the most rounds that fit, or after the run those that ran. */
  auto: z
    .looseObject({
      precisionPercent: measured,
      budgetSeconds: measured,
      leastRounds: count,
      /** Why it stopped; null while it runs. */
      stopped: z.enum(['precise', 'budget', 'rounds', 'interrupted']).nullable(),
    })
    .optional(),
  /** Limits of the health rules in force, by name. */
  limits: z.record(z.string(), z.number()),
  /** Names of the limits that differ from the defaults. */
  overridden: z.array(z.string()),
  /** A correctness run: bytes were compared with kernel and capture, times were not reported. */
  verifyWire: z.boolean().optional(),
});

export const environmentSchema = z.looseObject({
  node: z.string(),
  v8: z.string(),
  os: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  cores: count,
  /** Cores this process may use (affinity); null where it cannot be read. */
  allowedCores: count.nullable(),
  /** CPU quota of the control group in cores; null when there is none. */
  cpuQuotaCores: z.number().nullable(),
  memoryBytes: count,
  memoryLimitBytes: count.nullable(),
  openFilesLimit: count.nullable(),
  ephemeralPorts: z.object({ first: count, last: count }).nullable(),
  /** The kernel's settings for connections that have ended: net.ipv4.tcp_tw_reuse and tcp_max_tw_buckets. */
  timeWait: z.object({ reuse: count.nullable(), limit: count.nullable() }).optional(),
  pinned: z.boolean(),
  /** Why a field is null or a facility is off, by name. */
  unavailable: z.record(z.string(), z.string()),
});

/** The polling server's plain request/response ceiling, as autocannon measures it. */
export const requestCeilingSchema = z.object({
  scenario: z.string(),
  tool: z.string(),
  connections: count,
  seconds: measured,
  requestsPerSecond: measured,
  errors: count,
});

/** What the generator can take, as a trivial replay server showed it on this machine. */
export const calibrationSchema = z.looseObject({
  /** Deliveries a second that would use all of the generator's cores. */
  deliveriesPerSecond: measured,
  /** Cores of the generator that this is for. */
  generatorCores: count,
  /** Part of its core that the generator used while it was calibrated. */
  utilization: measured,
  measuredAt: z.string(),
  /** Whether it was taken from an earlier run in the same environment. */
  cached: z.boolean(),
});

/** The result document of a run. Unknown fields are kept; known ones are checked. */
export const resultSchema = z.looseObject({
  schema: z.literal(RESULT_SCHEMA),
  tool: z.object({ name: z.string(), version: z.string() }),
  startedAt: z.string(),
  /** Null while the run is under way. */
  finishedAt: z.string().nullable(),
  interrupted: z.boolean(),
  /** The arguments that reproduce the run, seed included. */
  command: z.array(z.string()),
  environment: environmentSchema,
  scenarioInfo: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      family: z.string(),
      /** Place in the registry, from 0: the colour in every chart of every run. */
      order: count.optional(),
    }),
  ),
  plan: planSchema,
  requestCeiling: requestCeilingSchema.nullable(),
  /** What the generator takes from a trivial server, by scenario; empty when it was not calibrated. */
  calibration: z.record(z.string(), calibrationSchema).optional(),
  trials: z.array(trialSchema),
  summary: z.array(summarySchema),
  /** Of servers of the user's: what was seen of each before its trials. */
  targets: z
    .array(
      z.object({
        name: z.string(),
        checks: z.array(
          z.object({
            check: z.string(),
            /** Null where it could not be checked. */
            ok: z.boolean().nullable(),
            sentence: z.string(),
          }),
        ),
      }),
    )
    .optional(),
  /** Of a sweep with three client counts or more. */
  slopes: z.array(memorySlope).optional(),
  /** Of an A/A run, or loaded from one. */
  noiseFloor: noiseFloorSchema.optional(),
  /** Of `pushbench compare`: base and head, metric by metric; absent until its trials are over. */
  comparison: comparisonSchema.optional(),
});

export type Result = z.infer<typeof resultSchema>;
export type Trial = z.infer<typeof trialSchema>;
export type MeasuredTrial = Extract<Trial, { status: 'completed' | 'void' }>;
export type Measurements = z.infer<typeof measurementsSchema>;
export type Arm = NonNullable<Trial['arm']>;
export type Reason = z.infer<typeof reason>;
export type Environment = z.infer<typeof environmentSchema>;
export type Summary = z.infer<typeof summarySchema>;
export type MetricSummary = z.infer<typeof metric>;
export type MemorySlope = z.infer<typeof memorySlope>;
export type NoiseFloor = z.infer<typeof noiseFloorSchema>;
export type Calibration = z.infer<typeof calibrationSchema>;
export type SideCrowdMeasurements = z.infer<typeof sideCrowd>;
export type RequestCeiling = z.infer<typeof requestCeilingSchema>;
export type TimelineRow = z.infer<typeof timelineRow>;
