import type { ClientContext } from '../contract.js';
import { closeHead, requestHead, upgradeFields } from './request.js';
import { markedPath, withTopic } from './topic-path.js';

/** Stand in for what changes from request to request, where a URL cannot have them. */
const STAMP = '\u0000';
const SESSION = '\u0001';

/** The first stamp: from here on numbers have eight digits in base 36. */
const FIRST_STAMP = 36 ** 7;

/**
 * The requests of Engine.IO 4 as its browser client makes them, `t` contained, by which it keeps caches from answering.
 *
 * A request is put together when it is sent: kept ready for each client it would cost up to 700 bytes of memory, for a
 * saving that is small beside the session that the server keeps.
 */
export class EngineIoRequests {
  private readonly handshakeParts: readonly string[];
  private readonly pollParts: readonly string[];
  private readonly postParts: readonly string[];
  private readonly upgradeParts: readonly string[];
  private stamps = FIRST_STAMP;

  constructor(private readonly context: ClientContext) {
    const { target, headers } = context;
    const own = markedPath(context);
    const base = `${own}${own.includes('?') ? '&' : '?'}EIO=4&transport=`;
    const parts = (text: string): readonly string[] =>
      text.split(STAMP).flatMap((part) => part.split(SESSION));
    const polling = `${base}polling&t=${STAMP}`;
    const session = `${polling}&sid=${SESSION}`;
    this.handshakeParts = parts(closeHead(requestHead(target, polling, headers, 'poll')));
    this.pollParts = parts(closeHead(requestHead(target, session, headers, 'poll')));
    this.postParts = parts(requestHead(target, session, headers, 'post'));
    this.upgradeParts = parts(requestHead(target, `${base}websocket&sid=${SESSION}`, headers, 'upgrade'));
  }

  /** Asks for a session. */
  handshake(client: number): string {
    const [before, after] = this.handshakeParts;
    return this.named(`${before}${this.stamp()}${after}`, client);
  }

  /** Asks for packets, which the server holds until it has some. */
  poll(client: number, session: string): string {
    const [before, between, after] = this.pollParts;
    return this.named(`${before}${this.stamp()}${between}${session}${after}`, client);
  }

  /** Brings packets. @param packets latin1, so that characters are bytes */
  post(client: number, session: string, packets: string): string {
    const [before, between, after] = this.postParts;
    const head = this.named(`${before}${this.stamp()}${between}${session}${after}`, client);
    return `${closeHead(head, `Content-Length: ${packets.length}\r\n`)}${packets}`;
  }

  /** Opens a WebSocket for the session. */
  upgrade(client: number, session: string, key: string): string {
    const [before, after] = this.upgradeParts;
    return closeHead(this.named(`${before}${session}${after}`, client), upgradeFields(key));
  }

  private named(text: string, client: number): string {
    return withTopic(text, this.context, client);
  }

  private stamp(): string {
    return (this.stamps++).toString(36);
  }
}

const shared = new WeakMap<ClientContext, EngineIoRequests>();

/** The one maker of requests for all clients that share a context. */
export function engineIoRequests(context: ClientContext): EngineIoRequests {
  let requests = shared.get(context);
  if (requests === undefined) {
    requests = new EngineIoRequests(context);
    shared.set(context, requests);
  }
  return requests;
}
