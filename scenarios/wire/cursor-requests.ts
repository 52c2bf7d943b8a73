import { CURSOR_PARAMETER } from '../../protocol/names.js';
import { formatSequence } from '../../protocol/payload.js';
import type { ClientContext } from '../contract.js';
import { closeHead, requestHead } from './request.js';

/**
 * The polls of a shard, made once per cursor: clients that saw the same message send the same bytes, so a broadcast to
 * ten thousand long polls makes one string.
 */
export class CursorRequests {
  private readonly before: string;
  private readonly after: string;
  private cursor = -1;
  private text = '';

  constructor(context: ClientContext) {
    const { target, headers } = context;
    const mark = '\u0000';
    const path = `${target.path}${target.path.includes('?') ? '&' : '?'}${CURSOR_PARAMETER}=${mark}`;
    const [before, after] = closeHead(requestHead(target, path, headers, 'poll')).split(mark);
    this.before = before!;
    this.after = after!;
  }

  for(cursor: number): string {
    if (cursor !== this.cursor) {
      this.cursor = cursor;
      this.text = `${this.before}${formatSequence(cursor)}${this.after}`;
    }
    return this.text;
  }
}

const shared = new WeakMap<ClientContext, CursorRequests>();

/** The one maker of requests for all clients that share a context. */
export function cursorRequests(context: ClientContext): CursorRequests {
  let requests = shared.get(context);
  if (requests === undefined) {
    requests = new CursorRequests(context);
    shared.set(context, requests);
  }
  return requests;
}
