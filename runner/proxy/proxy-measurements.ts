import type { Measurements } from '../../reports/result.js';
import type { ProxyKind } from '../plan.js';
import { configSummary } from './nginx-config.js';
import type { ProcessCosts } from './process-costs.js';

/** What a trial's proxy left behind. */
export interface ProxyEvidence {
  readonly kind: ProxyKind;
  readonly version: string;
  readonly processes: number;
  /** At the window's opening and at the drain's end; null where /proc cannot be read. */
  readonly before: ProcessCosts | null;
  readonly after: ProcessCosts | null;
  readonly wallMs: number;
}

/**
 * The proxy's part of a trial's measurements. Pure.
 *
 * @param upstreamConnections that the servers have accepted; null when they did not count
 * @param baselineBytes its resident set before the first client, and `connectedBytes` with all of them
 * @param clients that connected
 */
export function proxyMeasurements(
  evidence: ProxyEvidence,
  upstreamConnections: number | null,
  baselineBytes: number | null,
  connectedBytes: number | null,
  delivered: number,
  clients: number,
): NonNullable<Measurements['proxy']> {
  const { kind, version, processes, before, after, wallMs } = evidence;
  const cpuMicros = before === null || after === null ? null : after.cpuMicros - before.cpuMicros;
  const isKnown = baselineBytes !== null && connectedBytes !== null && clients > 0;
  return {
    name: kind,
    version,
    processes,
    cpuMicrosPerDelivery: cpuMicros === null || delivered === 0 ? null : cpuMicros / delivered,
    utilization: cpuMicros === null ? null : cpuMicros / 1000 / wallMs,
    memory: {
      baselineBytes,
      connectedBytes,
      peakBytes: after?.peakBytes ?? null,
      bytesPerClient: isKnown ? (connectedBytes - baselineBytes) / clients : null,
    },
    upstreamConnections,
    config: configSummary(kind),
  };
}
