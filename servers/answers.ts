import type { ServerResponse } from 'node:http';
import { CURSOR_PARAMETER } from '../protocol/names.js';
import type { Feed, FeedMessage } from './feed.js';
import { CORS } from './http-server.js';

const LF = Buffer.from('\n', 'latin1');
const EMPTY_HEADERS = [...CORS];
/** Clients of a moment differ in few cursors; the rest is encoded for each. */
const MAX_CACHED = 64;

interface Answer {
  readonly body: Buffer;
  readonly headers: string[];
}

/**
 * Answers of the two polling servers: messages joined by LF, each body encoded once however many ask for it.
 *
 * An answer carries at most `maxBytes` (always at least one message); the next request asks for the rest. So a client
 * that asks and does not read costs no more than a stream's slow reader.
 */
export class Answers {
  readonly #feed: Feed;
  readonly #maxBytes: number;
  /** By cursor; all are spent with the next message. */
  readonly #cache = new Map<number, Answer>();
  #cachedFor = 0;

  constructor(feed: Feed, maxBytes: number) {
    this.#feed = feed;
    this.#maxBytes = maxBytes;
  }

  /** Answers with everything after the cursor: 200, or 204 when there is nothing. */
  answerSince(response: ServerResponse, cursor: number): void {
    const feed = this.#feed;
    if (cursor >= feed.lastSequence) {
      answerEmpty(response);
      return;
    }
    if (this.#cachedFor !== feed.lastSequence) {
      this.#cachedFor = feed.lastSequence;
      this.#cache.clear();
    }
    let answer = this.#cache.get(cursor);
    if (answer === undefined) {
      answer = encode(this.#bounded(feed.since(cursor)));
      if (this.#cache.size < MAX_CACHED) this.#cache.set(cursor, answer);
    }
    response.writeHead(200, answer.headers).end(answer.body);
  }

  #bounded(messages: FeedMessage[]): FeedMessage[] {
    let bytes = -1;
    for (let at = 0; at < messages.length; at++) {
      bytes += messages[at]!.payload.length + 1;
      if (bytes > this.#maxBytes && at > 0) return messages.slice(0, at);
    }
    return messages;
  }
}

/** 204: no news. */
export function answerEmpty(response: ServerResponse): void {
  response.writeHead(204, EMPTY_HEADERS).end();
}

function encode(messages: readonly FeedMessage[]): Answer {
  const parts: Buffer[] = [];
  for (const message of messages) {
    if (parts.length > 0) parts.push(LF);
    parts.push(message.payload);
  }
  const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  const headers = [
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(body.length),
    ...CORS,
  ];
  return { body, headers };
}

/** What a client says it has seen. */
export type Cursor = number | 'none' | 'invalid';

const PREFIX = `${CURSOR_PARAMETER}=`;
const CURSOR = /^\d{1,10}$/;

/** Reads the cursor from a query string: one to ten digits. */
export function parseCursor(query: string): Cursor {
  if (query === '') return 'none';
  // Our own clients send just this; building URLSearchParams costs more than the rest of a poll's routing.
  let text: string | null = query.startsWith(PREFIX) ? query.slice(PREFIX.length) : null;
  if (text === null || !CURSOR.test(text)) text = new URLSearchParams(query).get(CURSOR_PARAMETER);
  if (text === null) return 'none';
  return CURSOR.test(text) ? Number(text) : 'invalid';
}

/** The sentence for a 400. */
export const INVALID_CURSOR = `${CURSOR_PARAMETER} must be a sequence number of one to ten digits.`;
