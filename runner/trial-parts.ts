import type { Target } from '../scenarios/contract.js';
import type { Contender } from './contender.js';
import { contenderOf } from './contenders.js';
import { patienceOf } from './patience.js';
import type { Contestant, Plan } from './plan.js';
import type { ProcessPlan } from './process-plan.js';
import type { ShardPlan } from './shard-protocol.js';
import { crowdOf } from './side-crowd/crowd-of.js';
import { visitsOf } from './side-crowd/visits.js';
import { foreignSpec } from './target/foreign-spec.js';
import type { TrialSchedules } from './workloads/contract.js';
import { workloadById } from './workloads/registry.js';
import { restartStretches } from './workloads/restart.js';

/** Clients opened a second over all shards: 10,000 in 2.5 s, which the slowest reference server accepts (measured). */
export const CONNECTS_PER_SECOND = 4000;
/** What is published in the warm-up and in the window of a plan. Every round has instants of its own. */
export function schedules(
  plan: Plan,
  trial: number,
  clients: number = Math.max(...plan.clients),
): TrialSchedules {
  return workloadById(plan.workload).schedules(plan, trial, clients);
}

/** Splits `total` into `parts` shares that differ by one at most. */
export function shares(total: number, parts: number): number[] {
  return Array.from(
    { length: parts },
    (_, part) => Math.floor(((part + 1) * total) / parts) - Math.floor((part * total) / parts),
  );
}

/**
 * Which clients each shard runs against which server: both sides cut the same line of clients, each at its own marks.
 * @returns for each shard its clients by server, empty ones left out
 */
export function assignClients(
  clients: number,
  processes: Pick<ProcessPlan, 'servers' | 'shards'>,
): { server: number; clients: number }[][] {
  return cutLine(shares(clients, processes.servers), processes.shards);
}

/** Cuts the line of clients that `serverShares` make into equal parts: what of which server lies in each. */
export function cutLine(
  serverShares: readonly number[],
  cuts: number,
): { server: number; clients: number }[][] {
  const clients = serverShares.reduce((sum, share) => sum + share, 0);
  let server = 0;
  let room = serverShares[0] ?? 0;
  return shares(clients, cuts).map((part) => {
    const parts: { server: number; clients: number }[] = [];
    let left = part;
    while (left > 0) {
      // A server may have no share: fewer clients than servers.
      while (room === 0) room = serverShares[++server]!;
      const taken = Math.min(left, room);
      parts.push({ server, clients: taken });
      left -= taken;
      room -= taken;
    }
    return parts;
  });
}

/** Somewhere to connect to, for a number of clients: a server, or a link's end in front of one. */
export interface Entrance {
  readonly target: Target;
  readonly clients: number;
}

/** The plan of each shard of a trial. @param entrances for all clients together */
export function shardPlans(
  plan: Plan,
  contestant: Contestant,
  processes: ProcessPlan,
  entrances: readonly Entrance[],
): ShardPlan[] {
  const { warmup, measure } = schedules(plan, contestant.trial, contestant.clients);
  const stretches = restartStretches(plan);
  const crowd = crowdOf(plan, contestant.clients, contestant.trial);
  const line = cutLine(
    entrances.map(({ clients }) => clients),
    processes.shards,
  );
  const { clientsSpeak } = workloadById(plan.workload);
  let firstClient = 0;
  const firsts = line.map((parts) => {
    const first = firstClient;
    for (const { clients } of parts) firstClient += clients;
    return first;
  });
  // Whoever comes beside the clients is numbered after all of them.
  let firstBeside = firstClient;
  const besides = line.map((_, part) => {
    const first = firstBeside;
    if (crowd !== null)
      firstBeside += visitsOf({ ...crowd.side, part, parts: line.length }, measure.durationSeconds).capacity;
    return first;
  });
  return line.map((parts, shard) => ({
    ...clientsOf(contenderOf(plan, contestant.scenario)!, contestant),
    shard,
    targets: parts.map(({ server, clients }) => ({ target: entrances[server]!.target, clients })),
    firstClient: firsts[shard]!,
    ...(clientsSpeak ? { clientsSpeak } : {}),
    seed: plan.seed + contestant.order,
    headers: plan.headers,
    ...(plan.subprotocols ? { subprotocols: plan.subprotocols } : {}),
    ...(plan.cookieBytes ? { cookieBytes: plan.cookieBytes } : {}),
    pollIntervalMs: plan.pollIntervalMs,
    payloadBytes: plan.payloadBytes,
    ...(plan.content ? { content: plan.content } : {}),
    warmup,
    measure,
    connectPerSecond: CONNECTS_PER_SECOND / processes.shards,
    ...(crowd === null
      ? {}
      : {
          side: {
            ...crowd.side,
            part: shard,
            parts: line.length,
            firstClient: besides[shard]!,
            targets: sideTargets(parts, shard, entrances),
          },
        }),
    ...(plan.proxy || plan.handlers ? { patience: patienceOf(plan, contestant) } : {}),
    ...(stretches === null ? {} : { restartStretches: stretches }),
  }));
}

/** How a shard's clients behave: as a scenario of the registry, or as those of a server of the user's. */
function clientsOf(
  contender: Contender,
  { order }: Contestant,
): Pick<ShardPlan, 'scenario'> & Partial<Pick<ShardPlan, 'foreign'>> {
  return contender.kind === 'reference'
    ? { scenario: contender.scenario }
    : { scenario: contender.target.name, foreign: foreignSpec(contender, order) };
}

/** A shard's people go where its clients go; one without clients takes its turn. */
function sideTargets(
  parts: readonly { readonly server: number }[],
  shard: number,
  entrances: readonly Entrance[],
): Target[] {
  const servers = parts.length > 0 ? parts.map(({ server }) => server) : [shard % entrances.length];
  return servers.map((server) => entrances[server]!.target);
}
