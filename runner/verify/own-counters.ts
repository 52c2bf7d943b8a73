import { addLedgers, sumLayers } from '../../scenarios/ledger.js';
import type { HostSample } from '../../servers/contract.js';
import { type HostChild, holdShard, type ShardChild, sampleHost } from '../side.js';
import type { WireReading } from './compare-wire.js';

/** Makes every client hold still, then reads all bytes so far from clients and servers of a trial. */
export async function ownCounters(
  shards: readonly ShardChild[],
  hosts: readonly HostChild[],
): Promise<Omit<WireReading, 'kernel'>> {
  const clients = await Promise.all(shards.map(holdShard));
  const servers = await Promise.all(hosts.map((host) => sampleHost(host, false)));
  const ledger = clients.map((client) => client.ledger).reduce((a, b) => addLedgers(a, b));
  return {
    ledger: { up: sumLayers(ledger.up), down: sumLayers(ledger.down) },
    sockets: {
      up: total(clients, ({ sockets }) => sockets.up),
      down: total(clients, ({ sockets }) => sockets.down),
    },
    server: {
      up: total(servers, ({ bytes }: HostSample) => bytes!.read),
      down: total(servers, ({ bytes }: HostSample) => bytes!.written),
    },
    accepted: total(servers, ({ bytes }: HostSample) => bytes!.sockets),
  };
}

function total<T>(parts: readonly T[], read: (part: T) => number): number {
  return parts.reduce((sum, part) => sum + read(part), 0);
}
