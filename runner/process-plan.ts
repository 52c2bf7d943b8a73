/** Clients that one process holds: a margin below the 20,000 descriptors of a common hard limit. */
export const CLIENTS_PER_PROCESS = 18_000;

/** How many processes a trial has on either side. */
export interface ProcessPlan {
  readonly servers: number;
  readonly shards: number;
  /** Clients in the fullest server process and in the fullest shard. */
  readonly clientsPerServer: number;
  readonly clientsPerShard: number;
}

/**
 * Processes for a number of clients: as many servers as descriptors ask for; at least as many shards, and one for
 * each core left beside the server.
 *
 * @param allowedCores cores this process may use, at least 1
 */
export function processPlan(clients: number, allowedCores: number): ProcessPlan {
  const servers = Math.ceil(clients / CLIENTS_PER_PROCESS);
  // A shard without a client would measure nothing.
  const shards = Math.min(clients, Math.max(servers, allowedCores - 1, 1));
  return {
    servers,
    shards,
    clientsPerServer: Math.ceil(clients / servers),
    clientsPerShard: Math.ceil(clients / shards),
  };
}
