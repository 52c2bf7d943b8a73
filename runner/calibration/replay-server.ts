import { createServer, type Server, type Socket } from 'node:net';
import type { Content } from '../../protocol/payload.js';
import { cursorOf, type Replay } from './replays.js';

const HEAD_END = '\r\n\r\n';
const BACKLOG = 4096;
/** Encoded messages kept for the clients that ask for them a little later, bytes. */
const CACHE_BYTES = 4 * 1024 * 1024;

/**
 * The most trivial server that keeps a generator busy: canned bytes, as fast as the clients take them.
 *
 * Transports that ask get their next message the moment they ask. To the others it writes one message after another,
 * to each client with a write of its own, as a broadcast does: many messages in one write would be cheaper to read
 * than anything that a run can meet.
 */
export class ReplayServer {
  private readonly server: Server;
  private readonly clients = new Set<Socket>();
  /** Requests that came before the replay began, by their socket. */
  private readonly parked = new Map<Socket, number>();
  private readonly encoded = new Map<number, Buffer>();
  private running = false;
  private last = 0;
  private first = 0;
  private payloadBytes = 0;
  private content: Content = 'text';

  constructor(private readonly replay: Replay) {
    this.server = createServer({ noDelay: true }, (socket) => this.join(socket));
  }

  /** @returns the port on 127.0.0.1 */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.on('error', reject);
      this.server.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG }, () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  get held(): number {
    return this.clients.size;
  }

  /** Sends messages from this number up to `last`, until `halt`. */
  start(first: number, last: number, payloadBytes: number, content: Content = 'text'): void {
    this.first = first;
    this.last = last;
    this.payloadBytes = payloadBytes;
    this.content = content;
    this.running = true;
    for (const [socket, cursor] of this.parked) this.answer(socket, cursor);
    this.parked.clear();
    if (!this.replay.asks) this.round(first);
  }

  halt(): void {
    this.running = false;
  }

  private round(sequence: number): void {
    if (!this.running || sequence > this.last) return;
    const message = this.replay.message(sequence, this.payloadBytes, this.content);
    for (const socket of this.clients) if (!socket.writableNeedDrain) socket.write(message);
    setImmediate(() => this.round(sequence + 1));
  }

  private join(socket: Socket): void {
    this.clients.add(socket);
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (!head.endsWith(HEAD_END)) return;
      const request = head;
      head = '';
      if (!this.replay.asks) socket.write(this.replay.open(request));
      else if (this.running) this.answer(socket, cursorOf(request));
      else this.parked.set(socket, cursorOf(request));
    });
    const leave = (): void => {
      this.clients.delete(socket);
      this.parked.delete(socket);
    };
    socket.on('close', leave);
    socket.on('error', leave);
  }

  private answer(socket: Socket, cursor: number): void {
    const sequence = Math.max(cursor + 1, this.first);
    if (sequence > this.last) return;
    let message = this.encoded.get(sequence);
    if (message === undefined) {
      message = this.replay.message(sequence, this.payloadBytes, this.content);
      if (this.encoded.size * message.length > CACHE_BYTES) this.encoded.clear();
      this.encoded.set(sequence, message);
    }
    socket.write(message);
  }
}
