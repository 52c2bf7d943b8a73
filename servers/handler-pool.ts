import { noteRequest } from './loop-activity.js';
import { type WaitCounts, waitBucket } from './wait-counts.js';

/** A few slow handlers behind a fast front. */
export interface HandlerSettings {
  readonly count: number;
  /** How long a handler is busy with one request, milliseconds. */
  readonly delayMs: number;
}

/** What the handlers did so far, and what was worst since the sample before. */
export interface HandlerSample {
  /** Requests that a handler has begun to work on. */
  readonly served: number;
  /** How long these had waited for it. */
  readonly waits: WaitCounts;
  /** Since the sample before, microseconds. */
  readonly maxWaitUs: number;
  /** Requests that waited at once, since the sample before. */
  readonly longestQueue: number;
}

/** Far more requests than a server process has clients: only who asks again without waiting for an answer gets here. */
export const MAX_QUEUED = 65_536;

interface Errand {
  readonly arrivedMs: number;
  isWaiting: boolean;
  /** Null once nobody is there any more to be answered. */
  work: (() => void) | null;
}

/** The queue is cut when more than this of it is spent, and about half. */
const SPENT = 64;

/**
 * Handlers that are each busy with one request for a fixed time; whoever finds all of them busy waits, first come first
 * served. A request is answered when its handler is done with it.
 *
 * A handler that has a queue goes on at the instant it should have finished, not when Node's timer woke it, so that n
 * handlers serve n / delay requests a second however late timers are.
 */
export class HandlerPool {
  readonly #settings: HandlerSettings;
  #queue: Errand[] = [];
  #first = 0;
  #waiting = 0;
  #busy = 0;
  #served = 0;
  readonly #waits: Record<number, number> = {};
  #maxWaitUs = 0;
  #longestQueue = 0;

  constructor(settings: HandlerSettings) {
    this.#settings = settings;
  }

  /** Handlers that are at work. */
  get busy(): number {
    return this.#busy;
  }

  /** Requests that wait for one. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Calls `work` once a handler has spent its time on it, never before this returns.
   *
   * @returns takes it back: it leaves the queue; a handler that has begun spends its time all the same. Harmless later.
   *   Null when the queue is full, and `work` will not be called.
   */
  take(work: () => void): (() => void) | null {
    const errand: Errand = {
      arrivedMs: performance.now(),
      isWaiting: this.#busy >= this.#settings.count,
      work,
    };
    if (!errand.isWaiting) {
      this.#busy++;
      this.#begin(errand, errand.arrivedMs);
    } else if (this.#waiting < MAX_QUEUED) {
      // Those who left stand in it until their turn: no more of them than of the others.
      if (this.#queue.length - this.#first > 2 * this.#waiting + SPENT) {
        this.#queue = this.#queue.filter(({ isWaiting }, at) => at >= this.#first && isWaiting);
        this.#first = 0;
      }
      this.#queue.push(errand);
      this.#waiting++;
      if (this.#waiting > this.#longestQueue) this.#longestQueue = this.#waiting;
    } else {
      return null;
    }
    return () => {
      errand.work = null;
      // Its place in the queue is passed over when its turn comes.
      if (errand.isWaiting) this.#waiting--;
      errand.isWaiting = false;
    };
  }

  /** What happened so far; begins a new span for what was worst. */
  sample(): HandlerSample {
    const sample = {
      served: this.#served,
      waits: { ...this.#waits },
      maxWaitUs: this.#maxWaitUs,
      longestQueue: this.#longestQueue,
    };
    this.#maxWaitUs = 0;
    this.#longestQueue = this.#waiting;
    return sample;
  }

  /** A handler turns to a request at an instant that may have passed. */
  #begin(errand: Errand, atMs: number): void {
    const waitUs = (atMs - errand.arrivedMs) * 1000;
    const bucket = waitBucket(waitUs);
    this.#waits[bucket] = (this.#waits[bucket] ?? 0) + 1;
    if (waitUs > this.#maxWaitUs) this.#maxWaitUs = waitUs;
    this.#served++;
    const doneMs = atMs + this.#settings.delayMs;
    setTimeout(() => this.#done(errand, doneMs), Math.max(1, Math.ceil(doneMs - performance.now())));
  }

  #done(errand: Errand, doneMs: number): void {
    const next = this.#next();
    if (next === undefined) this.#busy--;
    else this.#begin(next, doneMs);
    const { work } = errand;
    errand.work = null;
    if (work === null) return;
    // The loop is serving again: a publish that is late by it is late by the server.
    noteRequest();
    work();
  }

  #next(): Errand | undefined {
    const queue = this.#queue;
    let next: Errand | undefined;
    while (next === undefined && this.#first < queue.length) {
      const errand = queue[this.#first++]!;
      if (errand.isWaiting) next = errand;
    }
    if (this.#first > SPENT && this.#first * 2 > queue.length) {
      this.#queue = queue.slice(this.#first);
      this.#first = 0;
    }
    if (next === undefined) return undefined;
    next.isWaiting = false;
    this.#waiting--;
    return next;
  }
}
