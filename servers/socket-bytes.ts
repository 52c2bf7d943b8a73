import type { Server, Socket } from 'node:net';
import type { SocketBytes } from './contract.js';

// A server process has one server, and its counters are the process's.
const open = new Set<Socket>();
let read = 0;
let written = 0;
let sockets = 0;
let counting = false;

/** Counts the bytes of every socket that this server accepts from now on, by the sockets' own counters. */
export function countBytes(server: Pick<Server, 'on'>): void {
  counting = true;
  server.on('connection', accepted);
}

/** What the sockets of this process's servers have read and written, closed ones contained; null when nobody counts. */
export function countedBytes(): SocketBytes | null {
  if (!counting) return null;
  const total = { read, written, sockets };
  for (const socket of open) {
    total.read += socket.bytesRead;
    total.written += socket.bytesWritten;
  }
  return total;
}

function accepted(socket: Socket): void {
  sockets++;
  open.add(socket);
  socket.once('close', closed);
}

function closed(this: Socket): void {
  open.delete(this);
  read += this.bytesRead;
  written += this.bytesWritten;
}
