import type { Socket } from 'node:net';
import { Lane, type Signal } from './lane.js';
import type { Meter } from './meter.js';
import type { Pace } from './pace.js';
import type { Due, ReleaseTimer } from './release-timer.js';

/** What the connections of a process share. */
export interface LinkContext {
  readonly pace: Pace;
  readonly timer: ReleaseTimer;
  readonly meter: Meter;
  /** One buffer for everything that servers send: it is copied out at once. */
  readonly readBuffer: Buffer;
}

/** One direction of a connection: reads one socket, holds what it read in a lane, writes it to the other. */
export class Way implements Due {
  dueMs = Number.POSITIVE_INFINITY;
  readonly lane: Lane;
  private to: Socket | null = null;
  private from: Socket | null = null;
  private scheduled = false;
  private blocked = false;
  /** The receiver took no more until here: what was due before is not late by our fault. */
  private unblockedMs = Number.NEGATIVE_INFINITY;
  private readonly onDrain = (): void => {
    this.blocked = false;
    this.unblockedMs = performance.now();
    this.plan();
  };

  constructor(
    private readonly context: LinkContext,
    private readonly direction: 'up' | 'down',
    notBeforeMs: number,
    /** Called with each signal at the end of its way. */
    private readonly onSignal: (signal: Signal) => void,
  ) {
    this.lane = new Lane(context.pace, notBeforeMs);
  }

  /** The socket that is read, to be paused while the lane is full. */
  readFrom(socket: Socket): void {
    this.from = socket;
  }

  writeTo(socket: Socket): void {
    this.to = socket;
    socket.on('drain', this.onDrain);
  }

  bytes(data: Buffer): void {
    this.lane.bytes(data, performance.now());
    if (this.lane.isFull) this.from?.pause();
    this.plan();
  }

  signal(signal: Signal): void {
    this.lane.signal(signal, performance.now());
    this.plan();
  }

  /** Nobody is there to receive any more. */
  close(): void {
    this.lane.clear();
    this.to = null;
    if (this.from?.isPaused()) this.from.resume();
  }

  private plan(): void {
    if (this.scheduled || this.blocked) return;
    const dueMs = this.lane.dueMs;
    if (dueMs === Number.POSITIVE_INFINITY) return;
    // A link that does not delay goes without the timer, whose grain is a millisecond.
    if (dueMs <= performance.now()) {
      this.release();
      return;
    }
    this.dueMs = dueMs;
    this.scheduled = true;
    this.context.timer.schedule(this);
  }

  release(): void {
    this.scheduled = false;
    const nowMs = performance.now();
    for (let dueMs = this.lane.dueMs; dueMs <= nowMs && !this.blocked; dueMs = this.lane.dueMs) {
      const what = this.lane.take()!;
      if (typeof what === 'string') this.onSignal(what);
      else this.write(what, nowMs - Math.max(dueMs, this.unblockedMs));
    }
    if (this.lane.hasRoom && this.from?.isPaused()) this.from.resume();
    this.plan();
  }

  private write(data: Buffer, lateMs: number): void {
    if (this.to === null || this.to.destroyed) return;
    this.context.meter.released(this.direction, data.length, lateMs);
    this.blocked = !this.to.write(data);
  }
}
