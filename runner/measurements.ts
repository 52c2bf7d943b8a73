import { intendedInstants, type ScheduleSpec } from '../protocol/schedule.js';
import type { Measurements, TimelineRow } from '../reports/result.js';
import { steadyStateOf } from '../reports/steady-state.js';
import type { HostSample } from '../servers/contract.js';
import { scenarioOf } from './contenders.js';
import type { Evidence } from './evidence.js';
import { handlerMeasurements } from './handler-measurements.js';
import { linkMeasurements } from './link/link-measurements.js';
import { linkSettings } from './link/link-plan.js';
import { DistributionTable } from './measure/distribution-table.js';
import { heldDelay } from './measure/held-delay.js';
import { DurationHistogram, type EncodedHistogram } from './measure/histogram.js';
import { memoryMeasurements } from './memory-measurements.js';
import { portMeasurements } from './port-measurements.js';
import { proxyMeasurements } from './proxy/proxy-measurements.js';
import { restartMeasurements } from './restart-measurements.js';
import type { ShardResult } from './shard-protocol.js';
import { mainClients } from './side-crowd/crowd-of.js';
import { readKernelBuffers } from './side-crowd/kernel-buffers.js';
import { sideMeasurements } from './side-crowd/side-measurements.js';
import { isElsewhere } from './target/plan-targets.js';
import { publishMeasurements, unreadTarget } from './target/publish-measurements.js';
import { isClockAhead, targetMeasurements } from './target-measurements.js';
import { wireMeasurements } from './wire-measurements.js';

