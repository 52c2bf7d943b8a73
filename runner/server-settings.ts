import { type Content, textBytes } from '../protocol/payload.js';
import type { ServerSettings } from '../servers/contract.js';
import type { Contestant, Plan } from './plan.js';
import { workloadById } from './workloads/registry.js';

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
  /** Default text. */
  readonly content?: Content;
  readonly pollIntervalMs: number;
}): ServerSettings {
  return {
    address: '127.0.0.1',
    port: given.port,
    keepAliveTimeoutMs: Math.max(120_000, 2 * given.pollIntervalMs),
    holdMs: 25_000,
    heartbeatMs: 15_000,
    maxQueuedBytes: Math.max(4 * 2 ** 20, 32 * textBytes(given.payloadBytes, given.content ?? 'text')),
  };
}

/** What a server has to know of a trial's topics, and of clients that speak. */
export function topicSettings(
  plan: Plan,
  { trial, clients }: Pick<Contestant, 'trial' | 'clients'>,
): Pick<ServerSettings, 'topics' | 'echo'> {
  const { schedules, clientsSpeak } = workloadById(plan.workload);
  const { topics } = schedules(plan, trial, clients).measure;
  return {
    ...(topics === undefined ? {} : { topics }),
    ...(clientsSpeak ? { echo: { isBinary: plan.content === 'binary' } } : {}),
  };
}
