import type { Pace } from './pace.js';

/** What travels beside bytes: the set-up of the connection, its half-close and its reset. */
export type Signal = 'open' | 'end' | 'reset';

interface Item {
  /** Never released before this instant. */
  readonly dueMs: number;
  readonly what: Buffer | Signal;
}

/** Spent items at the front of the queue are cut off once there are this many. */
const SPENT = 64;

/**
 * One direction of a connection: what is on its way, in order. Bytes are first serialised at the bandwidth, one after
 * another, and then take the delay; signals take their place in the same queue, so nothing overtakes.
 *
 * Time is a parameter; all instants are milliseconds of one clock.
 */
export class Lane {
  private items: Item[] = [];
  private first = 0;
  private freeMs = Number.NEGATIVE_INFINITY;
  /** Bytes on their way. */
  heldBytes = 0;

  /** @param notBeforeMs what arrives earlier counts as arriving then: the connection is still being set up */
  constructor(
    private readonly pace: Pace,
    private readonly notBeforeMs: number,
  ) {}

  /** Bytes arrive from the sender; they are kept, not copied. */
  bytes(data: Buffer, nowMs: number): void {
    const { delayMs, msPerByte, pieceBytes } = this.pace;
    let sentMs = Math.max(nowMs, this.notBeforeMs, this.freeMs);
    for (let at = 0; at < data.length; at += pieceBytes) {
      const piece = data.length <= pieceBytes ? data : data.subarray(at, at + pieceBytes);
      sentMs += piece.length * msPerByte;
      this.items.push({ dueMs: sentMs + delayMs, what: piece });
    }
    this.freeMs = sentMs;
    this.heldBytes += data.length;
  }

  /** A signal leaves the sender. The set-up itself, and the refusal of one, do not wait for the set-up. */
  signal(signal: Signal, nowMs: number): void {
    const sentMs = Math.max(nowMs, this.freeMs, signal === 'end' ? this.notBeforeMs : nowMs);
    this.items.push({ dueMs: sentMs + this.pace.delayMs, what: signal });
  }

  /** When the next thing is due; infinity when nothing is on its way. */
  get dueMs(): number {
    return this.items[this.first]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** Takes the next thing off, due or not. */
  take(): Buffer | Signal | null {
    const item = this.items[this.first];
    if (item === undefined) return null;
    this.first++;
    if (this.first === this.items.length) {
      this.items.length = 0;
      this.first = 0;
    } else if (this.first >= SPENT) {
      this.items = this.items.slice(this.first);
      this.first = 0;
    }
    if (typeof item.what !== 'string') this.heldBytes -= item.what.length;
    return item.what;
  }

  /** Loses what is on its way. */
  clear(): void {
    this.items = [];
    this.first = 0;
    this.heldBytes = 0;
  }

  /** Whether the sender must wait. */
  get isFull(): boolean {
    return this.heldBytes > this.pace.windowBytes;
  }

  /** Whether a sender that waited may go on: with room, so that it does not stop at every piece. */
  get hasRoom(): boolean {
    return this.heldBytes <= this.pace.windowBytes / 2;
  }
}
