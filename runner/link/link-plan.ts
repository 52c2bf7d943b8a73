import type { Plan } from '../plan.js';
import type { LinkSettings } from './contract.js';

/** A link takes two descriptors a client, so it holds half of what other processes do. */
export const CLIENTS_PER_LINK = 9_000;

/** What a plan asks of its links; null when clients and servers are to meet directly. */
export function linkSettings(plan: Pick<Plan, 'rttMs' | 'bandwidthBitsPerSecond'>): LinkSettings | null {
  const { rttMs, bandwidthBitsPerSecond } = plan;
  if (rttMs === 0 && bandwidthBitsPerSecond === null) return null;
  return { oneWayMs: rttMs / 2, bandwidthBitsPerSecond };
}

/** Link processes for a number of clients. */
export function linkCount(clients: number): number {
  return Math.ceil(clients / CLIENTS_PER_LINK);
}
