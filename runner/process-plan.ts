import { linkCount } from './link/link-plan.js';

/** Clients that one process holds: a margin below the 20,000 descriptors of a common hard limit. */
export const CLIENTS_PER_PROCESS = 18_000;

/** How many processes a trial has on either side. */
export interface ProcessPlan {
  readonly servers: number;
  readonly shards: number;
  /** Clients in the fullest server process and in the fullest shard. */
  readonly clientsPerServer: number;
  readonly clientsPerShard: number;
  /** Processes of the link between the two sides; 0 without one. */
  readonly links: number;
  readonly clientsPerLink: number;
}

/**
 * Part of the client ports that one server may use. Linux looks for a free port among the even ones of the range first,
 * from where it last stopped, and only when they are all taken among the odd ones: past half of the range every
 * connect searches all of it (100,000 connects to six servers took over 90 s instead of 25 s, measured on 6.18).
 */
const PORT_SHARE = 0.98 / 2;

/** Ports of the ephemeral range; null where it cannot be read. */
export function clientPorts(range: { readonly first: number; readonly last: number } | null): number | null {
  return range === null ? null : range.last - range.first + 1;
}

/** Clients that can reach one address and port from this machine. @param ports null when that is not known */
export function clientsOfOneServer(ports: number | null, connections = 1): number {
  return ports === null
    ? Number.POSITIVE_INFINITY
    : Math.max(1, Math.floor((ports * PORT_SHARE) / connections));
}

/**
 * Processes for a number of clients: as many servers as descriptors and client ports ask for; as many shards as
 * descriptors ask for, and at least one for each core left beside the server.
 *
 * @param allowedCores cores this process may use, at least 1
 * @param ports client ports towards one server (the ephemeral range); null when that is not known
 * @param linked whether a link lies between clients and servers
 * @param connections that a client may hold at once
 */
export function processPlan(
  clients: number,
  allowedCores: number,
  ports: number | null = null,
  linked = false,
  connections = 1,
): ProcessPlan {
  const perProcess = Math.max(1, Math.floor(CLIENTS_PER_PROCESS / connections));
  const perServer = Math.min(perProcess, clientsOfOneServer(ports, connections));
  const servers = Math.ceil(clients / perServer);
  // A shard without a client would measure nothing.
  const shards = Math.min(clients, Math.max(Math.ceil(clients / perProcess), allowedCores - 1, 1));
  const links = linked ? linkCount(clients * connections) : 0;
  return {
    servers,
    shards,
    links,
    clientsPerLink: links === 0 ? 0 : Math.ceil(clients / links),
    clientsPerServer: Math.ceil(clients / servers),
    clientsPerShard: Math.ceil(clients / shards),
  };
}
