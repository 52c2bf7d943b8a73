/** A published message as the log keeps it. The same object is given to every reader. */
export interface FeedMessage {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** How much a feed remembers. Whichever is reached first evicts the oldest; the newest message always stays. */
export interface FeedLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** 10,000 messages or 64 MiB, whichever is less. */
export const FEED_LIMITS: FeedLimits = { messages: 10_000, bytes: 64 * 1024 * 1024 };

/** Called once per publish. */
export type FeedListener = (message: FeedMessage) => void;

/** Called once: `news` is true when the log holds something after the waiter's cursor, false when the hold ran out. */
export type WaitCallback = (news: boolean) => void;

interface Waiter {
  readonly cursor: number;
  readonly dueMs: number;
  readonly callback: WaitCallback;
}

const nothingToCancel = (): void => {};

/**
 * What all reference servers read: an ordered, bounded log of messages.
 *
 * Sequence numbers start at 1; a cursor of 0 means "nothing seen yet". Listeners and waiters are called synchronously
 * inside {@link append}, so a publish ends when its whole fan-out has been handed to the sockets. A server subscribes
 * once, encodes once, and fans out by itself: the feed never knows how many clients there are.
 */
export class Feed {
  readonly #limits: FeedLimits;
  /** Messages `#start` and up are the log; the slots before it are spent and are cut off in bulk. */
  #log: FeedMessage[] = [];
  #start = 0;
  #bytes = 0;
  #lastSequence = 0;
  #listeners: readonly FeedListener[] = [];
  /** In order of arrival, which is the order of expiry, for all holds are equal. */
  readonly #waiting = new Set<Waiter>();
  #holdMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: FeedLimits = FEED_LIMITS) {
    this.#limits = limits;
  }

  /** Sequence number of the newest message, 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** The newest message, undefined before the first. */
  get newest(): FeedMessage | undefined {
    return this.#log[this.#log.length - 1];
  }

  /** Messages in the log. */
  get size(): number {
    return this.#log.length - this.#start;
  }

  /** Payload bytes in the log. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Those who wait for news now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Publishes a message: keeps it, then calls every listener and every waiter whose cursor it passes.
   *
   * @param sequence greater than that of every earlier message
   * @param payload kept, not copied: it must not change any more
   * @throws RangeError when the sequence does not rise
   */
  append(sequence: number, payload: Buffer): void {
    if (!Number.isSafeInteger(sequence) || sequence <= this.#lastSequence) {
      throw new RangeError(`sequence ${sequence} does not follow ${this.#lastSequence}`);
    }
    const message: FeedMessage = { sequence, payload };
    this.#log.push(message);
    this.#bytes += payload.length;
    this.#lastSequence = sequence;
    this.#evict();
    for (const listener of this.#listeners) listener(message);
    for (const waiter of this.#waiting) {
      if (waiter.cursor >= sequence) continue;
      this.#waiting.delete(waiter);
      waiter.callback(true);
    }
    this.#restTimer();
  }

  /**
   * Messages after the cursor that are still in the log, oldest first.
   *
   * @param limit at most this many
   */
  since(cursor: number, limit = Number.POSITIVE_INFINITY): FeedMessage[] {
    if (cursor >= this.#lastSequence) return [];
    let low = this.#start;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#log[middle]!.sequence > cursor) high = middle;
      else low = middle + 1;
    }
    return this.#log.slice(low, Math.min(this.#log.length, low + limit));
  }

  /**
   * Waits for a message after the cursor, at most `holdMs`.
   *
   * When there is news already, the callback is called before this returns. Waiters are woken in order of arrival.
   * One timer serves all of them, which is why every wait of a feed holds equally long.
   *
   * @returns cancels the wait and forgets it; harmless afterwards
   * @throws RangeError when others wait with another hold
   */
  wait(cursor: number, holdMs: number, callback: WaitCallback): () => void {
    if (cursor < this.#lastSequence) {
      callback(true);
      return nothingToCancel;
    }
    if (this.#waiting.size > 0 && holdMs !== this.#holdMs) {
      throw new RangeError(`a feed has one hold: ${this.#holdMs} ms is in use, ${holdMs} ms was asked for`);
    }
    this.#holdMs = holdMs;
    const waiter: Waiter = { cursor, dueMs: performance.now() + holdMs, callback };
    this.#waiting.add(waiter);
    this.#timer ??= setTimeout(this.#expire, holdMs);
    return () => {
      if (this.#waiting.delete(waiter)) this.#restTimer();
    };
  }

  /** Calls the listener for every message from now on. @returns ends it */
  subscribe(listener: FeedListener): () => void {
    // Copied on change, so that a listener may leave in the middle of a publish.
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  #evict(): void {
    const log = this.#log;
    while (
      this.#start < log.length - 1 &&
      (log.length - this.#start > this.#limits.messages || this.#bytes > this.#limits.bytes)
    ) {
      this.#bytes -= log[this.#start]!.payload.length;
      log[this.#start] = spent;
      this.#start++;
    }
    // Amortised: an array is cut when more than half of it is spent.
    if (this.#start > 32 && this.#start * 2 > log.length) {
      this.#log = log.slice(this.#start);
      this.#start = 0;
    }
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    for (const waiter of this.#waiting) {
      if (waiter.dueMs > now) {
        this.#timer ??= setTimeout(this.#expire, Math.max(1, Math.ceil(waiter.dueMs - now)));
        return;
      }
      this.#waiting.delete(waiter);
      waiter.callback(false);
    }
  };

  #restTimer(): void {
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Stands in spent slots, so that the log stays an array of one shape and payloads are let go at once. */
const spent: FeedMessage = { sequence: 0, payload: Buffer.alloc(0) };
