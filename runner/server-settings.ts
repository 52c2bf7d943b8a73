import type { ServerSettings } from '../servers/contract.js';

/**
 * Settings of a reference server, the same for every transport.
 *
 * Node's default of 5 s would turn slow polling into a connection per poll, so idle connections are kept well beyond
 * the poll interval. No heartbeat falls into a short window: none comes within 15 s of connecting.
 *
 * @param given port 0 is a free one; pollIntervalMs 0 where clients are not ours
 */
export function serverSettings(given: {
  readonly port: number;
  readonly payloadBytes: number;
  readonly pollIntervalMs: number;
}): ServerSettings {
  return {
    address: '127.0.0.1',
    port: given.port,
    keepAliveTimeoutMs: Math.max(120_000, 2 * given.pollIntervalMs),
    holdMs: 25_000,
    heartbeatMs: 15_000,
    maxQueuedBytes: Math.max(4 * 2 ** 20, 32 * given.payloadBytes),
  };
}
