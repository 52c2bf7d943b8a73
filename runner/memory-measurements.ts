import type { Measurements } from '../reports/result.js';
import type { Evidence } from './evidence.js';
import { linkSettings } from './link/link-plan.js';
import type { KernelMemory } from './measure/kernel-memory.js';
import { isElsewhere } from './target/plan-targets.js';
import { unreadTarget } from './target/publish-measurements.js';

/**
 * The result document's account of memory: what each side and the kernel hold for a client.
 * @param clients that were ever connected, bystanders among them
 */
export function memoryMeasurements(evidence: Evidence, clients: number): Measurements['memory'] {
  const { plan, contestant, baseline, connected, system, serverAfter, results } = evidence;
  const side = (from: number, to: number, peak: number) => ({
    baselineBytes: from,
    connectedBytes: to,
    peakBytes: Math.max(to, peak),
    bytesPerClient: clients === 0 ? null : (to - from) / clients,
  });
  const endpoints = linkSettings(plan) === null ? 2 : 4;
  const held = (from: number, to: number) => ({
    baselineBytes: from,
    connectedBytes: to,
    bytesPerClient: clients === 0 ? null : (to - from) / clients,
  });
  const isTarget = serverAfter.some(({ target }) => target !== undefined);
  return {
    server: {
      ...(unreadTarget(evidence) === null
        ? side(
            baseline.server,
            connected.server,
            Math.max(system.peakServerRss, sum(serverAfter.map((s) => s.rssBytes))),
          )
        : { baselineBytes: null, connectedBytes: null, peakBytes: null, bytesPerClient: null }),
      // Nobody can look into a process that is not ours.
      ...(isTarget ? {} : { heap: held(baseline.serverHeap, connected.serverHeap) }),
      // How many connections a proxy keeps to the server is its own affair, so the server's part is not known; nor is it
      // of a server on another machine, whose ends are there.
      kernel:
        plan.proxy || isElsewhere(plan, contestant.scenario)
          ? null
          : kernelOf(endpoints, baseline.kernel, connected.kernel, held),
    },
    generator: side(
      baseline.generator,
      connected.generator,
      Math.max(system.peakGeneratorRss, sum(results.map((result) => result.rssBytes))),
    ),
  };
}

/**
 * The machine holds both ends of a connection, which are alike: the server's side is half, or with a link, which adds two
 * more, a quarter.
 */
function kernelOf<T>(
  endpoints: 2 | 4,
  baseline: KernelMemory | null,
  connected: KernelMemory | null,
  held: (from: number, to: number) => T,
): (T & { source: KernelMemory['source'] }) | null {
  if (baseline === null || connected === null || baseline.source !== connected.source) return null;
  return { ...held(baseline.bytes / endpoints, connected.bytes / endpoints), source: connected.source };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
