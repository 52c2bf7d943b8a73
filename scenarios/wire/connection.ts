import type { ClientContext, FailureKind, VirtualClient } from '../contract.js';
import { DOWN, type Ledger, UP } from '../ledger.js';
import { type SocketOwner, WireSocket } from './wire-socket.js';

/** A connection that is not established within this is a failure of kind `timeout`. */
const CONNECT_TIMEOUT_MS = 10_000;
/** A back-off never grows beyond this many times its first value. */
const MAX_BACKOFF_FACTOR = 32;

type State = 'new' | 'connecting' | 'opening' | 'open' | 'waiting' | 'closed';

/** Failures by the code of the operating system's error. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EADDRNOTAVAIL: 'no-ports',
  EMFILE: 'no-descriptors',
  ENFILE: 'no-descriptors',
};

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
  private attempts = 0;
  private startedMs = 0;

  constructor(
    protected readonly context: ClientContext,
    protected readonly index: number,
  ) {
    this.ledger = context.ledger;
  }

  /** The TCP connection stands: send what opens the transport. */
  protected abstract begin(): void;
  /** Parse `length` bytes from the start of the buffer. */
  protected abstract bytes(buffer: Buffer, length: number): void;
  /** Forget whatever was half-read; a new connection begins. */
  protected abstract rewind(): void;
  /** The wheel's entry came due while the transport was open. */
  protected due(): void {}
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
    this.state = 'closed';
    this.context.wheel.cancel(this.index);
    this.release(true);
  }

  get bytesRead(): number {
    return this.pastRead + (this.socket?.bytesRead ?? 0);
  }

  get bytesWritten(): number {
    return this.pastWritten + (this.socket?.bytesWritten ?? 0);
  }

  /** The shard's wheel calls it when this client's entry is due. */
  timer(): void {
    if (this.state === 'waiting') this.connect();
    else if (this.state === 'connecting' || this.state === 'opening') this.fail('timeout');
    else if (this.state === 'open') this.due();
  }

  private connect(): void {
    const { target, readBuffer, wheel } = this.context;
    this.state = 'connecting';
    this.startedMs = performance.now();
    this.rewind();
    const socket = new WireSocket(this, readBuffer);
    this.socket = socket;
    wheel.schedule(this.index, this.startedMs + CONNECT_TIMEOUT_MS);
    socket.connect({ host: target.address, port: target.port, noDelay: true });
  }

  /** The transport is open: called once a connection by the subclass. */
  protected opening(): void {
    // What follows a goodbye in the same read may look like a fresh start.
    if (this.state !== 'opening') return;
    this.state = 'open';
    this.attempts = 0;
    this.context.wheel.cancel(this.index);
    this.context.events.connected(this.index, performance.now() - this.startedMs);
  }

  /** Puts bytes down and sends them. Strings are latin1 and immutable, so a full kernel buffer can keep one. */
  protected write(place: number, data: string | Buffer): void {
    // The rest of a read is parsed after the connection was given up, and may ask for an answer.
    if (this.socket === null) return;
    this.ledger.put(place, data.length);
    this.sent += data.length;
    this.sentPlace = place;
    if (typeof data === 'string') this.socket.write(data, 'latin1');
    else this.socket.write(data);
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
  private release(reset: boolean): void {
    const socket = this.socket;
    if (socket === null) return;
    this.socket = null;
    const written = socket.bytesWritten;
    // A write to a connection that has just been reset fails at once, and the socket does not count it.
    if (written !== this.sent) this.ledger.put(this.sentPlace, written - this.sent);
    this.sent = 0;
    this.pastRead += socket.bytesRead;
    this.pastWritten += written;
    if (reset && !socket.connecting) socket.resetAndDestroy();
    else socket.destroy();
  }

  private wait(): void {
    this.state = 'waiting';
    const factor = Math.min(2 ** this.attempts++, MAX_BACKOFF_FACTOR);
    // Half of the wait is drawn by lot, so that a restarted server does not meet all its clients at once.
    const backoffMs = this.reconnectMs() * factor * (0.5 + this.context.random() / 2);
    this.context.wheel.schedule(this.index, performance.now() + backoffMs);
  }

  opened(): void {
    if (this.state !== 'connecting') return;
    this.state = 'opening';
    this.begin();
  }

  read(buffer: Buffer, length: number): void {
    this.context.events.woke();
    this.bytes(buffer, length);
  }

  /** Bytes that no parser ate, because the stream broke the protocol: they are still the socket's. */
  protected unparsed(length: number): void {
    this.ledger.put(DOWN.framing, length);
  }

  broke(socket: WireSocket, error: NodeJS.ErrnoException): void {
    if (socket === this.socket) this.fail(KINDS[error.code ?? ''] ?? 'other');
  }

  closed(socket: WireSocket): void {
    if (socket === this.socket) this.hungUp();
  }

  /** The server closed the connection in good order. */
  protected hungUp(): void {
    this.fail('closed');
  }
}
