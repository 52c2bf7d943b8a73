import type { MetricSummary } from './result.js';

/** Below this many clients, what they add to a process drowns in what its allocator keeps in reserve. */
export const LEAST_CLIENTS_FOR_MEMORY = 500;

/** Two readings of one process's resident set, nothing done between them, lie up to this far apart: 4 MiB. */
const NOISE_BYTES = 4 * 1024 * 1024;

/** Metrics that divide the difference of two resident sets by the number of clients. */
const DIFFERENCES: readonly string[] = [
  'memory.server.bytesPerClient',
  'memory.generator.bytesPerClient',
  'proxy.memory.bytesPerClient',
];

/**
 * Whether memory per client can be told from the noise of a process's resident set: 500 clients or more, and a
 * difference (connected - baseline) of more than 4 MiB plus the spread between trials. Any other metric always can.
 *
 * @param path dotted path of the metric
 * @param metric bytes per client over the completed trials
 */
export function isResolved(path: string, metric: MetricSummary, clients: number): boolean {
  if (!DIFFERENCES.includes(path)) return true;
  if (clients < LEAST_CLIENTS_FOR_MEMORY) return false;
  const spread = clients * (metric.max - metric.min);
  return clients * metric.median > NOISE_BYTES + spread;
}

/** Marks a number that is printed although it is not resolved. */
export const UNRESOLVED_MARK = '~';
