import type { Measurements } from '../reports/result.js';
import type { PortReading } from './measure/port-watch.js';

/** What is known of the ports of a trial whose clients connect for each poll. */
export interface PortEvidence {
  /** Null where there was no table to read. */
  readonly reading: PortReading | null;
  /** Client ports that the machine has towards one port; null where that cannot be read. */
  readonly ephemeralPorts: number | null;
  /** Ports that clients connect to. */
  readonly serverPorts: number;
}

/**
 * The result document's account of ports.
 * @param connections begun by clients in window and drain
 * @param seconds of window and drain
 */
export function portMeasurements(
  { reading, ephemeralPorts, serverPorts }: PortEvidence,
  connections: number,
  seconds: number,
): NonNullable<Measurements['ports']> {
  return {
    connections,
    connectionsPerSecond: connections / seconds,
    timeWaitPeak: reading === null ? null : reading.timeWaitAtServer + reading.timeWaitAtClients,
    timeWaitAtClients: reading?.timeWaitAtClients ?? null,
    portsUsedPeak: reading?.portsUsed ?? null,
    ephemeralPorts,
    serverPorts,
    unread: reading === null ? '/proc/net/tcp cannot be read; only Linux has it' : null,
  };
}
