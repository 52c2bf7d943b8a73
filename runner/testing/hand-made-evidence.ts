import { Ledger, type LedgerTotals } from '../../scenarios/ledger.js';
import type { HostSample } from '../../servers/contract.js';
import type { Evidence, MemoryReading } from '../evidence.js';
import { DistributionTable, type EncodedTable } from '../measure/distribution-table.js';
import { DurationHistogram, type EncodedHistogram } from '../measure/histogram.js';
import { type Contestant, DEFAULT_LIMITS, type Plan } from '../plan.js';
import type { ConnectReport, ShardResult } from '../shard-protocol.js';

// What a trial leaves behind, written by hand: small round numbers from which a test can work its own out.

const scratch = new DurationHistogram();

export function histogram(values: readonly number[]): EncodedHistogram {
  scratch.reset();
  for (const value of values) scratch.record(value);
  return scratch.encode();
}

/** A table with these durations in each row, microseconds. */
export function table(rows: readonly (readonly number[])[]): EncodedTable {
  const made = new DistributionTable(rows.length);
  rows.forEach((values, row) => {
    for (const us of values) made.record(row, us);
  });
  return made.encode();
}

export function totals(
  up: Partial<LedgerTotals['up']>,
  down: Partial<LedgerTotals['down']>,
  ofWhich: Partial<LedgerTotals['ofWhich']> = {},
): LedgerTotals {
  const nothing = new Ledger().snapshot();
  return {
    up: { ...nothing.up, ...up },
    down: { ...nothing.down, ...down },
    ofWhich: { ...nothing.ofWhich, ...ofWhich },
  };
}

/** A window of two seconds with a message at 0.25, 0.75, 1.25 and 1.75 s. */
export const PLAN: Plan = {
  scenarios: ['websocket'],
  workload: 'broadcast',
  clients: [2],
  ratePerSecond: 2,
  arrivals: 'constant',
  payloadBytes: 10,
  durationSeconds: 2,
  warmupSeconds: 0,
  trials: 1,
  pollIntervalMs: 1000,
  headers: 'minimal',
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  seed: 1,
  pin: false,
  limits: DEFAULT_LIMITS,
  overridden: [],
};

export const CONTESTANT: Contestant = { scenario: 'websocket', clients: 2, trial: 1, order: 1 };

/** A shard of two clients that heard all four messages after a millisecond. */
export function shardResult(changes: Partial<ShardResult> = {}): ShardResult {
  const latencies = Array.from({ length: 8 }, () => 1000);
  return {
    clients: 2,
    connectedAtOpening: 2,
    delivered: 8,
    duplicated: 0,
    reordered: 0,
    lost: 0,
    unexpected: 0,
    backwards: 0,
    lastDeliveryMs: 1751,
    latency: histogram(latencies),
    share: histogram(latencies.map(() => 100)),
    publishes: {
      every: 1,
      delivered: [2, 2, 2, 2],
      table: table([
        [1000, 1000],
        [1000, 1000],
        [1000, 1000],
        [1000, 1000],
      ]),
    },
    seconds: { every: 1, table: table([latencies.slice(4), latencies.slice(4), [], [], [], [], [], []]) },
    requests: { total: 0, empty: 0, withNews: 0, postponed: 0 },
    reads: 8,
    connections: 0,
    exchange: { hit: { count: 0, up: 0, down: 0 }, empty: { count: 0, up: 0, down: 0 } },
    failures: {},
    window: totals({}, { payload: 80, framing: 16 }),
    before: totals({ handshake: 310 }, { handshake: 258 }),
    sockets: { up: 0, down: 96 },
    cpuMicros: 400_000,
    wallMs: 2000,
    loopDelayP99Us: 1100,
    loopUtilization: 0.2,
    busiestCores: [0.2, 0.2],
    holds: { table: table([[]]), wallMs: 2000 },
    rssBytes: 50_000_000,
    ...changes,
  };
}

/** A shard that used this part of a core, from the first sample to the last. */
export function busyShard(cores: number): ShardResult {
  return shardResult({ cpuMicros: cores * 2_000_000, loopUtilization: cores, busiestCores: [cores, cores] });
}

export function hostSample(changes: Partial<HostSample> = {}): HostSample {
  return {
    cpuMicros: 1_000_000,
    rssBytes: 60_000_000,
    heapUsedBytes: 10_000_000,
    externalBytes: 1_000_000,
    held: 2,
    cutOff: 0,
    bytes: null,
    ...changes,
  };
}

export function memory(changes: Partial<MemoryReading> = {}): MemoryReading {
  return { server: 60_000_000, generator: 50_000_000, serverHeap: 10_000_000, kernel: null, ...changes };
}

export function connectReport(changes: Partial<ConnectReport> = {}): ConnectReport {
  return { connected: 2, seconds: 0.5, latency: histogram([1000, 1500]), failures: {}, ...changes };
}

/** A trial in which nothing was wrong. */
export function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    plan: PLAN,
    contestant: CONTESTANT,
    baseline: memory(),
    connected: memory(),
    connects: [connectReport()],
    publication: {
      schedule: { seed: 1, phase: 'measure/1', arrivals: 'constant', ratePerSecond: 2, durationSeconds: 2 },
      published: 4,
      due: 4,
      interrupted: false,
      idleLagUs: [300, 300, 300, 300],
    },
    results: [shardResult()],
    links: [],
    serverBefore: [hostSample()],
    serverAfter: [hostSample({ cpuMicros: 1_500_000 })],
    retiredServerMicros: 0,
    restarts: [],
    serverWallMs: 2000,
    generatorCores: null,
    system: {
      rows: [],
      shares: { stealPercent: 0, foreignCpuPercent: 0 },
      samples: [],
      secondsPerRow: 1,
      peakServerRss: 0,
      peakGeneratorRss: 0,
    },
    ...changes,
  };
}
