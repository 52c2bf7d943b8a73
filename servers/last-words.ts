import type { Socket } from 'node:net';

function ignore(): void {}

/** Sends what a refused upgrade is told and ends the connection, whether or not the client ends its side. */
export function lastWords(wire: Socket, answer: string): void {
  wire.on('error', ignore);
  wire.once('finish', wire.destroy);
  wire.end(answer);
}
