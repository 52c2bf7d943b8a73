import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Audience } from './audience.js';
import type { ReferenceServer, ServerSettings } from './contract.js';
import type { Feed, FeedMessage } from './feed.js';
import { encodeChunk } from './http-chunk.js';
import { CORS, closeHttpServer, createHttpServer, listen, refuse } from './http-server.js';

/** What tells one endless HTTP response from another. */
export interface StreamFormat {
  readonly path: string;
  readonly contentType: string;
  readonly headers: readonly string[];
  /** What a client is sent first. `cursor` is the last message it has seen: what comes after it follows. */
  prelude(cursor: number): Buffer;
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
 */
export async function startStreamServer(
  feed: Feed,
  settings: ServerSettings,
  format: StreamFormat,
): Promise<ReferenceServer> {
  const audience = new Audience(settings.maxQueuedBytes);
  const catchingUp = new Set<Socket>();
  const headers = ['Content-Type', format.contentType, ...format.headers, ...CORS];

  function left(this: Socket): void {
    audience.remove(this);
    catchingUp.delete(this);
  }

  /** Sends the log after the cursor as fast as the client reads, then lets it join the audience. */
  function catchUp(socket: Socket, cursor: number): void {
    let seen = cursor;
    let flowing = true;
    while (flowing && seen < feed.lastSequence) {
      const missed = feed.since(seen, CATCH_UP_BATCH);
      socket.cork();
      for (const message of missed) {
        flowing = socket.write(encodeChunk(format.encode(message)));
        seen = message.sequence;
        if (!flowing) break;
      }
      socket.uncork();
    }
    if (flowing) {
      catchingUp.delete(socket);
      audience.add(socket, null);
    } else {
      catchingUp.add(socket);
      socket.once('drain', () => {
        if (catchingUp.has(socket)) catchUp(socket, seen);
      });
    }
  }

  const server = createHttpServer(settings, format.path, (request, response) => {
    // An id from the future is one of an earlier life of the server: there is nothing after it.
    const cursor = Math.min(format.resumeFrom?.(request) ?? feed.lastSequence, feed.lastSequence);
    const socket = openStream(request, response, headers, () => format.prelude(cursor));
    if (socket === undefined) return;
    socket.on('close', left);
    catchUp(socket, cursor);
    socket.uncork();
  });
  const unsubscribe = feed.subscribe((message) => audience.broadcast(encodeChunk(format.encode(message))));
  if (format.heartbeat !== undefined) {
    const chunk = encodeChunk(format.heartbeat);
    audience.startHeartbeat(settings.heartbeatMs, (socket) => audience.send(socket, chunk));
  }
  const stop = async (): Promise<void> => {
    unsubscribe();
    audience.close();
    catchingUp.clear();
    if (server.listening) await closeHttpServer(server);
  };
  try {
    const authority = await listen(server, settings);
    return {
      url: `http://${authority}${format.path}`,
      held: () => audience.size + catchingUp.size,
      cutOff: () => audience.cutOff,
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
  if (request.httpVersionMinor < 1) {
    refuse(response, 505, 'A stream is chunked, which HTTP/1.0 cannot read.');
    return undefined;
  }
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
  socket.write(encodeChunk(prelude()));
  return socket;
}
