import { CURSOR_PARAMETER } from '../../protocol/names.js';
import { formatSequence } from '../../protocol/payload.js';
import type { ClientContext } from '../contract.js';
import { closeHead, closingHead, requestHead } from './request.js';
import { markedPath, withTopic } from './topic-path.js';

/**
 * The polls of a shard, made once per cursor: clients that saw the same message send the same bytes, so a broadcast to
 * ten thousand long polls makes one string.
 */
export class CursorRequests {
  private readonly before: string;
  private readonly after: string;
  /** What somebody asks who has seen nothing. */
  private readonly first: string;
  private cursor = -1;
  private text = '';

  /** @param closing each request asks the server to close the connection after its answer */
  constructor(
    private readonly context: ClientContext,
    closing = false,
  ) {
    const { target, headers } = context;
    const mark = '\u0000';
    const own = markedPath(context);
    const path = `${own}${own.includes('?') ? '&' : '?'}${CURSOR_PARAMETER}=${mark}`;
    const head = requestHead(target, path, headers, 'poll');
    const [before, after] = closeHead(closing ? closingHead(head) : head).split(mark);
    this.before = before!;
    this.after = after!;
    const newcomer = closeHead(closing ? closingHead(bareHead(context)) : bareHead(context));
    this.first = context.startsNow ? newcomer : this.since(0);
  }

  /** @param client index of the client within its shard: with topics, no two ask the same */
  for(cursor: number, client = 0): string {
    const { context } = this;
    if (context.topics !== undefined)
      return withTopic(cursor === 0 ? this.first : this.since(cursor), context, client);
    if (cursor === 0) return this.first;
    if (cursor !== this.cursor) {
      this.cursor = cursor;
      this.text = this.since(cursor);
    }
    return this.text;
  }

  private since(cursor: number): string {
    return `${this.before}${formatSequence(cursor)}${this.after}`;
  }
}

function bareHead(context: ClientContext): string {
  return requestHead(context.target, markedPath(context), context.headers, 'poll');
}

/** By context; those that close stand apart. */
const shared = [new WeakMap<ClientContext, CursorRequests>(), new WeakMap<ClientContext, CursorRequests>()];

/** The one maker of requests for all clients that share a context. */
export function cursorRequests(context: ClientContext, closing = false): CursorRequests {
  const makers = shared[closing ? 1 : 0]!;
  let requests = makers.get(context);
  if (requests === undefined) {
    requests = new CursorRequests(context, closing);
    makers.set(context, requests);
  }
  return requests;
}
