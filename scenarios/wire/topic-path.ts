import { TOPIC_PARAMETER } from '../../protocol/names.js';
import { formatSequence } from '../../protocol/payload.js';
import { clientTopic } from '../../protocol/topics.js';
import type { ClientContext } from '../contract.js';

/** Stands in a path or a request for what differs between clients; no URL can have it. */
export const TOPIC_MARK = '\u0002';

/** The path of all clients of a context: with topics, it has a mark where each client's topic belongs. */
export function markedPath({ target, topics }: Pick<ClientContext, 'target' | 'topics'>): string {
  if (topics === undefined) return target.path;
  return `${target.path}${target.path.includes('?') ? '&' : '?'}${TOPIC_PARAMETER}=${TOPIC_MARK}`;
}

/** Puts a client's topic, in ten digits, where the mark is. @param client index of the client within its shard */
export function withTopic(marked: string, { topics }: Pick<ClientContext, 'topics'>, client: number): string {
  if (topics === undefined) return marked;
  return marked.replace(TOPIC_MARK, formatSequence(clientTopic(topics.firstClient + client, topics.count)));
}

/** A client's path. */
export function clientPath(context: Pick<ClientContext, 'target' | 'topics'>, client: number): string {
  return withTopic(markedPath(context), context, client);
}
