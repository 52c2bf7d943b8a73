import { DOWN, OF_WHICH } from '../ledger.js';
import type { MessageSink } from './message-sink.js';
import { PayloadReader } from './payload-reader.js';

/** Reads the data of events that are not all payload of ours, whatever their type. */
export interface EventBody {
  /** A span of an event's data, which the ledger has as framing. */
  part(buffer: Buffer, start: number, end: number): void;
  /** The event is complete. @param bytes all its lines on the wire, which the ledger has as framing */
  event(bytes: number): void;
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;

const NAMES = ['data', 'id', 'event', 'retry'] as const;
const DATA = 0;
const ID = 1;
const EVENT = 2;
const RETRY = 3;
const UNKNOWN = 4;

/** What the line under way is. */
const LINE_START = 0;
const NAME = 1;
const VALUE_START = 2;
const VALUE = 3;
const COMMENT = 4;

const LINE_END = Buffer.from('\n', 'latin1');
const MESSAGE_TYPE = 'message';
/** A retry beyond this is taken as this; also the longest id and type that are kept. */
const MAX_RETRY_MS = 60_000;
const MAX_TEXT = 256;
/** Fifteen digits are exact in a double. */
const MAX_DIGITS = 15;
const NEAR_BYTES = 64;

/**
 * An incremental parser of the WHATWG event stream (HTML Living Standard, 9.2.6), for any split of the bytes.
 *
 * Dispatches events whose type is empty or `message`; remembers the last id and the retry time. Everything it eats is
 * put down as framing, then moved: the data of a dispatched event to payload, a comment line to idle.
 */
export class EventStreamParser {
  private line = LINE_START;
  private field = UNKNOWN;
  private matched = 0;
  private afterCr = false;
  private streamStart = 0;

  private dataLines = 0;
  private readonly data: PayloadReader;
  private commentBytes = 0;

  /** The value under way: a number while it is nothing but digits, so that the ids of our servers allocate nothing. */
  private pendingNumber = 0;
  private pendingDigits = 0;
  private pendingText = '';
  private idNumber = 0;
  private idDigits = 0;
  private idText = '';
  private typeText = '';

  /** Events dispatched since the owner last cleared it. */
  dispatched = 0;
  /** Bytes of comment lines since the owner last cleared it. */
  idleBytes = 0;
  /** Whether there was a line that is neither comment nor blank since the owner last cleared it. */
  spoke = false;
  /** The reconnection time the server asked for, milliseconds; null until it did. */
  retryMs: number | null = null;
  private lastNumber = 0;
  private lastDigits = 0;
  private lastText = '';

  /** Bytes eaten of this stream up to the last line's end, and how many of them when the last event ended. */
  private eaten = 0;
  private eventStart = 0;

  /** @param body reads events in the parser's place: `sink.message` is then never called */
  constructor(
    private readonly sink: MessageSink,
    private readonly body: EventBody | null = null,
  ) {
    this.data = new PayloadReader(sink.content === 'binary');
  }

  /** No event is half-read. */
  get atRest(): boolean {
    return this.line === LINE_START && this.dataLines === 0;
  }

  /** The id to resume from, as text; empty when there is none. */
  get lastEventId(): string {
    if (this.lastText !== '') return this.lastText;
    return this.lastDigits === 0 ? '' : String(this.lastNumber).padStart(this.lastDigits, '0');
  }

  /** A new stream begins: what was half-read is dropped, the last id and retry time stay. */
  reset(): void {
    this.line = LINE_START;
    this.afterCr = false;
    this.streamStart = 0;
    this.commentBytes = 0;
    this.eaten = 0;
    this.eventStart = 0;
    this.clearValue();
    this.clearEvent();
    this.idNumber = this.lastNumber;
    this.idDigits = this.lastDigits;
    this.idText = this.lastText;
  }

  clear(): void {
    this.dispatched = 0;
    this.idleBytes = 0;
    this.spoke = false;
  }

  eat(buffer: Buffer, start: number, end: number): void {
    this.sink.ledger.put(DOWN.framing, end - start);
    const before = this.eaten - start;
    let at = start;
    while (at < end) {
      const byte = buffer[at]!;
      if (this.afterCr) {
        this.afterCr = false;
        if (byte === LF) {
          at++;
          continue;
        }
      }
      // A byte order mark may stand before the first line, and only there.
      if (this.streamStart < 3 && this.skipMark(byte)) {
        at++;
        continue;
      }
      if (byte === LF || byte === CR) {
        this.afterCr = byte === CR;
        at++;
        this.eaten = before + at;
        this.endLine();
        continue;
      }
      switch (this.line) {
        case LINE_START:
          this.matched = 0;
          if (byte === COLON) {
            this.line = COMMENT;
            this.commentBytes = 1;
            at++;
          } else {
            this.field =
              byte === 100 ? DATA : byte === 105 ? ID : byte === 101 ? EVENT : byte === 114 ? RETRY : UNKNOWN;
            this.line = NAME;
          }
          break;
        case NAME:
          if (byte === COLON) {
            if (this.field !== UNKNOWN && this.matched !== NAMES[this.field]!.length) this.field = UNKNOWN;
            this.line = VALUE_START;
            this.startValue();
          } else if (this.field !== UNKNOWN) {
            if (NAMES[this.field]!.charCodeAt(this.matched) === byte) this.matched++;
            else this.field = UNKNOWN;
          }
          at++;
          break;
        case VALUE_START:
          this.line = VALUE;
          if (byte === SPACE) at++;
          break;
        case VALUE:
          at = this.value(buffer, at, end);
          break;
        default:
          at = this.comment(buffer, at, end);
      }
    }
    this.eaten = before + end;
  }

