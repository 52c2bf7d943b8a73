import { fileURLToPath } from 'node:url';
import type { Target } from '../../scenarios/contract.js';
import { Child } from '../child.js';
import type { ProcessPlan } from '../process-plan.js';
import { assignClients, type Entrance, shares } from '../trial-parts.js';
import type { LinkCommand, LinkReport, LinkResult, LinkSettings } from './contract.js';

/** The entry file, in the build one folder up. */
const LINK_ENTRY = fileURLToPath(new URL('../link.js', import.meta.url));

export type LinkChild = Child<LinkCommand, LinkReport>;

/** Starts the link processes of a trial, on the generators' cores: they are part of the ruler. */
export function startLinks(processes: ProcessPlan, cores: string | null): LinkChild[] {
  return Array.from(
    { length: processes.links },
    () => new Child<LinkCommand, LinkReport>({ role: 'link', entry: LINK_ENTRY, cores }),
  );
}

/**
 * Where the clients of a trial connect to: the servers, or the ends of the links in front of them. The Host field stays
 * the server's, so that a request has the same bytes either way.
 *
 * @param links none when clients and servers meet directly
 * @param targets the servers, in their order
 */
export async function entrancesOf(
  links: readonly LinkChild[],
  settings: LinkSettings | null,
  clients: number,
  processes: ProcessPlan,
  targets: readonly Target[],
): Promise<Entrance[]> {
  if (links.length === 0 || settings === null) {
    return shares(clients, targets.length).map((share, n) => ({ target: targets[n]!, clients: share }));
  }
  const parts = assignClients(clients, { servers: targets.length, shards: processes.links });
  const entrances = await Promise.all(
    links.map(async (link, n) => {
      const own = parts[n]!;
      const linked = link.next('linked');
      const servers = own.map(({ server }) => {
        const { address, port } = targets[server]!;
        return { address, port };
      });
      link.send({ type: 'link', settings, servers });
      const { ends } = await linked;
      return own.map((part, at) => ({
        target: { ...targets[part.server]!, ...ends[at]! },
        clients: part.clients,
      }));
    }),
  );
  return entrances.flat();
}

/** What the links passed on in the window, as they report it now. */
export function finishLinks(links: readonly LinkChild[]): Promise<LinkResult[]> {
  return Promise.all(
    links.map(async (link) => {
      const result = link.next('result');
      link.send({ type: 'finish' });
      return (await result).result;
    }),
  );
}
