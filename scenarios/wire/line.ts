import type { ClientContext, FailureKind } from '../contract.js';
import { DOWN, OF_WHICH, UP } from '../ledger.js';
import { cookieBytesIn } from './cookie.js';
import { failureOf } from './failures.js';
import { type SocketOwner, WireSocket } from './wire-socket.js';

/** Who speaks over a line. */
export interface LineUser {
  /** The connection stands. */
  lineOpened(line: Line): void;
  /** `length` bytes stand at the start of the buffer. @returns how many of them a parser has put down */
  lineRead(line: Line, buffer: Buffer, length: number): number;
  /** The other side is gone; the line has given its socket up already. `closed` is a good end. */
  lineLost(line: Line, kind: FailureKind): void;
}

/**
 * One of several connections of a client: its socket, and the ledger's account of what was sent over it. It can be
 * opened again after it was given up, and keeps the counters of the sockets it had.
 *
 * It has no timer and no back-off: those are the client's.
 */
export class Line implements SocketOwner {
  private socket: WireSocket | null = null;
  private pastRead = 0;
  private pastWritten = 0;
  /** Bytes given to the socket of now, where the last of them were put down, and how many of those were a cookie. */
  private sent = 0;
  private sentPlace: number = UP.handshake;
  private lastBytes = 0;
  private lastCookie = 0;
  private lastPayload = 0;

  constructor(
    private readonly context: ClientContext,
    private readonly user: LineUser,
  ) {}

  /** There is a socket, connected or on its way. */
  get isDialled(): boolean {
    return this.socket !== null;
  }

  get isOpen(): boolean {
    return this.socket !== null && !this.socket.connecting;
  }

  get bytesRead(): number {
    return this.pastRead + (this.socket?.bytesRead ?? 0);
  }

  get bytesWritten(): number {
    return this.pastWritten + (this.socket?.bytesWritten ?? 0);
  }

  /** Starts to connect; there must be no socket. */
  dial(): void {
    const { target, readBuffer, events } = this.context;
    events.dialled();
    const socket = new WireSocket(this, readBuffer);
    this.socket = socket;
    socket.connect({ host: target.address, port: target.port, noDelay: true });
  }

  /**
   * Puts bytes down and sends them; nothing when the line was given up. Strings are latin1.
   *
   * @param payload how many of the bytes are a message, and no part of `place`
   * @param head of a request that is no string
   */
  write(place: number, data: string | Buffer, payload = 0, head?: string): void {
    if (this.socket === null) return;
    const { ledger } = this.context;
    ledger.put(place, data.length - payload);
    if (payload > 0) ledger.put(UP.payload, payload);
    this.sent += data.length;
    this.sentPlace = place;
    this.lastBytes = data.length;
    this.lastPayload = payload;
    const { cookie } = this.context.target;
    if (cookie) {
      // Every request is text; frames are not.
      const text = typeof data === 'string' ? data : head;
      this.lastCookie = text === undefined ? 0 : cookieBytesIn(text, cookie);
      this.noteCookie(this.lastCookie);
    }
    if (typeof data === 'string') this.socket.write(data, 'latin1');
    else this.socket.write(data);
  }

  private noteCookie(bytes: number): void {
    this.context.ledger.note(OF_WHICH.identity, bytes);
    if (this.sentPlace === UP.handshake) this.context.ledger.note(OF_WHICH.identityInHandshakes, bytes);
  }

  /** Gives the socket up, keeping its counters; harmless without one. A reset leaves no TIME_WAIT behind. */
  release(reset = false): void {
    const socket = this.socket;
    if (socket === null) return;
    this.socket = null;
    const written = socket.bytesWritten;
    // A write to a connection that has just been reset fails at once, and the socket does not count it.
    if (written !== this.sent) {
      this.context.ledger.put(this.sentPlace, written - this.sent);
      if (this.sent - written >= this.lastBytes) {
        this.noteCookie(-this.lastCookie);
        this.context.ledger.move(UP.payload, this.sentPlace, this.lastPayload);
      }
    }
    this.sent = 0;
    this.lastBytes = 0;
    this.lastCookie = 0;
    this.lastPayload = 0;
    this.pastRead += socket.bytesRead;
    this.pastWritten += written;
    if (reset && !socket.connecting) socket.resetAndDestroy();
    else socket.destroy();
  }

  opened(): void {
    this.user.lineOpened(this);
  }

  read(buffer: Buffer, length: number): boolean {
    this.context.events.woke();
    const eaten = this.user.lineRead(this, buffer, length);
    // Bytes that no parser ate, because the stream broke the protocol: they are still the socket's.
    if (eaten < length) this.context.ledger.put(DOWN.framing, length - eaten);
    const { throttle } = this.context;
    return throttle === undefined || this.socket === null || throttle.mayGoOn(this.socket);
  }

  broke(socket: WireSocket, error: NodeJS.ErrnoException): void {
    if (socket === this.socket) this.lost(failureOf(error));
  }

  closed(socket: WireSocket): void {
    if (socket === this.socket) this.lost('closed');
  }

  private lost(kind: FailureKind): void {
    this.release();
    this.user.lineLost(this, kind);
  }
}
