import type { ServerResponse } from 'node:http';
import { CURSOR_PARAMETER } from '../protocol/names.js';
import type { Feed, FeedMessage } from './feed.js';
import { CORS, refuse } from './http-server.js';
import { afterTopic, INVALID_TOPIC, logOf } from './topic.js';

const LF = Buffer.from('\n', 'latin1');
const EMPTY_HEADERS = [...CORS];
/** Clients of a moment differ in few cursors; the rest is encoded for each. */
const MAX_CACHED = 64;
/** As much as the log may hold: who asks from many cursors must not fill the memory with their answers. */
const MAX_CACHED_BYTES = 64 * 1024 * 1024;
/** More than there are cursors. */
const CURSORS = 2 ** 34;

interface Answer {
  readonly body: Buffer;
  readonly headers: string[];
}

/**
 * Answers of the two polling servers: messages joined by LF, each body encoded once however many ask for it.
 *
 * An answer carries at most `maxBytes` (always at least one message); the next request asks for the rest. So a client
 * that asks and does not read costs no more than a stream's slow reader. One that does not even wait for the answer before
 * it asks again gets single messages, which the log holds anyway: Node reads a thousand requests at a time and looks only
 * then whether their answers are read.
 */
export class Answers {
  readonly #feed: Feed;
  readonly #maxBytes: number;
  /** By topic and cursor; all are spent with the next message. */
  readonly #cache = new Map<number, Answer>();
  #cachedFor = 0;
  #cachedBytes = 0;

  constructor(feed: Feed, maxBytes: number) {
    this.#feed = feed;
    this.#maxBytes = maxBytes;
  }

  /**
   * Answers a poll at once: what came after its cursor, or without one the newest message; 400 for a cursor or a topic that
   * is none.
   */
  answerPoll(response: ServerResponse, query: string): void {
    const log = logOf(this.#feed, query);
    if (log === undefined) {
      refuse(response, 400, INVALID_TOPIC);
      return;
    }
    const cursor = parseCursor(query);
    const { newest } = log;
    if (cursor === 'invalid') refuse(response, 400, INVALID_CURSOR);
    else if (cursor !== 'none') this.answerSince(response, cursor, log);
    else if (newest === undefined) answerEmpty(response);
    else this.answerSince(response, newest.sequence - 1, log);
  }

  /**
   * Answers with everything after the cursor: 200, or 204 when there is nothing.
   *
   * @param log the topic's, in a feed with topics
   */
  answerSince(response: ServerResponse, cursor: number, log: Feed = this.#feed): void {
    if (!log.hasAfter(cursor)) {
      answerEmpty(response);
      return;
    }
    if (this.#cachedFor !== this.#feed.appended) {
      this.#cachedFor = this.#feed.appended;
      this.#cache.clear();
      this.#cachedBytes = 0;
    }
    if (response.socket === null) {
      const [next] = log.since(cursor, 1);
      send(response, encode([next!]));
      return;
    }
    const key = log.number * CURSORS + cursor;
    let answer = this.#cache.get(key);
    if (answer === undefined) {
      answer = encode(this.#bounded(log.since(cursor)));
      const bytes = this.#cachedBytes + answer.body.length;
      if (this.#cache.size < MAX_CACHED && bytes <= MAX_CACHED_BYTES) {
        this.#cache.set(key, answer);
        this.#cachedBytes = bytes;
      }
    }
    send(response, answer);
  }

  #bounded(messages: FeedMessage[]): FeedMessage[] {
    let bytes = -1;
    for (let at = 0; at < messages.length; at++) {
      bytes += messages[at]!.text.length + 1;
      if (bytes > this.#maxBytes && at > 0) return messages.slice(0, at);
    }
    return messages;
  }
}

function send(response: ServerResponse, { headers, body }: Answer): void {
  response.writeHead(200, headers).end(body);
}

/** 204: no news. */
export function answerEmpty(response: ServerResponse): void {
  response.writeHead(204, EMPTY_HEADERS).end();
}

function encode(messages: readonly FeedMessage[]): Answer {
  const parts: Buffer[] = [];
  for (const message of messages) {
    if (parts.length > 0) parts.push(LF);
    parts.push(message.text);
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
export function parseCursor(whole: string): Cursor {
  const query = afterTopic(whole);
  if (query === '') return 'none';
  // Our own clients send just this; building URLSearchParams costs more than the rest of a poll's routing.
  let text: string | null = query.startsWith(PREFIX) ? query.slice(PREFIX.length) : null;
  if (text === null || !CURSOR.test(text)) text = new URLSearchParams(query).get(CURSOR_PARAMETER);
  if (text === null) return 'none';
  return CURSOR.test(text) ? Number(text) : 'invalid';
}

/** The sentence for a 400. */
export const INVALID_CURSOR = `${CURSOR_PARAMETER} must be a sequence number of one to ten digits.`;
