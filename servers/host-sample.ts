import { setTimeout as delay } from 'node:timers/promises';
import type { HostSample, ReferenceServer } from './contract.js';
import { sampleHandlers } from './handlers.js';
import { countedBytes } from './socket-bytes.js';

const READINGS = 5;
const BETWEEN_READINGS_MS = 5;

/** Reads what the process costs now, in this turn of the loop. */
export function sampleHost(server: ReferenceServer | undefined): HostSample {
  const memory = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const handlers = sampleHandlers();
  return {
    cpuMicros: user + system,
    rssBytes: memory.rss,
    heapUsedBytes: memory.heapUsed,
    externalBytes: memory.external,
    held: server?.held() ?? 0,
    cutOff: server?.cutOff() ?? 0,
    bytes: countedBytes(),
    ...(handlers === null ? {} : { handlers }),
  };
}

/**
 * The same after a collection: gc twice (what finalizers free in the first is collected in the second), then the median
 * of five readings of the resident set, for V8 gives pages back in the background. Without `--expose-gc` nothing is
 * collected.
 */
export async function sampleCollected(server: ReferenceServer | undefined): Promise<HostSample> {
  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  collect?.();
  const rss: number[] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    if (reading > 0) await delay(BETWEEN_READINGS_MS);
    rss.push(process.memoryUsage.rss());
  }
  rss.sort((a, b) => a - b);
  return { ...sampleHost(server), rssBytes: rss[READINGS >> 1]! };
}
