import { FOREIGN_MARKER_BYTES } from '../../protocol/marker.js';
import type { ClientContext } from '../contract.js';
import { DOWN } from '../ledger.js';
import { carriedMs } from './carried-time.js';
import type { ForeignSpec } from './contract.js';
import { stepsOf, valuesAt } from './json-path.js';
import { MarkerFinder, type MarkerSink } from './marker-finder.js';
import { TextCollector } from './text-collector.js';

/** A message that has to be read as JSON may be this much longer than the payload. */
const MAX_AROUND_BYTES = 1024 * 1024;
/** Markers of one message that wait for its end; those before them are then told at once. */
const MAX_WAITING = 4096;
const KEPT_WAITING = 64;

/** Length of the messages that are looked for. */
export function plannedBytes({ payloadBytes = FOREIGN_MARKER_BYTES }: ClientContext): number {
  return Math.max(payloadBytes, FOREIGN_MARKER_BYTES);
}

/** Who hears of the messages that a reader finds. */
export interface Listener {
  message(sequence: number, bytes: number): void;
}

/**
 * Reads the text of messages of a server that is not ours, for any split of its bytes: what it holds of this run is
 * delivered once the message is complete.
 *
 * All bytes of a message must be in the ledger as framing. A marker and its filler are moved to payload; a message with
 * nothing of this run is moved to idle. Where the server publishes by itself a message's text is its payload.
 */
export class MessageReader implements MarkerSink {
  private readonly finder: MarkerFinder;
  /** Null where nothing has to be read as JSON. */
  private readonly collector: TextCollector | null;
  private readonly markerSteps: readonly string[] | null;
  private readonly timeSteps: readonly string[] | null;

  /** Bytes of the message's text so far. */
  length = 0;
  /** The last complete message, where messages are read as JSON; undefined when it is none. Its owner clears it. */
  json: unknown;

  // What the message under way holds:
  private payload = 0;
  private strangers = 0;
  private count = 0;
  /** The first of its deliveries; most messages have one. */
  private sequence = 0;
  private bytes = 0;
  private waiting: number[] | null = null;
  private waitingLength = 0;

  /** @param readsJson the owner wants to read complete messages as JSON, whatever the markers need */
  constructor(
    private readonly spec: ForeignSpec,
    private readonly context: ClientContext,
    private readonly index: number,
    private readonly listener: Listener,
    readsJson = false,
  ) {
    const planned = plannedBytes(context);
    this.finder = new MarkerFinder(this, spec.run, planned);
    this.timeSteps = spec.self?.time ? stepsOf(spec.self.time.json) : null;
    this.markerSteps = spec.self === null && spec.find.in === 'json' ? stepsOf(spec.find.path) : null;
    const collects = readsJson || this.timeSteps !== null || this.markerSteps !== null;
    this.collector = collects ? new TextCollector(MAX_AROUND_BYTES + planned) : null;
  }

  /** Forgets a half-read message. */
  reset(): void {
    this.finder.reset();
    this.clear();
  }

  private clear(): void {
    this.length = 0;
    this.payload = 0;
    this.strangers = 0;
    this.count = 0;
    this.waitingLength = 0;
    if (this.waiting !== null && this.waiting.length > KEPT_WAITING) this.waiting = null;
    this.collector?.clear();
  }

  /** A span of a message's text. */
  part(buffer: Buffer, start: number, end: number): void {
    this.length += end - start;
    this.collector?.add(buffer, start, end);
    if (this.spec.self === null && this.markerSteps === null) this.finder.eat(buffer, start, end);
  }

  /**
   * The message is complete.
   * @param bytes all of it on the wire, which the ledger has as framing
   * @returns how many deliveries it was
   */
  whole(bytes: number): number {
    const { ledger, events } = this.context;
    const { length, collector } = this;
    if (collector !== null) {
      if (collector.isTooLong) events.failed(this.index, 'protocol');
      this.json = collector.json();
    }
    if (this.spec.self !== null) this.ownMessages();
    else if (this.markerSteps === null) this.finder.end();
    else this.strings(this.markerSteps);
    const { count, strangers } = this;
    if (this.payload > 0) ledger.move(DOWN.framing, DOWN.payload, this.payload);
    if (count === 0) {
      ledger.move(DOWN.framing, DOWN.idle, bytes);
      if (length > 0 && strangers === 0) events.foreign?.unmarked(this.index);
    }
    for (let n = 0; n < strangers; n++) events.foreign?.otherRun(this.index);
    if (this.spec.self === null) this.tell();
    this.clear();
    return count;
  }

  /** Messages of a server that publishes by itself: with times, as many as it carries. */
  private ownMessages(): void {
    const { foreign } = this.context.events;
    const { timeSteps } = this;
    if (timeSteps === null) {
      if (this.length === 0) return;
      this.count = 1;
      foreign?.heard(this.index, null);
    } else {
      const { unit } = this.spec.self!.time!;
      for (const value of valuesAt(this.json, timeSteps)) {
        const ms = carriedMs(value, unit);
        if (ms === null) continue;
        this.count++;
        foreign?.heard(this.index, ms);
      }
    }
    if (this.count > 0) this.payload = this.length;
  }

  private strings(steps: readonly string[]): void {
    for (const value of valuesAt(this.json, steps)) {
      if (typeof value !== 'string') continue;
      const text = Buffer.from(value, 'utf8');
      this.finder.eat(text, 0, text.length);
      this.finder.end();
    }
  }

  marked(sequence: number, bytes: number): void {
    this.payload += bytes;
    if (this.count++ === 0) {
      this.sequence = sequence;
      this.bytes = bytes;
      return;
    }
    this.waiting ??= [];
    this.waiting[this.waitingLength++] = sequence;
    this.waiting[this.waitingLength++] = bytes;
    if (this.waitingLength >= 2 * MAX_WAITING) this.tell();
  }

  stranger(): void {
    this.strangers++;
  }

  private tell(): void {
    if (this.count === 0) return;
    if (this.bytes > 0) this.listener.message(this.sequence, this.bytes);
    this.bytes = 0;
    for (let at = 0; at < this.waitingLength; at += 2)
      this.listener.message(this.waiting![at]!, this.waiting![at + 1]!);
    this.waitingLength = 0;
  }
}