/** The measurements of a trial: shards merged, rates and shares computed. Pure. */
export function measurementsOf(evidence: Evidence): Measurements {
  const { plan, contestant, results, publication, connects } = evidence;
  const scenario = scenarioOf(plan, contestant.scenario)!;
  const total = (read: (result: ShardResult) => number): number => sum(results.map(read));

  const delivered = total((result) => result.delivered);
  const targets = results.flatMap(({ target }) => target ?? []);
  const { target } = targetMeasurements(targets);
  // Of times that are partly ahead of our clock only the later ones would be left.
  const isAhead = isClockAhead(target, sum(results.map((result) => result.latency.count)));
  const latency = merged(isAhead ? [] : results.map((result) => result.latency));
  const share = merged(results.map((result) => result.share));
  const lag = histogramOf(publication.idleLagUs);
  const connectLatency = merged(connects.map((report) => report.latency));
  const everConnected = sum(connects.map((report) => report.connected));
  const connectSeconds = Math.max(...connects.map((report) => report.seconds));

  const publishesItself = targets.some(({ self }) => self !== undefined);
  const known = (value: number): number | null => (publishesItself ? null : value);
  const plannedMs = publication.interrupted
    ? Math.max(...results.map((result) => result.wallMs))
    : plan.durationSeconds * 1000;
  const windowSeconds = Math.max(plannedMs, ...results.map((result) => result.lastDeliveryMs)) / 1000;
  const timeline = timelineOf(evidence, windowSeconds, isAhead);
  // What a server publishes by itself counts as long as the ledger is open.
  const measuredSeconds = publishesItself
    ? Math.max(...results.map((result) => result.wallMs)) / 1000
    : windowSeconds;
  const totalRequests = total((result) => result.requests.total);
  const withNews = total((result) => result.requests.withNews);
  const unread = unreadTarget(evidence) !== null;
  const serverCpu =
    sum(evidence.serverAfter.map((s) => s.cpuMicros)) -
    sum(evidence.serverBefore.map((s) => s.cpuMicros)) +
    evidence.retiredServerMicros;
  const perDelivery = (amount: number): number | null => (delivered === 0 ? null : amount / delivered);

  const wire = wireMeasurements(evidence, delivered, everConnected);

  const measurements: Measurements = {
    measuredSeconds,
    clients: {
      requested: mainClients(plan, contestant.clients),
      connected: total((result) => result.connectedAtOpening),
    },
    messages: {
      published: known(publication.published),
      expected: known(
        total(
          (result) => result.expected ?? publication.due * (result.participants ?? result.connectedAtOpening),
        ),
      ),
      delivered,
      lost: known(total((result) => result.lost)),
      duplicated: known(total((result) => result.duplicated)),
      reordered: known(total((result) => result.reordered)),
      perResponse: scenario.asks && withNews > 0 ? delivered / withNews : null,
    },
    latencyUs: {
      count: latency.count,
      censored: total((result) => result.lost),
      min: latency.min,
      mean: latency.mean,
      p50: latency.percentile(50),
      p90: latency.percentile(90),
      p99: latency.percentile(99),
      p999: latency.percentile(99.9),
      max: latency.max,
      histogram: latency.encode().encoded,
    },
    generatorShareUs: { p50: share.percentile(50), p99: share.percentile(99), max: share.max },
    publishes: publishesOf(results, publication.schedule),
    throughput: {
      deliveriesPerSecond: delivered / measuredSeconds,
      wireBytesPerSecond: (wire.totals.up + wire.totals.down) / measuredSeconds,
    },
    requests: {
      total: totalRequests,
      empty: total((result) => result.requests.empty),
      postponed: total((result) => result.requests.postponed),
      perDelivery: perDelivery(totalRequests),
    },
    wire,
    cpu: {
      serverMicrosPerDelivery: unread ? null : perDelivery(serverCpu),
      generatorMicrosPerDelivery: perDelivery(total((result) => result.cpuMicros)),
    },
    memory: memoryMeasurements(
      evidence,
      everConnected + total((result) => result.side?.connectedAtOpening ?? 0),
    ),
    connect: {
      perSecond: connectSeconds > 0 ? everConnected / connectSeconds : null,
      p50Us: connectLatency.percentile(50),
      p99Us: connectLatency.percentile(99),
      serverMicrosPerClient: connectCpuOf(
        evidence,
        everConnected + total((result) => result.side?.connectedAtOpening ?? 0),
      ),
    },
    failures: failuresOf(results),
    health: {
      generatorUtilization: Math.max(...results.map((result) => result.cpuMicros / 1000 / result.wallMs)),
      generatorLoopDelayP99Us: largest(results.map((result) => result.loopDelayP99Us)),
      publisherLagP50Us: lag.percentile(50),
      publisherLagP99Us: lag.percentile(99),
      stealPercent: evidence.system.shares.stealPercent,
      foreignCpuPercent: evidence.system.shares.foreignCpuPercent,
      generatorCoresUtilization: coresUtilization(evidence),
      generatorLoopUtilization: Math.max(...results.map((result) => result.loopUtilization)),
      generatorHeldP99Us: Math.max(...results.map((result) => heldDelay(result.holds).p99Us)),
      limitedBy: null,
      steadyState: steadyStateOf(
        timeline,
        Math.min(measuredSeconds, plannedMs / 1000),
        plan.workload === 'idle' || publishesItself || publication.schedule.ramp
          ? 0
          : plan.ratePerSecond / (publication.schedule.burst ?? 1),
      ),
    },
    link: linkMeasurements(linkSettings(plan), evidence.links, delivered),
    ...conditionsOf(evidence, delivered, everConnected),
    ...sideCrowdOf(evidence, measuredSeconds),
    ...(target === undefined ? {} : { target: { ...target, ...publishMeasurements(evidence) } }),
    timeline,
  };
  const reconnects = results.map((result) => result.reconnects).filter((each) => each !== undefined);
  if (evidence.restarts.length > 0 && reconnects.length > 0) {
    measurements.restarts = restartMeasurements(
      evidence.restarts,
      reconnects,
      measurements.publishes,
      measurements.clients.connected,
      plan.durationSeconds,
      scenario.resumes,
    );
  }
  for (const histogram of [latency, share, lag, connectLatency]) histogram.destroy();
  return measurements;
}

/** What a proxy, handlers and a connection for each poll did; nothing without them. */
function conditionsOf(
  { plan, proxy, ports, results, baseline, connected, serverBefore, serverAfter }: Evidence,
  delivered: number,
  clients: number,
): Pick<Measurements, 'proxy' | 'ports' | 'handlers'> {
  const handlers = handlerMeasurements(plan.handlers ?? null, serverBefore, serverAfter);
  return {
    ...(proxy === undefined
      ? {}
      : {
          proxy: proxyMeasurements(
            proxy,
            acceptedBy(serverAfter),
            baseline.proxyBytes ?? null,
            connected.proxyBytes ?? null,
            delivered,
            clients,
          ),
        }),
    ...(ports === undefined
      ? {}
      : {
          ports: portMeasurements(
            ports,
            sum(results.map((result) => result.connections)),
            Math.max(...results.map((result) => result.wallMs)) / 1000,
          ),
        }),
    ...(handlers === null ? {} : { handlers }),
  };
}

