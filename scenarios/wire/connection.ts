import type { Content } from '../../protocol/payload.js';
import type { ClientContext, FailureKind, VirtualClient } from '../contract.js';
import { DOWN, type Ledger, OF_WHICH, UP } from '../ledger.js';
import { cookieBytesIn } from './cookie.js';
import { failureOf } from './failures.js';
import { Poster } from './poster.js';
import { type SocketOwner, WireSocket } from './wire-socket.js';

/** A connection that has not opened within this is a failure of kind `timeout`, unless the context says otherwise. */
const CONNECT_TIMEOUT_MS = 10_000;
/** A back-off never grows beyond this many times its first value. */
const MAX_BACKOFF_FACTOR = 32;

type State = 'new' | 'connecting' | 'opening' | 'open' | 'waiting' | 'closed';

/**
 * The life of a virtual client's connection: connect, open the transport, lose it, back off, come back.
 *
 * A subclass speaks the transport: `begin` sends what opens it, `bytes` parses what arrives, `rewind` forgets what was
 * half-read. The wheel has one entry for the client, whose meaning follows from the state.
 */
export abstract class Connection implements VirtualClient, SocketOwner {
  protected state: State = 'new';
  readonly ledger: Ledger;
  private socket: WireSocket | null = null;
  private pastRead = 0;
  private pastWritten = 0;
  /** Bytes given to the socket of now, and where the last of them were put down. */
  private sent = 0;
  private sentPlace: number = UP.handshake;
  /** Bytes of the last write, and how many of them were a cookie. */
  private lastBytes = 0;
  private lastCookie = 0;
  private lastPayload = 0;
  /** Says what the transport itself cannot; made when it is first needed. */
  private poster: Poster | null = null;
  /** What there was to say while it was not connected. */
  private unsaid: Buffer[] | null = null;
  private attempts = 0;
  /** How long the server asked not to be called again, milliseconds; 0 when it did not. */
  private retryAfterMs = 0;
  protected startedMs = 0;

  constructor(
    protected readonly context: ClientContext,
    protected readonly index: number,
  ) {
    this.ledger = context.ledger;
  }

  /** What messages hold: the parsers ask for it. */
  get content(): Content {
    return this.context.content ?? 'text';
  }

  /** The TCP connection stands: send what opens the transport. */
  protected abstract begin(): void;
  /** Parse `length` bytes from the start of the buffer. */
  protected abstract bytes(buffer: Buffer, length: number): void;
  /** Forget whatever was half-read; a new connection begins. */
  protected abstract rewind(): void;
  /** The wheel's entry came due while the transport was open. */
  protected due(): void {}
  /** The transport is not open in good time. */
  protected overdue(): void {
    this.fail('timeout');
  }
  /** The first back-off after a loss, milliseconds. */
  protected reconnectMs(): number {
    return this.context.reconnectMs;
  }

  open(): void {
    if (this.state !== 'new') return;
    this.connect();
  }

  settle(_lastSequence: number): void {}
  resume(): void {}

  close(): void {
    this.goAway(true);
  }

  leave(): void {
    this.goAway(false);
  }

  private goAway(reset: boolean): void {
    this.state = 'closed';
    this.context.wheel.cancel(this.index);
    this.release(reset);
    this.poster?.close(reset);
  }

  get bytesRead(): number {
    return this.pastRead + (this.socket?.bytesRead ?? 0) + (this.poster?.line.bytesRead ?? 0);
  }

  get bytesWritten(): number {
    return this.pastWritten + (this.socket?.bytesWritten ?? 0) + (this.poster?.line.bytesWritten ?? 0);
  }

  say(payload: Buffer): void {
    if (this.state === 'open') {
      this.speak(payload);
      return;
    }
    if (this.state === 'closed') return;
    this.context.events.failed(this.index, 'not-connected');
    this.unsaid ??= [];
    this.unsaid.push(payload);
  }

  /** Says it, now that the transport is open; in a POST beside it unless the transport has a way up. */
  protected speak(payload: Buffer): void {
    this.poster ??= new Poster(this.context, this.index, this.closesEachTime);
    this.poster.post(payload);
  }

  /** Every exchange has a connection of its own. */
  protected get closesEachTime(): boolean {
    return false;
  }

  /** The shard's wheel calls it when this client's entry is due. */
  timer(): void {
    if (this.state === 'waiting') this.connect();
    else if (this.state === 'connecting' || this.state === 'opening') this.overdue();
    else if (this.state === 'open') this.due();
  }

  private connect(): void {
    this.state = 'connecting';
    this.dial();
    this.context.wheel.schedule(this.index, this.connectByMs);
  }

  /** Opens a new socket; there is none. `opened` or `broke` tells what became of it. */
  protected dial(): void {
    const { target, readBuffer, events } = this.context;
    this.startedMs = performance.now();
    this.rewind();
    events.dialled();
    const socket = new WireSocket(this, readBuffer);
    this.socket = socket;
    socket.connect({ host: target.address, port: target.port, noDelay: true });
  }

  /** Gives the socket up in good order; the client stays what it is. */
  protected hangUp(): void {
    this.release(false);
  }

