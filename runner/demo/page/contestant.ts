import type { TransportId } from '../contract.js';
import type { Listener } from './connection.js';
import { RecentBytes } from './recent-bytes.js';
import { Tally } from './tally.js';
import { backSentence } from './words.js';

/** A message in the lane. Instants are the page's clock. */
export interface Mark {
  /** Null where the schedule of its time is forgotten. */
  readonly publishedMs: number | null;
  readonly arrivedMs: number;
}

const KEPT_MARKS = 600;
/** Ages that the median is taken of. */
const KEPT_AGES = 20;

/** What arrives this soon after the servers were killed was on its way before. */
const ON_ITS_WAY_MS = 1000;

/** When a message was published, on this page's clock. */
export type PublishedMs = (sequence: number) => number | null;

/** What this page knows of one transport. */
export class Contestant implements Listener {
  readonly tally = new Tally();
  readonly bytes = new RecentBytes();
  readonly marks: Mark[] = [];
  requests = 0;
  state: 'connecting' | 'live' | 'away' = 'connecting';
  /** Age of the last message when it arrived, milliseconds. */
  ageMs: number | null = null;
  /** What the last restart cost; null before one, and while it is not known. */
  back: { readonly sentence: string; readonly lost: number } | null = null;
  readonly #ages: number[] = [];
  /** Messages from here on are of an ordinary time. */
  #settledMs = Number.NEGATIVE_INFINITY;
  #outage: { readonly sinceMs: number; readonly missing: number } | null = null;

  constructor(
    readonly id: TransportId,
    private readonly publishedMs: PublishedMs,
    /** Called when `state` or `back` has changed. */
    private readonly onChange: () => void,
  ) {}

  asked(): void {
    this.requests++;
  }

  live(): void {
    this.#become('live');
  }

  away(): void {
    this.#become('away');
  }

  heard(text: string): void {
    const arrivedMs = performance.now();
    const sequence = Number(text.slice(0, 10));
    if (!this.tally.heard(sequence)) return;
    const publishedMs = this.publishedMs(sequence);
    this.marks.push({ publishedMs, arrivedMs });
    if (this.marks.length > KEPT_MARKS) this.marks.shift();
    if (publishedMs !== null) {
      // Within the error of the clocks a message may seem to come before it was sent.
      this.ageMs = Math.max(0, arrivedMs - publishedMs);
      this.#judgeReturn(publishedMs, arrivedMs);
      // What is caught up after an outage says how long that was, not how late the transport is.
      if (publishedMs >= this.#settledMs) {
        this.#ages.push(this.ageMs);
        if (this.#ages.length > KEPT_AGES) this.#ages.shift();
      }
    }
  }

  /** Median age of the last messages, milliseconds. */
  get medianAgeMs(): number | null {
    if (this.#ages.length === 0) return null;
    const sorted = [...this.#ages].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  /** The servers went away. @param sinceMs on this page's clock */
  outage(sinceMs: number): void {
    this.#outage = { sinceMs, missing: this.tally.missing };
    this.back = null;
    this.#become('away');
  }

  /** The first message published after the outage began tells what it cost: everything before it has come, or will not. */
  #judgeReturn(publishedMs: number, arrivedMs: number): void {
    const outage = this.#outage;
    if (outage === null || publishedMs < outage.sinceMs) return;
    if (arrivedMs < outage.sinceMs + ON_ITS_WAY_MS) return;
    this.#outage = null;
    this.#settledMs = arrivedMs;
    const lost = this.tally.missing - outage.missing;
    this.back = { sentence: backSentence(this.id, arrivedMs - outage.sinceMs, lost), lost };
    this.#become('live');
    this.onChange();
  }

  #become(state: 'live' | 'away'): void {
    if (this.state === state) return;
    this.state = state;
    this.onChange();
  }
}
