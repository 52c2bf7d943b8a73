import { decodeSequence, MAX_SEQUENCE } from '../protocol/payload.js';
import { NO_TOPIC } from '../protocol/topics.js';

/** A published message as the log keeps it. The same object is given to every reader. */
export interface FeedMessage {
  readonly sequence: number;
  /** The topic it belongs to, from 1; 0 in a feed without topics. */
  readonly topic: number;
  readonly payload: Buffer;
  /** The payload is no text: WebSocket carries it in binary frames. */
  readonly isBinary: boolean;
  /** The payload for transports that have only text: itself, or its base64 when it is binary. Encoded once a message. */
  readonly text: Buffer;
}

class LoggedMessage implements FeedMessage {
  #text: Buffer | undefined;

  constructor(
    readonly sequence: number,
    readonly payload: Buffer,
    readonly isBinary: boolean,
    readonly topic: number,
  ) {}

  // Made when it is first asked for: a server with binary frames should not pay for it.
  get text(): Buffer {
    if (!this.isBinary) return this.payload;
    this.#text ??= Buffer.from(this.payload.toString('base64'), 'latin1');
    return this.#text;
  }
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
  /** The log it waits on: a topic's, or the feed itself. */
  readonly log: Feed;
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
 *
 * Once it was opened for topics, each of them has a log of its own, with the same methods, and a message stands in its
 * topic's log only; listeners of the feed hear all. The limits and the one timer are those of the whole feed: the oldest
 * message of all is the next to go, whatever its topic.
 */
export class Feed {
  readonly #limits: FeedLimits;
  /** Messages `#start` and up are the log; the slots before it are spent and are cut off in bulk. */
  #log: FeedMessage[] = [];
  #start = 0;
  #bytes = 0;
  #lastSequence = 0;
  #listeners: readonly FeedListener[] = [];
  /** In order of arrival, which is the order of expiry, for all holds are equal. The whole feed's has those of its topics, too. */
  #waiting: Set<Waiter> | null = null;
  #holdMs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** The feed that this is a topic's log of; itself when it is none. */
  readonly #whole: Feed;
  /** Logs of topics by number, made when somebody listens or speaks. */
  #topics: Map<number, Feed> | null = null;
  #topicCount = 0;
  #appended = 0;
  #misheard = 0;

  /** @param whole for the feed itself: the feed that this is a log of, and the topic's number */
  constructor(
    limits: FeedLimits = FEED_LIMITS,
    whole?: Feed,
    /** The topic's number; 0 when this is no topic's log. */
    readonly number: number = NO_TOPIC,
  ) {
    this.#limits = limits;
    this.#whole = whole ?? this;
  }

  /** Gives the feed topics 1 to `count`. Before the first message. */
  open(count: number): void {
    this.#topicCount = count;
    this.#topics = new Map();
  }

  /** How many topics there are; 0 when messages are everybody's. */
  get topics(): number {
    return this.#topicCount;
  }

