import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_SAID_BYTES } from '../protocol/payload.js';
import { HEAD_TIMEOUT_MS } from './client-errors.js';
import type { ServerSettings } from './contract.js';
import { Deadlines } from './deadlines.js';
import type { Feed } from './feed.js';
import { CORS, type PostHandler, refuse } from './http-server.js';
import { INVALID_TOPIC, logOf } from './topic.js';

const HEARD = [...CORS];
const CLOSE = ['Connection', 'close'];

/**
 * What a client says on a transport that has no way up: a POST beside it, whose body is the message. It is published in
 * the topic that the request names, and answered 204 once it is: what others make of it comes the way news comes.
 *
 * 400 for a topic or a message without a number, 413 for more than 64 KiB, 408 for a body that takes longer than a head may.
 *
 * @param closing whether the connection ends after each answer
 * @returns null when the settings ask for no echo
 */
export function postsTo(feed: Feed, settings: ServerSettings, { closing = false } = {}): PostHandler | null {
  const { echo, headTimeoutMs: bodyTimeoutMs = HEAD_TIMEOUT_MS } = settings;
  if (echo === undefined) return null;
  const { isBinary } = echo;
  const bodies = new Deadlines<ServerResponse>(bodyTimeoutMs, (response) =>
    refuse(response, 408, `A body has ${bodyTimeoutMs / 1000} s to arrive.`, CLOSE),
  );

  function tooLarge(response: ServerResponse): void {
    refuse(response, 413, `A message has ${MAX_SAID_BYTES} bytes at most.`, CLOSE);
  }

  function answer(request: IncomingMessage, response: ServerResponse, query: string): void {
    if (closing) response.shouldKeepAlive = false;
    const log = logOf(feed, query);
    if (log === undefined) {
      refuse(response, 400, INVALID_TOPIC);
      return;
    }
    if (Number(request.headers['content-length'] ?? 0) > MAX_SAID_BYTES) {
      tooLarge(response);
      return;
    }
    const parts: Buffer[] = [];
    let bytes = 0;
    bodies.add(response);
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= MAX_SAID_BYTES) {
        parts.push(part);
        return;
      }
      parts.length = 0;
      if (response.headersSent) return;
      bodies.delete(response);
      tooLarge(response);
    });
    request.on('end', () => {
      bodies.delete(response);
      if (response.headersSent) return;
      const message = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      if (log.hear(message, isBinary)) response.writeHead(204, HEARD).end();
      else refuse(response, 400, 'A message begins with its number in ten digits.');
    });
    response.on('close', () => bodies.delete(response));
  }

  return { answer, close: () => bodies.close() };
}
