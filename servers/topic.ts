import { TOPIC_PARAMETER } from '../protocol/names.js';
import { MARKER_BYTES } from '../protocol/payload.js';
import type { Feed } from './feed.js';

const PREFIX = `${TOPIC_PARAMETER}=`;
const LENGTH = PREFIX.length + MARKER_BYTES;
const TOPIC = new RegExp(`^\\d{${MARKER_BYTES}}$`);

/** The sentence for a 400. */
export const INVALID_TOPIC = `${TOPIC_PARAMETER} must be the number of a topic of this server, in ten digits.`;

/**
 * The log that a request is about: that of the topic it names, or the feed itself when it has no topics.
 *
 * @param query what stands after the question mark
 * @returns undefined when the feed has topics and the request names none of them; to be answered 400
 */
export function logOf(feed: Feed, query: string): Feed | undefined {
  if (feed.topics === 0) return feed;
  // Our own clients say it first; building URLSearchParams costs more than the rest of a poll's routing.
  const text = startsWithTopic(query)
    ? query.slice(PREFIX.length, LENGTH)
    : new URLSearchParams(query).get(TOPIC_PARAMETER);
  return text !== null && TOPIC.test(text) ? feed.topic(Number(text)) : undefined;
}

/** The rest of a query that names its topic first, as our own clients' do; else the whole. */
export function afterTopic(query: string): string {
  return startsWithTopic(query) ? query.slice(LENGTH + 1) : query;
}

function startsWithTopic(query: string): boolean {
  return query.startsWith(PREFIX) && (query.length === LENGTH || query[LENGTH] === '&');
}

/** What stands after the question mark of a request target, or ''. */
export function queryOf(target: string): string {
  const mark = target.indexOf('?');
  return mark === -1 ? '' : target.slice(mark + 1);
}
