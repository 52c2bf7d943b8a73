import type { ScheduleSpec } from '../protocol/schedule.js';
import type { HostSample } from '../servers/contract.js';
import type { LinkResult } from './link/contract.js';
import type { KernelMemory } from './measure/kernel-memory.js';
import type { MachineShares, SystemRow } from './measure/system-sampler.js';
import type { Contestant, Plan } from './plan.js';
import type { PortEvidence } from './port-measurements.js';
import type { ProxyEvidence } from './proxy/proxy-measurements.js';
import type { ConnectReport, ShardResult } from './shard-protocol.js';
import type { RestartDone } from './workloads/restart.js';

/** Memory of a trial at one moment, after collection, bytes. */
export interface MemoryReading {
  /** Resident, of all processes of the side. */
  readonly server: number;
  readonly generator: number;
  /** CPU that the server's processes had used by then, the collection contained, microseconds. */
  readonly serverCpuMicros?: number;
  /** V8's heap in use and its external memory, of the server's processes. */
  readonly serverHeap: number;
  /** Of all sockets of the machine: both ends of every connection of the trial. */
  readonly kernel: KernelMemory | null;
  /** Of the proxy's processes, resident; null where that cannot be read, left out without a proxy. */
  readonly proxyBytes?: number | null;
}

/** What became of the window's schedule. */
export interface Publication {
  readonly schedule: ScheduleSpec;
  /** Messages the server published. */
  readonly published: number;
  /** Messages it should have published: all, unless the run was interrupted. */
  readonly due: number;
  readonly interrupted: boolean;
  readonly idleLagUs: readonly number[];
}

/** Everything a trial left behind, before it is made into the result document's measurements. */
export interface Evidence {
  readonly plan: Plan;
  readonly contestant: Contestant;
  /** Before the first client, and with all of them connected. */
  readonly baseline: MemoryReading;
  readonly connected: MemoryReading;
  readonly connects: readonly ConnectReport[];
  /** CPU of the servers from before the first client to all of them held, microseconds. */
  readonly connectCpuMicros?: number;
  readonly publication: Publication;
  readonly results: readonly ShardResult[];
  /** Of the link processes; empty without a link. */
  readonly links: readonly LinkResult[];
  /** Left out without a proxy. */
  readonly proxy?: ProxyEvidence;
  /** Of clients that connect for each poll; left out for others. */
  readonly ports?: PortEvidence;
  /** Memory in TCP buffers of the machine when the window opened and when all was published; null where unknown. */
  readonly tcpMemory?: { readonly before: number | null; readonly after: number | null };
  readonly serverBefore: readonly HostSample[];
  readonly serverAfter: readonly HostSample[];
  /** CPU of servers that were killed in the window, microseconds. */
  readonly retiredServerMicros: number;
  /** Of the servers, in the window. */
  readonly restarts: readonly RestartDone[];
  readonly serverWallMs: number;
  /** Cores that the generators are pinned to; null when they are not. */
  readonly generatorCores: number | null;
  readonly system: {
    readonly rows: readonly SystemRow[];
    readonly shares: MachineShares;
    /** The same shares, of each second or so. */
    readonly samples: readonly MachineShares[];
    readonly secondsPerRow: number;
    readonly peakServerRss: number;
    readonly peakGeneratorRss: number;
  };
}
