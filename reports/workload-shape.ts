import type { Result } from './result.js';
import { formatCount, formatPercent } from './units.js';

type Plan = Pick<Result['plan'], 'workload' | 'workloadOptions' | 'clients'>;

const plural = (count: number, one: string): string =>
  `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;

/** What a workload calls its messages: one, and several. */
export function unitOf({ workload }: Plan): readonly [one: string, several: string] {
  return workload === 'echo' ? ['exchange', 'exchanges'] : ['message', 'messages'];
}

/** How the messages of a plan are shaped, to follow a comma: `, each for one client`; empty where each is for everybody. */
export function shapePhrase({ workload, workloadOptions = {} }: Plan): string {
  const { topics, burst } = workloadOptions;
  if (workload === 'unicast')
    return topics === undefined ? ', each for one client' : `, each for one of ${plural(topics, 'topic')}`;
  return workload === 'burst' && burst !== undefined ? `, in bursts of ${formatCount(burst)}` : '';
}

/** What happens to the clients of a plan, to follow a comma; empty where they only hear messages. */
export function scenePhrase({ workload, workloadOptions = {} }: Plan): string {
  const { churn, down, slow, admit } = workloadOptions;
  if (workload === 'churn' && churn !== undefined)
    return `, ${formatCount(churn)} ${churn === 1 ? 'visitor' : 'visitors'} a second beside them`;
  if (workload === 'restart' && down !== undefined)
    return `, a server that is killed twice and stays away for ${formatCount(down)} ms`;
  if (workload === 'slow-readers' && slow !== undefined)
    return `, ${formatPercent(slow)} of them slow readers`;
  return workload === 'overload' && admit !== undefined
    ? `, a server that admits ${plural(admit, 'connection')}`
    : '';
}

/** How many times its rate a workload comes to: that of an overload climbs from nothing to twice. */
export function topOf({ workload }: Pick<Plan, 'workload'>): number {
  return workload === 'overload' ? 2 : 1;
}

/** Clients that a message is for, on average. */
export function hearersOf({ workload, workloadOptions = {} }: Plan, clients: number): number {
  if (workload === 'echo') return 1;
  return workload === 'unicast' ? clients / (workloadOptions.topics ?? clients) : clients;
}

/** How many publishes of a trial are samples of their own: those of a burst are one. */
export function samplesOf({ workloadOptions = {} }: Plan, published: number): number {
  return Math.ceil(published / (workloadOptions.burst ?? 1));
}
