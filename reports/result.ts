import { z } from 'zod';

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

/** What one trial measured. Units are in the names; docs/metrics.md gives the source of every number. */
export const measurementsSchema = z.looseObject({
  measuredSeconds: measured,
  clients: z.object({ requested: count, connected: count }),
  messages: z.object({
    published: count,
    expected: count,
    delivered: count,
    lost: count,
    duplicated: count,
    reordered: count,
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
  }),
  cpu: z.object({ serverMicrosPerDelivery: nullable, generatorMicrosPerDelivery: nullable }),
  memory: z.object({ server: side, generator: side }),
  connect: z.object({ perSecond: nullable, p50Us: nullable, p99Us: nullable }),
  failures: z.record(z.string(), count),
  health: z.object({
    generatorUtilization: nullable,
    generatorLoopDelayP99Us: nullable,
    publisherLagP50Us: nullable,
    publisherLagP99Us: nullable,
    stealPercent: nullable,
    foreignCpuPercent: nullable,
    limitedBy: z.enum(['server', 'generator', 'publisher', 'host']).nullable(),
  }),
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
  workload: z.string(),
  clients: z.array(count),
  ratePerSecond: measured,
  arrivals: z.enum(['poisson', 'constant']),
  payloadBytes: count,
  durationSeconds: measured,
  warmupSeconds: measured,
  trials: count,
  pollIntervalMs: measured,
  headers: z.enum(['minimal', 'browser']),
  seed: count,
  pin: z.boolean(),
  /** Limits of the health rules in force, by name. */
  limits: z.record(z.string(), z.number()),
  /** Names of the limits that differ from the defaults. */
  overridden: z.array(z.string()),
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
  scenarioInfo: z.array(z.object({ id: z.string(), title: z.string(), family: z.string() })),
  plan: planSchema,
  requestCeiling: requestCeilingSchema.nullable(),
  trials: z.array(trialSchema),
  summary: z.array(summarySchema),
});

export type Result = z.infer<typeof resultSchema>;
export type Trial = z.infer<typeof trialSchema>;
export type MeasuredTrial = Extract<Trial, { status: 'completed' | 'void' }>;
export type Measurements = z.infer<typeof measurementsSchema>;
export type Reason = z.infer<typeof reason>;
export type ResolvedPlan = z.infer<typeof planSchema>;
export type Environment = z.infer<typeof environmentSchema>;
export type Summary = z.infer<typeof summarySchema>;
export type MetricSummary = z.infer<typeof metric>;
export type RequestCeiling = z.infer<typeof requestCeilingSchema>;
export type TimelineRow = z.infer<typeof timelineRow>;
