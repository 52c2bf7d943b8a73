import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Deadlines } from './deadlines.js';

/** How long a request's head may take to arrive, unless the settings say otherwise; a body has as long again. */
export const HEAD_TIMEOUT_MS = 10_000;
/** Whoever was told what is wrong has this long to read it and go. */
const LINGER_MS = 2_000;

const MALFORMED = answer('400 Bad Request', 'The request is malformed.');
const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: answer('431 Request Header Fields Too Large', 'The request head is too large.'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: answer('413 Payload Too Large', 'The chunk extensions are too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: answer('408 Request Timeout', 'The request took too long to arrive.'),
};

/** What Node calls the answer that is being written to a connection; it has no public name, and its own handler asks this, too. */
interface Connection extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * Refuses what is no request: 400 when it is malformed, 431 when its head is too large, 408 when it does not come to an
 * end in time. In the middle of an answer there is nothing to be said, and the connection is dropped.
 *
 * The connection is not dropped with the answer: a client that is still sending would be reset before it could read why.
 *
 * @param silentMs how long a connection may say nothing at all once the time for a head is over, for Node's limit begins
 *   when a client connects, and pollers connect long before their phase
 */
export function answerClientErrors(server: Server, silentMs: number): void {
  const leaving = new Deadlines<Socket>(LINGER_MS, drop);
  const silent = new Deadlines<Socket>(silentMs, (socket) => {
    if (socket.bytesRead === 0) drop(socket);
  });
  function gone(this: Socket): void {
    leaving.delete(this);
    silent.delete(this);
  }

  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Connection;
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) {
      // From its first byte on the clock starts anew.
      silent.add(socket);
      socket.once('close', gone);
    } else if (leaving.has(socket)) {
      // Whatever else it sends is passed over.
    } else if (!socket.writable || socket._httpMessage?.headersSent) {
      socket.destroy();
    } else {
      leaving.add(socket);
      socket.once('close', gone);
      socket.end(ANSWERS[error.code ?? ''] ?? MALFORMED);
    }
  });
  server.on('close', () => {
    leaving.close();
    silent.close();
  });
}

function drop(socket: Socket): void {
  socket.destroy();
}

function answer(status: string, sentence: string): string {
  return (
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
    `Content-Length: ${sentence.length + 1}\r\nAccess-Control-Allow-Origin: *\r\n\r\n${sentence}\n`
  );
}
