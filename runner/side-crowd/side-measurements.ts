import type { SideCrowdMeasurements } from '../../reports/result.js';
import { addLedgers, sumLayers } from '../../scenarios/ledger.js';
import type { HostSample } from '../../servers/contract.js';
import { DurationHistogram, type EncodedHistogram } from '../measure/histogram.js';
import type { Plan } from '../plan.js';
import { unreadTarget } from '../target/publish-measurements.js';
import { SLOW_BYTES_PER_SECOND } from '../workloads/slow-readers.js';
import type { SideKind, SideResult } from './contract.js';
import type { KernelBuffers } from './kernel-buffers.js';
import { COLUMNS, FATES, type Fate, HAPPENINGS, type Happening } from './side-recorder.js';

/** What is known of a trial beside what its side crowd tells. */
export interface SideEvidence {
  readonly plan: Plan;
  /** Messages of the window that came due. */
  readonly due: number;
  readonly windowSeconds: number;
  readonly serverBefore: readonly HostSample[];
  readonly serverAfter: readonly HostSample[];
  /** Resident memory of the servers with everybody connected, and at its peak in the window; bytes. */
  readonly connectedBytes: number;
  readonly peakBytes: number;
  /** Memory in TCP buffers of the machine when the window opened and when its last message was out; null where unknown. */
  readonly tcpBefore: number | null;
  readonly tcpAfter: number | null;
  readonly buffers: KernelBuffers | null;
}

/** The side crowds of all shards as one; null without any. Pure. */
export function sideMeasurements(
  results: readonly SideResult[],
  evidence: SideEvidence,
): SideCrowdMeasurements | null {
  const [first] = results;
  if (first === undefined) return null;
  const { kind } = first;
  const total = (read: (result: SideResult) => number): number =>
    results.reduce((sum, result) => sum + read(result), 0);
  const ledger = results.map((result) => result.ledger).reduce((a, b) => addLedgers(a, b));
  const clients = total((result) => result.clients);
  const dials = total((result) => result.dials);
  const delivered = total((result) => result.deliveries);
  const missed = total((result) => result.missed);
  const isSlow = kind === 'slow readers';
  const perDial = (bytes: number): number => (dials === 0 ? 0 : bytes / dials);
  return {
    kind,
    clients,
    connects: total((result) => result.connects),
    dials,
    connectsPerSecond: isSlow ? null : total((result) => result.connects) / evidence.windowSeconds,
    askedPerSecond: askedPerSecond(kind, evidence, clients),
    connectUs: spread(results.map((result) => result.connectTimes)),
    latencyUs: spread(results.map((result) => result.latencies)),
    handshakePerDial: { up: perDial(ledger.up.handshake), down: perDial(ledger.down.handshake) },
    delivered,
    late: total((result) => result.lateDeliveries),
    missed,
    unread: isSlow ? Math.max(0, evidence.due * clients - delivered - missed) : null,
    neverIn: clients - total((result) => result.everIn),
    failures: failuresOf(results),
    cutOff: cutOffBy(evidence),
    bytes: { up: sumLayers(ledger.up), down: sumLayers(ledger.down) },
    sockets: { up: total((result) => result.sockets.up), down: total((result) => result.sockets.down) },
    slow: isSlow ? slowOf(evidence, clients) : null,
    seconds: secondsOf(results),
  };
}

/** Null of a server of the user's, which nobody can ask. */
function cutOffBy({ serverBefore, serverAfter }: SideEvidence): number | null {
  if (serverAfter.some(({ target }) => target !== undefined)) return null;
  return serverAfter.reduce((sum, after, n) => sum + after.cutOff - (serverBefore[n]?.cutOff ?? 0), 0);
}

function askedPerSecond(kind: SideKind, { plan }: SideEvidence, clients: number): number | null {
  if (kind === 'visitors') return plan.workloadOptions?.churn ?? null;
  return kind === 'newcomers' ? clients / plan.durationSeconds : null;
}

function slowOf(evidence: SideEvidence, clients: number): NonNullable<SideCrowdMeasurements['slow']> {
  const { plan, buffers, tcpBefore, tcpAfter } = evidence;
  const grown = Math.max(0, evidence.peakBytes - evidence.connectedBytes);
  return {
    readBytesPerSecond: SLOW_BYTES_PER_SECOND,
    sentBytesPerSecond: plan.payloadBytes * plan.ratePerSecond,
    kernelBytesPerConnection: buffers === null ? null : buffers.send + buffers.receive,
    kernelGrowthBytes: tcpBefore === null || tcpAfter === null ? null : Math.max(0, tcpAfter - tcpBefore),
    serverGrowthBytesPerClient: clients === 0 || unreadTarget(evidence) !== null ? null : grown / clients,
  };
}

function spread(parts: readonly EncodedHistogram[]): {
  p50: number | null;
  p99: number | null;
  max: number | null;
} {
  const whole = new DurationHistogram();
  for (const part of parts) whole.merge(part);
  const found = { p50: whole.percentile(50), p99: whole.percentile(99), max: whole.max };
  whole.destroy();
  return found;
}

function failuresOf(results: readonly SideResult[]): Record<string, number> {
  const failures: Record<string, number> = {};
  for (const result of results) {
    for (const [kind, count] of Object.entries(result.failures))
      failures[kind] = (failures[kind] ?? 0) + count;
  }
  return failures;
}

function secondsOf(results: readonly SideResult[]): SideCrowdMeasurements['seconds'] {
  const { rowMs, rows } = results[0]!;
  const at = (row: number, column: number): number =>
    results.reduce((sum, result) => sum + (result.rows[row * COLUMNS + column] ?? 0), 0);
  return Array.from({ length: rows.length / COLUMNS }, (_, row) => ({
    second: (row * rowMs) / 1000,
    people: Object.fromEntries(FATES.map((fate, n) => [fate, at(row, n)])) as Record<Fate, number>,
    events: Object.fromEntries(HAPPENINGS.map((name, n) => [name, at(row, FATES.length + n)])) as Record<
      Happening,
      number
    >,
  }));
}
