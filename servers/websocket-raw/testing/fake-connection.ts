import type { Socket } from 'node:net';
import { Audience } from '../../audience.js';
import { Deadlines } from '../../deadlines.js';
import { Feed } from '../../feed.js';
import { Outbox } from '../outbox.js';
import { type Hall, type MessageHandler, Visitor } from '../visitor.js';

/** Takes down what a server does with a socket; no kernel behind it. */
export class FakeSocket {
  readonly sent: Buffer[] = [];
  sentBytes = 0;
  writes = 0;
  ended = false;
  paused = false;
  destroyed = false;
  /** What the kernel does not take. */
  writableNeedDrain = false;
  /** Whether what is sent is kept, or only counted. */
  keeps = true;
  #drain: (() => void) | undefined;
  visitor: Visitor | undefined;

  get writable(): boolean {
    return !this.ended && !this.destroyed;
  }
  get writableEnded(): boolean {
    return this.ended;
  }
  get writableLength(): number {
    return this.writableNeedDrain ? this.sentBytes : 0;
  }

  write(data: Buffer | string, encoding: BufferEncoding = 'utf8'): boolean {
    if (!this.writable) throw new Error('a write after the end');
    this.#take(data, encoding);
    return !this.writableNeedDrain;
  }

  end(data: Buffer | string): void {
    if (!this.writable) throw new Error('a second end');
    this.#take(data, 'utf8');
    this.ended = true;
  }

  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  destroy(): void {
    this.destroyed = true;
  }
  once(_event: 'drain', listener: (this: unknown) => void): void {
    this.#drain = listener.bind(this);
  }

  /** The kernel took everything. */
  drain(): void {
    this.writableNeedDrain = false;
    this.#drain?.();
  }

  #take(data: Buffer | string, encoding: BufferEncoding): void {
    const bytes = typeof data === 'string' ? Buffer.from(data, encoding) : data;
    this.writes++;
    this.sentBytes += bytes.length;
    if (this.keeps) this.sent.push(bytes);
  }

  /** Everything sent so far. */
  get bytes(): Buffer {
    return Buffer.concat(this.sent);
  }
}

export const UPGRADE_HEAD = [
  'GET /websocket HTTP/1.1',
  'Host: x',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  '\r\n',
].join('\r\n');

/** Answers each message with itself. */
export const echo: MessageHandler = (visitor, opcode, payload) => visitor.send(opcode, payload);

/** A server without sockets, and the visitors that it has. */
export class FakeHall {
  readonly hall: Hall;

  constructor(onMessage: MessageHandler | null = echo) {
    this.hall = {
      path: '/websocket',
      feed: new Feed(),
      settings: {},
      waiting: new Set(),
      audience: new Audience<Visitor>(4 * 1024 * 1024),
      arriving: new Deadlines<Visitor>(60_000, (visitor) => visitor.drop()),
      leaving: new Deadlines<Visitor>(60_000, (visitor) => visitor.drop()),
      outbox: new Outbox(),
      onMessage,
    };
  }

  /** A connection that has just been made. */
  arrive(): { readonly socket: FakeSocket; readonly visitor: Visitor } {
    const socket = new FakeSocket();
    const visitor = new Visitor(socket as unknown as Socket, this.hall);
    socket.visitor = visitor;
    return { socket, visitor };
  }

  /** A connection that has been upgraded; the answer is forgotten. */
  upgrade(): { readonly socket: FakeSocket; readonly visitor: Visitor } {
    const arrived = this.arrive();
    arrived.visitor.read(Buffer.from(UPGRADE_HEAD));
    arrived.socket.sent.length = 0;
    arrived.socket.sentBytes = 0;
    arrived.socket.writes = 0;
    return arrived;
  }

  close(): void {
    this.hall.arriving.close();
    this.hall.leaving.close();
    this.hall.audience.close();
  }
}

/** Cuts bytes into pieces of their own memory: a server changes what it reads. */
export function pieces(bytes: Buffer, length: number): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += length) cut.push(Buffer.from(bytes.subarray(at, at + length)));
  return cut;
}