  private skipMark(byte: number): boolean {
    const mark = this.streamStart === 0 ? 0xef : this.streamStart === 1 ? 0xbb : 0xbf;
    if (byte === mark) {
      this.streamStart++;
      return true;
    }
    // The beginning of a mark that is none belongs to the first line: to the name of a field nobody knows.
    if (this.streamStart > 0) {
      this.line = NAME;
      this.field = UNKNOWN;
    }
    this.streamStart = 3;
    return false;
  }

  private startValue(): void {
    if (this.field === DATA) {
      // Data lines of one event are joined by LF, so the line end between two of them is payload.
      if (this.dataLines > 0) this.eatData(LINE_END, 0, 1);
      this.dataLines++;
    }
    this.clearValue();
  }

  private clearValue(): void {
    this.pendingNumber = 0;
    this.pendingDigits = 0;
    this.pendingText = '';
  }

  private eatData(buffer: Buffer, start: number, end: number): void {
    if (this.body === null) this.data.eat(buffer, start, end);
    else if (start < end) this.body.part(buffer, start, end);
  }

  private value(buffer: Buffer, start: number, end: number): number {
    let at = start;
    switch (this.field) {
      case DATA: {
        const stop = lineEnd(buffer, at, end);
        this.eatData(buffer, at, stop);
        return stop;
      }
      case ID:
      case RETRY:
        while (at < end && this.pendingText === '' && this.pendingDigits < MAX_DIGITS) {
          const digit = buffer[at]! - 48;
          if (digit < 0 || digit > 9) break;
          this.pendingNumber = this.pendingNumber * 10 + digit;
          this.pendingDigits++;
          at++;
        }
        return at < end ? this.text(buffer, at, end) : at;
      case EVENT:
        return this.text(buffer, at, end);
      default:
        return lineEnd(buffer, at, end);
    }
  }

  /** The rest of a value that is more than digits. */
  private text(buffer: Buffer, start: number, end: number): number {
    const stop = lineEnd(buffer, start, end);
    if (stop > start && this.pendingText.length < MAX_TEXT) {
      if (this.pendingDigits > 0)
        this.pendingText = String(this.pendingNumber).padStart(this.pendingDigits, '0');
      this.pendingDigits = 0;
      const room = MAX_TEXT - this.pendingText.length;
      this.pendingText += buffer.toString('latin1', start, Math.min(stop, start + room));
    }
    return stop;
  }

  private comment(buffer: Buffer, start: number, end: number): number {
    const stop = lineEnd(buffer, start, end);
    this.commentBytes += stop - start;
    return stop;
  }

  private endLine(): void {
    const kind = this.line;
    this.line = LINE_START;
    if (kind === LINE_START) {
      this.dispatch();
      return;
    }
    if (kind === COMMENT) {
      this.sink.ledger.move(DOWN.framing, DOWN.idle, this.commentBytes + 1);
      this.idleBytes += this.commentBytes + 1;
      this.eventStart += this.commentBytes + 1;
      this.commentBytes = 0;
      return;
    }
    this.spoke = true;
    if (kind === NAME) {
      // A line without a colon is a field with an empty value.
      if (this.field !== UNKNOWN && this.matched !== NAMES[this.field]!.length) this.field = UNKNOWN;
      this.startValue();
    }
    if (this.field === ID) {
      if (!this.pendingText.includes('\0')) {
        this.idNumber = this.pendingNumber;
        this.idDigits = this.pendingDigits;
        this.idText = this.pendingText;
      }
    } else if (this.field === EVENT) {
      this.typeText = this.pendingText;
    } else if (this.field === RETRY) {
      // More digits than a double holds were kept as text.
      if (this.pendingDigits > 0) this.retryMs = Math.min(this.pendingNumber, MAX_RETRY_MS);
      else if (/^\d+$/.test(this.pendingText))
        this.retryMs = Math.min(Number(this.pendingText), MAX_RETRY_MS);
    }
    this.clearValue();
  }

  private dispatch(): void {
    this.lastNumber = this.idNumber;
    this.lastDigits = this.idDigits;
    this.lastText = this.idText;
    const eventBytes = this.eaten - this.eventStart;
    this.eventStart = this.eaten;
    if (this.body !== null) {
      const isEvent = this.dataLines > 0;
      this.clearEvent();
      if (isEvent) this.body.event(eventBytes);
    } else if (this.dataLines > 0 && (this.typeText === '' || this.typeText === MESSAGE_TYPE)) {
      const { sequence, bytes, length } = this.data;
      this.clearEvent();
      this.dispatched++;
      if (bytes !== length) this.sink.ledger.note(OF_WHICH.growth, length - bytes);
      this.sink.ledger.move(DOWN.framing, DOWN.payload, bytes);
      this.sink.message(sequence, bytes);
    } else {
      this.clearEvent();
    }
  }

  private clearEvent(): void {
    this.dataLines = 0;
    this.data.clear();
    this.typeText = '';
  }
}

/** Index of the next CR or LF in [start, end), or end. */
function lineEnd(buffer: Buffer, start: number, end: number): number {
  // Most lines are short: one look at each of their bytes is all they cost.
  const near = Math.min(end, start + NEAR_BYTES);
  for (let at = start; at < near; at++) {
    const byte = buffer[at]!;
    if (byte === LF || byte === CR) return at;
  }
  if (near === end) return end;
  const lf = buffer.indexOf(LF, near);
  const stop = lf === -1 ? end : Math.min(lf, end);
  const cr = buffer.indexOf(CR, near);
  return cr === -1 ? stop : Math.min(cr, stop);
}
