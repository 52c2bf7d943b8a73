import type { Server, Socket } from 'node:net';
import type { ServerSettings } from './contract.js';

/** What whoever comes too late is told. */
export const SERVER_IS_FULL = 'The server is full.';

/** The whole answer to an upgrade on a connection that is not admitted. */
export const TURNED_AWAY =
  'HTTP/1.1 503 Service Unavailable\r\n' +
  'Retry-After: 1\r\n' +
  'Connection: close\r\n' +
  'Content-Type: text/plain; charset=utf-8\r\n' +
  `Content-Length: ${SERVER_IS_FULL.length + 1}\r\n\r\n${SERVER_IS_FULL}\n`;

const turnedAway = new WeakSet<Socket>();

/**
 * Admits as many connections at a time as the settings say. Those beyond are accepted, for a page that is refused by the
 * kernel learns nothing, and marked: whatever is asked on them is to be answered 503 with Retry-After, and then they end.
 *
 * It counts connections, as servers do that have a limit. A client that connects for each poll is counted while its poll
 * lasts, so the limit is then one of requests in progress, which many more clients can share.
 */
export function limitConnections(
  server: Pick<Server, 'on'>,
  { admission }: Pick<ServerSettings, 'admission'>,
): void {
  if (admission === undefined) return;
  let admitted = 0;
  const left = (): void => {
    admitted--;
  };
  server.on('connection', (socket: Socket) => {
    if (admitted >= admission) {
      turnedAway.add(socket);
      return;
    }
    admitted++;
    socket.once('close', left);
  });
}

/** Whether what is asked on this connection is to be answered 503. */
export function isTurnedAway(socket: Socket): boolean {
  return turnedAway.has(socket);
}
