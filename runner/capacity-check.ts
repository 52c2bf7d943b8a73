import type { Environment } from '../reports/result.js';
import { linkSettings } from './link/link-plan.js';
import { readable } from './options/readable.js';
import type { Plan } from './plan.js';
import { clientPorts, type ProcessPlan, processPlan } from './process-plan.js';

/** Descriptors a process needs beside its clients' sockets: streams, channel, listening socket, epoll, spare. */
const DESCRIPTOR_RESERVE = 100;
/** Resident memory of a fresh server or generator process (measured with Node 20). */
const PROCESS_BYTES = 60 * 2 ** 20;
/** Bounds that the benchmark of this project holds, per client. */
const SERVER_BYTES_PER_CLIENT = 16 * 1024;
const GENERATOR_BYTES_PER_CLIENT = 5 * 1024;
/** Slab of one idle TCP endpoint on Linux 6.18 (measured); a connection on loopback has two. */
const KERNEL_BYTES_PER_CLIENT = 2 * 3712;

/** More server processes than this measure the scheduler, not the server. */
const MAX_SERVERS = 100;

/** What of the machine the arithmetic needs. */
export type Machine = Pick<
  Environment,
  'cores' | 'allowedCores' | 'memoryBytes' | 'memoryLimitBytes' | 'openFilesLimit' | 'ephemeralPorts'
>;

/** What the largest trial of a plan asks of the machine. */
export interface Needs {
  readonly clients: number;
  readonly processes: ProcessPlan;
  /** Descriptors of the process that needs most. */
  readonly descriptors: number;
  /** Client ports towards the server process that has most clients. */
  readonly ports: number;
  /** An estimate; messages in flight not contained. */
  readonly memoryBytes: number;
}

/** Resident memory of a link process for each client: two sockets and what is on its way (measured with Node 20). */
const LINK_BYTES_PER_CLIENT = 12 * 1024;

/**
 * Processes, descriptors, ports and memory of a trial with `clients` clients.
 *
 * @param linked whether a link lies between clients and servers
 * @param connections that a client may hold at once
 */
export function needsOf(clients: number, machine: Machine, linked = false, connections = 1): Needs {
  const processes = processPlan(
    clients,
    machine.allowedCores ?? machine.cores,
    clientPorts(machine.ephemeralPorts),
    linked,
    connections,
  );
  const perLinkedClient = linked ? LINK_BYTES_PER_CLIENT + KERNEL_BYTES_PER_CLIENT : 0;
  return {
    clients,
    processes,
    descriptors: fullest(processes) * connections + DESCRIPTOR_RESERVE,
    ports: processes.clientsPerServer * connections,
    memoryBytes:
      (processes.servers + processes.shards + processes.links) * PROCESS_BYTES +
      clients *
        connections *
        (SERVER_BYTES_PER_CLIENT + GENERATOR_BYTES_PER_CLIENT + KERNEL_BYTES_PER_CLIENT + perLinkedClient),
  };
}

/** Sockets of the process that holds most: a link has two for each client. */
function fullest({ clientsPerServer, clientsPerShard, clientsPerLink }: ProcessPlan): number {
  return Math.max(clientsPerServer, clientsPerShard, 2 * clientsPerLink);
}

/**
 * Whether a plan's clients fit in the machine, with the arithmetic in the sentence where they do not.
 *
 * A limit that cannot be read is not judged.
 */
export function checkCapacity(
  plan: Pick<Plan, 'clients' | 'payloadBytes' | 'rttMs' | 'bandwidthBitsPerSecond'>,
  machine: Machine,
  connections = 1,
): { mistakes: readonly string[]; warnings: readonly string[] } {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const needs = needsOf(Math.max(...plan.clients), machine, linkSettings(plan) !== null, connections);
  const { processes, clients } = needs;
  const who = `--clients ${clients}`;

  if (machine.openFilesLimit !== null && needs.descriptors > machine.openFilesLimit) {
    mistakes.push(
      `${who}: ${readable(clients)} clients over ${counted(processes.servers, 'server process', 'server processes')} ` +
        `and ${counted(processes.shards, 'shard', 'shards')} are ${readable(fullest(processes) * connections)} sockets + ` +
        `${DESCRIPTOR_RESERVE} others = ${readable(needs.descriptors)} descriptors in one process, but a process ` +
        `here may open ${readable(machine.openFilesLimit)}. Raise the limit (ulimit -n ${needs.descriptors}) or ` +
        `ask for fewer clients.`,
    );
  }
  const ports = clientPorts(machine.ephemeralPorts);
  if (ports !== null && processes.servers > MAX_SERVERS) {
    mistakes.push(
      `${who}: the range of client ports, ${machine.ephemeralPorts?.first} to ${machine.ephemeralPorts?.last}, has ` +
        `${readable(ports)}, so that one server can take ${readable(processes.clientsPerServer)} clients and ` +
        `${readable(processes.servers)} server processes were needed; ${MAX_SERVERS} are allowed. ` +
        `Widen it (sysctl net.ipv4.ip_local_port_range) or ask for fewer clients.`,
    );
  }
  const memory = Math.min(machine.memoryBytes, machine.memoryLimitBytes ?? Number.POSITIVE_INFINITY);
  if (needs.memoryBytes > memory) {
    mistakes.push(
      `${who}: ${readable(clients)} clients need about ${gigabytes(needs.memoryBytes)} of memory ` +
        `(${processes.servers + processes.shards + processes.links} processes of 60 MiB, and 16 + 5 + 7.3 KiB a ${connections > 1 ? 'connection' : 'client'}), but this ` +
        `machine has ${gigabytes(memory)}. Ask for fewer clients.`,
    );
  } else if (needs.memoryBytes > memory * 0.75) {
    warnings.push(
      `${readable(clients)} clients need about ${gigabytes(needs.memoryBytes)} of the ${gigabytes(memory)} of memory.`,
    );
  }
  const fanOut = clients * plan.payloadBytes;
  if (fanOut > memory / 4) {
    warnings.push(
      `One message to all is ${gigabytes(fanOut)} (${readable(clients)} clients x ${readable(plan.payloadBytes)} ` +
        `bytes); slow clients will be cut off, and memory may run out.`,
    );
  }
  return { mistakes, warnings };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `1.5 GiB`, or `320 MiB` below one. */
export function gigabytes(bytes: number): string {
  const gibibytes = bytes / 2 ** 30;
  return gibibytes < 1 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${gibibytes.toFixed(1)} GiB`;
}
