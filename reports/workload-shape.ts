import type { Result } from './result.js';
import { formatCount } from './units.js';

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

/** Clients that a message is for, on average. */
export function hearersOf({ workload, workloadOptions = {} }: Plan, clients: number): number {
  if (workload === 'echo') return 1;
  return workload === 'unicast' ? clients / (workloadOptions.topics ?? clients) : clients;
}

/** How many publishes of a trial are samples of their own: those of a burst are one. */
export function samplesOf({ workloadOptions = {} }: Plan, published: number): number {
  return Math.ceil(published / (workloadOptions.burst ?? 1));
}