  /** There is a socket, whatever its state. */
  protected get dialled(): boolean {
    return this.socket !== null;
  }

  protected get isConnecting(): boolean {
    return this.socket?.connecting === true;
  }

  /** When a connection that is being made is overdue, performance.now() scale. */
  protected get connectByMs(): number {
    return this.startedMs + (this.context.connectTimeoutMs ?? CONNECT_TIMEOUT_MS);
  }

  /** The transport is open: called once a connection by the subclass. */
  protected opening(): void {
    // What follows a goodbye in the same read may look like a fresh start.
    if (this.state !== 'opening') return;
    this.state = 'open';
    this.attempts = 0;
    this.context.wheel.cancel(this.index);
    this.context.events.connected(this.index, performance.now() - this.startedMs);
    const { unsaid } = this;
    if (unsaid === null) return;
    this.unsaid = null;
    for (const payload of unsaid) this.speak(payload);
  }

  /**
   * Puts bytes down and sends them. Strings are latin1 and immutable, so a full kernel buffer can keep one.
   *
   * @param payload how many of the bytes are a message, and no part of `place`
   */
  protected write(place: number, data: string | Buffer, payload = 0): void {
    // The rest of a read is parsed after the connection was given up, and may ask for an answer.
    if (this.socket === null) return;
    this.ledger.put(place, data.length - payload);
    if (payload > 0) this.ledger.put(UP.payload, payload);
    this.sent += data.length;
    this.sentPlace = place;
    this.lastBytes = data.length;
    this.lastPayload = payload;
    const { cookie } = this.context.target;
    if (cookie) {
      // Every request is text; frames of a socket are not.
      this.lastCookie = typeof data === 'string' ? cookieBytesIn(data, cookie) : 0;
      this.noteCookie(this.lastCookie);
    }
    if (typeof data === 'string') this.socket.write(data, 'latin1');
    else this.socket.write(data);
  }

  private noteCookie(bytes: number): void {
    this.ledger.note(OF_WHICH.identity, bytes);
    if (this.sentPlace === UP.handshake) this.ledger.note(OF_WHICH.identityInHandshakes, bytes);
  }

  /** Counts a failure and drops the connection; the client comes back after its back-off. */
  protected fail(kind: FailureKind): void {
    // What is left of the last read may be as wrong as what came before it: a connection is lost once.
    if (this.state === 'closed' || this.state === 'waiting') return;
    this.context.events.failed(this.index, kind);
    this.drop();
  }

  /** Drops the connection without counting a failure; the client comes back after its back-off. */
  protected drop(): void {
    if (this.state === 'closed' || this.state === 'waiting') return;
    if (this.state === 'open') this.context.events.disconnected(this.index);
    this.wait();
    this.release(false);
  }

  /** Gives the socket up, keeping its counters. A reset leaves no TIME_WAIT behind. */
  protected release(reset: boolean): void {
    const socket = this.socket;
    if (socket === null) return;
    this.socket = null;
    const written = socket.bytesWritten;
    // A write to a connection that has just been reset fails at once, and the socket does not count it.
    if (written !== this.sent) {
      this.ledger.put(this.sentPlace, written - this.sent);
      if (this.sent - written >= this.lastBytes) {
        this.noteCookie(-this.lastCookie);
        this.ledger.move(UP.payload, this.sentPlace, this.lastPayload);
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

  private wait(): void {
    this.state = 'waiting';
    const factor = Math.min(2 ** this.attempts++, MAX_BACKOFF_FACTOR);
    const asked = this.retryAfterMs;
    this.retryAfterMs = 0;
    // Part of the wait is drawn by lot, so that a restarted server does not meet all its clients at once. One that said
    // when to come back is believed: no less, and no longer for having been asked often.
    const waitMs =
      asked > 0
        ? asked + this.reconnectMs() * this.context.random()
        : this.reconnectMs() * factor * (0.5 + this.context.random() / 2);
    this.context.wheel.schedule(this.index, performance.now() + waitMs);
  }

  /** The server said when to come back: the next wait obeys. @param ms 0 when it said nothing */
  protected obeyRetryAfter(ms: number): void {
    this.retryAfterMs = ms;
  }

  opened(): void {
    if (this.state !== 'connecting') return;
    this.state = 'opening';
    this.begin();
  }

  read(buffer: Buffer, length: number): boolean {
    this.context.events.woke();
    this.bytes(buffer, length);
    const { throttle } = this.context;
    return throttle === undefined || this.socket === null || throttle.mayGoOn(this.socket);
  }

  /** Bytes that no parser ate, because the stream broke the protocol: they are still the socket's. */
  protected unparsed(length: number): void {
    this.ledger.put(DOWN.framing, length);
  }

  broke(socket: WireSocket, error: NodeJS.ErrnoException): void {
    if (socket === this.socket) this.fail(failureOf(error));
  }

  closed(socket: WireSocket): void {
    if (socket === this.socket) this.hungUp();
  }

  /** The server closed the connection in good order. */
  protected hungUp(): void {
    this.fail('closed');
  }
}