/** Connections that the servers have accepted in all. */
function acceptedBy(samples: readonly HostSample[]): number | null {
  return samples.some(({ bytes }) => bytes === null) ? null : sum(samples.map(({ bytes }) => bytes!.sockets));
}

/** CPU of all shards over the cores that they share. */
function coresUtilization({ results, generatorCores }: Evidence): number | null {
  if (generatorCores === null) return null;
  return sum(results.map((result) => result.cpuMicros / 1000 / result.wallMs)) / generatorCores;
}

function connectCpuOf(evidence: Evidence, clients: number): number | null {
  const { connectCpuMicros } = evidence;
  if (unreadTarget(evidence) !== null) return null;
  return connectCpuMicros === undefined || clients === 0 ? null : Math.max(0, connectCpuMicros) / clients;
}

/** Nothing unless the workload has people beside its clients. */
function sideCrowdOf(evidence: Evidence, windowSeconds: number): Pick<Measurements, 'sideCrowd'> {
  const { plan, results, publication, system, connected, tcpMemory } = evidence;
  const isFar = isElsewhere(plan, evidence.contestant.scenario);
  const found = sideMeasurements(
    results.flatMap(({ side }) => side ?? []),
    {
      plan,
      due: publication.due,
      windowSeconds: Math.min(windowSeconds, plan.durationSeconds),
      serverBefore: evidence.serverBefore,
      serverAfter: evidence.serverAfter,
      connectedBytes: connected.server,
      peakBytes: Math.max(system.peakServerRss, sum(evidence.serverAfter.map((s) => s.rssBytes))),
      tcpBefore: isFar ? null : (tcpMemory?.before ?? null),
      tcpAfter: isFar ? null : (tcpMemory?.after ?? null),
      buffers: isFar ? null : readKernelBuffers(),
    },
  );
  return found === null ? {} : { sideCrowd: found };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function merged(parts: readonly EncodedHistogram[]): DurationHistogram {
  const whole = new DurationHistogram();
  for (const part of parts) whole.merge(part);
  return whole;
}

function histogramOf(values: readonly number[]): DurationHistogram {
  const histogram = new DurationHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function failuresOf(results: readonly ShardResult[]): Record<string, number> {
  const failures: Record<string, number> = {};
  for (const result of results) {
    for (const [kind, count] of Object.entries(result.failures))
      failures[kind] = (failures[kind] ?? 0) + count;
  }
  return failures;
}

function publishesOf(results: readonly ShardResult[], schedule: ScheduleSpec): Measurements['publishes'] {
  const { every, table } = results[0]!.publishes;
  const rows = new DistributionTable(table.rows.length);
  for (const result of results) rows.merge(result.publishes.table);
  const instants = intendedInstants(schedule);
  const delivered = results[0]!.publishes.delivered.map((_, row) =>
    sum(results.map((r) => r.publishes.delivered[row] ?? 0)),
  );
  const perRow = <T>(read: (row: number) => T): T[] => delivered.map((_, row) => read(row));
  return {
    every,
    intendedUs: perRow((row) => Math.round(instants[row * every]! * 1000)),
    delivered,
    p50Us: perRow((row) => rows.percentile(row, 50)),
    p99Us: perRow((row) => rows.percentile(row, 99)),
    maxUs: perRow((row) => rows.max(row)),
  };
}

function timelineOf({ results, system }: Evidence, measuredSeconds: number, isAhead: boolean): TimelineRow[] {
  const { every, table } = results[0]!.seconds;
  const seconds = new DistributionTable(table.rows.length);
  for (const result of results) seconds.merge(result.seconds.table);
  const rows = Math.min(seconds.rows, Math.ceil(measuredSeconds / every));
  const heard = results.flatMap(({ target }) => (target?.self === undefined ? [] : [target.self.rows]));
  const heardIn = (row: number): number => sum(heard.map((counts) => counts[row] ?? 0));
  return Array.from({ length: rows }, (_, row) => ({
    second: row * every,
    delivered: heard.length === 0 ? seconds.count(row) : heardIn(row),
    p50Us: isAhead ? null : seconds.percentile(row, 50),
    p99Us: isAhead ? null : seconds.percentile(row, 99),
    serverRssBytes: system.rows[row]?.serverRssBytes ?? null,
    serverCpuPercent: system.rows[row]?.serverCpuPercent ?? null,
    generatorCpuPercent: system.rows[row]?.generatorCpuPercent ?? null,
  }));
}