  /** The log of a topic; undefined when there is no such topic. */
  topic(number: number): Feed | undefined {
    const topics = this.#topics;
    if (topics === null || !Number.isInteger(number) || number < 1 || number > this.#topicCount)
      return undefined;
    let log = topics.get(number);
    if (log === undefined) {
      log = new Feed(this.#limits, this, number);
      topics.set(number, log);
    }
    return log;
  }

  /** Messages appended so far: it tells whether anything has changed since. */
  get appended(): number {
    return this.#appended;
  }

  /** What clients said and was dropped: it did not begin with a number in ten digits. */
  get misheard(): number {
    return this.#whole.#misheard;
  }

  /** Sequence number of the newest message, 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** The newest message, undefined before the first. */
  get newest(): FeedMessage | undefined {
    return this.size === 0 ? undefined : this.#log[this.#log.length - 1];
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
    return this.#waiting?.size ?? 0;
  }

  /**
   * Publishes a message: keeps it, then calls every listener and every waiter whose cursor it passes.
   *
   * @param sequence greater than that of every earlier message of its topic
   * @param payload kept, not copied: it must not change any more
   * @param isBinary it is no text, so transports that have only text carry it as base64
   * @param topic in a feed with topics, the number of its own
   * @throws RangeError when the sequence does not rise, or there is no such topic
   */
  append(sequence: number, payload: Buffer, isBinary = false, topic: number = NO_TOPIC): void {
    const log = this.#topicCount === 0 && topic === NO_TOPIC ? this : this.topic(topic);
    if (log === undefined) throw new RangeError(`there is no topic ${topic} among ${this.#topicCount}`);
    if (!Number.isSafeInteger(sequence) || sequence <= log.#lastSequence) {
      throw new RangeError(`sequence ${sequence} does not follow ${log.#lastSequence}`);
    }
    const message: FeedMessage = new LoggedMessage(sequence, payload, isBinary, topic);
    this.#keep(message);
    if (log !== this) log.#keep(message);
    this.#appended++;
    this.#evict();
    for (const listener of this.#listeners) listener(message);
    for (const waiter of log.#waiting ?? []) {
      if (waiter.cursor >= sequence) continue;
      this.#forget(waiter);
      waiter.callback(true);
    }
    this.#restTimer();
  }

  /**
   * What a client said, published in this log: it goes to whoever hears what is appended here. What does not begin with
   * a number is dropped and counted, and so is what said nothing new: a number that does not rise.
   *
   * @param payload copied
   * @returns whether it began with a number
   */
  hear(payload: Buffer, isBinary: boolean): boolean {
    const sequence = decodeSequence(payload);
    if (sequence < 1 || sequence > MAX_SEQUENCE) {
      this.#whole.#misheard++;
      return false;
    }
    // Said again by somebody who does not know that it was heard: once is enough.
    if (sequence > this.#lastSequence)
      this.#whole.append(sequence, Buffer.from(payload), isBinary, this.number);
    return true;
  }

  /** Whether there is anything after the cursor. In a topic that is older than the whole log nothing may be left. */
  hasAfter(cursor: number): boolean {
    return this.size > 0 && cursor < this.#lastSequence;
  }

  /**
   * Messages after the cursor that are still in the log, oldest first.
   *
   * @param limit at most this many
   */
  since(cursor: number, limit = Number.POSITIVE_INFINITY): FeedMessage[] {
    if (!this.hasAfter(cursor)) return [];
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
    if (this.hasAfter(cursor)) {
      callback(true);
      return nothingToCancel;
    }
    const whole = this.#whole;
    if (whole.waiting > 0 && holdMs !== whole.#holdMs) {
      throw new RangeError(`a feed has one hold: ${whole.#holdMs} ms is in use, ${holdMs} ms was asked for`);
    }
    whole.#holdMs = holdMs;
    const waiter: Waiter = { log: this, cursor, dueMs: performance.now() + holdMs, callback };
    this.#waiters.add(waiter);
    whole.#waiters.add(waiter);
    whole.#timer ??= setTimeout(Feed.#expire, holdMs, whole);
    return () => {
      whole.#forget(waiter);
      whole.#restTimer();
    };
  }

  /** Made when the first one comes: topics are many, and most transports never wait. */
  get #waiters(): Set<Waiter> {
    this.#waiting ??= new Set();
    return this.#waiting;
  }

  #forget(waiter: Waiter): void {
    waiter.log.#waiting?.delete(waiter);
    this.#waiting?.delete(waiter);
  }

  /** Calls the listener for every message from now on. @returns ends it */
  subscribe(listener: FeedListener): () => void {
    // Copied on change, so that a listener may leave in the middle of a publish.
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  #keep(message: FeedMessage): void {
    this.#log.push(message);
    this.#bytes += message.payload.length;
    // In a feed with topics the numbers of what clients say rise by topic only.
    if (message.sequence > this.#lastSequence) this.#lastSequence = message.sequence;
  }

  #evict(): void {
    while (this.size > 1 && (this.size > this.#limits.messages || this.#bytes > this.#limits.bytes)) {
      const { topic } = this.#log[this.#start]!;
      this.#dropOldest();
      if (topic !== NO_TOPIC) this.#topics!.get(topic)!.#dropOldest();
    }
  }

  #dropOldest(): void {
    const log = this.#log;
    this.#bytes -= log[this.#start]!.payload.length;
    log[this.#start] = spent;
    this.#start++;
    // Amortised: an array is cut when more than half of it is spent.
    if (this.#start > 32 && this.#start * 2 > log.length) {
      this.#log = log.slice(this.#start);
      this.#start = 0;
    }
  }

  static #expire(feed: Feed): void {
    feed.#timer = undefined;
    const now = performance.now();
    for (const waiter of feed.#waiters) {
      if (waiter.dueMs > now) {
        feed.#timer ??= setTimeout(Feed.#expire, Math.max(1, Math.ceil(waiter.dueMs - now)), feed);
        return;
      }
      feed.#forget(waiter);
      waiter.callback(false);
    }
  }

  #restTimer(): void {
    if (this.waiting > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Stands in spent slots, so that the log stays an array of one shape and payloads are let go at once. */
const spent: FeedMessage = new LoggedMessage(0, Buffer.alloc(0), false, NO_TOPIC);
