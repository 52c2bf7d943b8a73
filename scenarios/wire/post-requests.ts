import type { ClientContext } from '../contract.js';
import { closeHead, closingHead, requestHead } from './request.js';
import { markedPath, withTopic } from './topic-path.js';

/** The heads of what clients say in a POST, put together when they are sent. */
export class PostRequests {
  private readonly head: string;

  /** @param closing each request asks the server to close the connection after its answer */
  constructor(
    private readonly context: ClientContext,
    closing: boolean,
  ) {
    const head = requestHead(context.target, markedPath(context), context.headers, 'post');
    this.head = closing ? closingHead(head) : head;
  }

  /** The head for a body of so many bytes. @param client index of the client within its shard */
  for(client: number, bytes: number): string {
    return closeHead(withTopic(this.head, this.context, client), `Content-Length: ${bytes}\r\n`);
  }
}

/** By context; those that close stand apart. */
const shared = [new WeakMap<ClientContext, PostRequests>(), new WeakMap<ClientContext, PostRequests>()];

/** The one maker of requests for all clients that share a context. */
export function postRequests(context: ClientContext, closing: boolean): PostRequests {
  const makers = shared[closing ? 1 : 0]!;
  let requests = makers.get(context);
  if (requests === undefined) {
    requests = new PostRequests(context, closing);
    makers.set(context, requests);
  }
  return requests;
}
