import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { NO_TOPIC } from '../protocol/topics.js';
import { Audience } from './audience.js';
import type { ReferenceServer, ServerSettings } from './contract.js';
import type { Feed, FeedMessage } from './feed.js';
import { encodeChunk } from './http-chunk.js';
import { CORS, closeHttpServer, createHttpServer, listen, refuse } from './http-server.js';
import { postsTo } from './posts.js';
import { INVALID_TOPIC, logOf } from './topic.js';

/** What tells one endless HTTP response from another. */
export interface StreamFormat {
  readonly path: string;
  readonly contentType: string;
  readonly headers: readonly string[];
  /**
   * What a client is sent first.
   *
   * @param cursor the last message it has seen: what comes after it follows
   * @param newest the last message there is for it
   */
  prelude(cursor: number, newest: number): Buffer;
  /** A message as the response carries it. Called once per publish. */
  encode(message: FeedMessage): Buffer;
  /** A sign of life for clients connected long enough, where the format has one. */
  readonly heartbeat?: Buffer;
  /** The last message the client has seen; everything after it is sent before live messages. */
  resumeFrom?(request: IncomingMessage): number | undefined;
}

/** Messages encoded in one go for a client that catches up. */
const CATCH_UP_BATCH = 256;

/**
 * A server whose clients each hold one chunked response that never ends.
 *
 * Node writes the response's head; every chunk after it goes straight to the socket, encoded once per publish, because
 * `response.write` would frame the same bytes again for each client (three writes instead of one). That is safe: the
 * head announces the chunked coding, the response is never written to or ended through node:http, and while it is
 * unfinished Node writes nothing else to the connection (answers to pipelined requests queue behind it).
 *
 * HTTP/1.0 has no chunks: its clients, proxies mostly, are sent the body as it is, until the connection ends.
 */
export async function startStreamServer(
  feed: Feed,
  settings: ServerSettings,
  format: StreamFormat,
): Promise<ReferenceServer> {
  const audience = new Audience(settings.maxQueuedBytes);
  /** Those who speak HTTP/1.0. */
  const plain = new Audience(settings.maxQueuedBytes);
  const catchingUp = new Set<Socket>();
  const headers = ['Content-Type', format.contentType, ...format.headers, ...CORS];

  function left(this: Socket): void {
    audience.remove(this);
    plain.remove(this);
    catchingUp.delete(this);
  }

  /** Sends the log after the cursor as fast as the client reads, then lets it join the audience. */
  function catchUp(log: Feed, socket: Socket, cursor: number, isPlain: boolean): void {
    let seen = cursor;
    let flowing = true;
    while (flowing && log.hasAfter(seen)) {
      const missed = log.since(seen, CATCH_UP_BATCH);
      socket.cork();
      for (const message of missed) {
        const part = format.encode(message);
        flowing = socket.write(isPlain ? part : encodeChunk(part));
        seen = message.sequence;
        if (!flowing) break;
      }
      socket.uncork();
    }
    if (flowing) {
      catchingUp.delete(socket);
      (isPlain ? plain : audience).add(socket, null, log.number);
    } else {
      catchingUp.add(socket);
      socket.once('drain', () => {
        if (catchingUp.has(socket)) catchUp(log, socket, seen, isPlain);
      });
    }
  }

  const server = createHttpServer(
    settings,
    format.path,
    (request, response, query) => {
      const log = logOf(feed, query);
      if (log === undefined) {
        refuse(response, 400, INVALID_TOPIC);
        return;
      }
      // An id from the future is one of an earlier life of the server: there is nothing after it.
      const cursor = Math.min(format.resumeFrom?.(request) ?? log.lastSequence, log.lastSequence);
      const isPlain = request.httpVersionMinor < 1;
      const prelude = (): Buffer => format.prelude(cursor, log.lastSequence);
      const socket = openStream(request, response, headers, () =>
        isPlain ? prelude() : encodeChunk(prelude()),
      );
      if (socket === undefined) return;
      socket.on('close', left);
      catchUp(log, socket, cursor, isPlain);
      socket.uncork();
    },
    postsTo(feed, settings),
  );
  const unsubscribe = feed.subscribe((message) => {
    const { topic } = message;
    // Most topics have their listeners on another server process, or nowhere.
    if (topic !== NO_TOPIC && audience.isDeaf(topic) && plain.isDeaf(topic)) return;
    const part = format.encode(message);
    audience.broadcast(encodeChunk(part), topic);
    if (plain.size > 0) plain.broadcast(part, topic);
  });
  const { heartbeat } = format;
  if (heartbeat !== undefined) {
    const chunk = encodeChunk(heartbeat);
    audience.startHeartbeat(settings.heartbeatMs, (socket) => audience.send(socket, chunk));
    plain.startHeartbeat(settings.heartbeatMs, (socket) => plain.send(socket, heartbeat));
  }
  const stop = async (): Promise<void> => {
    unsubscribe();
    audience.close();
    plain.close();
    catchingUp.clear();
    if (server.listening) await closeHttpServer(server);
  };
  try {
    const authority = await listen(server, settings);
    return {
      url: `http://${authority}${format.path}`,
      held: () => audience.size + plain.size + catchingUp.size,
      cutOff: () => audience.cutOff + plain.cutOff,
      close: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Sends the head and the prelude, and leaves the socket corked so that all goes out in one segment.
 *
 * @returns undefined when the request was answered otherwise
 */
function openStream(
  request: IncomingMessage,
  response: ServerResponse,
  headers: string[],
  prelude: () => Buffer,
): Socket | undefined {
  const socket = response.socket;
  if (socket === null) {
    // Pipelined behind another request: behind a stream it would never be answered.
    request.socket.destroy();
    return undefined;
  }
  response.writeHead(200, headers);
  if (request.method === 'HEAD') {
    response.end();
    return undefined;
  }
  // A body nobody reads would stop the socket from being read, and its end from being seen.
  request.resume();
  socket.cork();
  response.flushHeaders();
  socket.write(prelude());
  return socket;
}
