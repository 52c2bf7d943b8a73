import { DOWN, OF_WHICH } from '../ledger.js';
import { findByte } from './find-byte.js';
import type { MessageSink } from './message-sink.js';
import { PayloadReader } from './payload-reader.js';

const OPEN = '<script>parent.m("';
const CLOSE = '")</script>';
const QUOTE = 34;
const LESS_THAN = 60;

/**
 * The endless page of an iframe: each message is `<script>parent.m("...")</script>`, anything else is padding.
 *
 * Delivers at the closing tag's last byte, where a browser would run the script. A `<` starts the opening text over,
 * since it stands nowhere else in it.
 */
export class ScriptStreamParser {
  private matched = 0;
  private closing = 0;
  private readonly message: PayloadReader;

  /** Messages delivered since the owner last cleared it. */
  dispatched = 0;
  /** An iframe stream has no comments that count as idle; there for the streaming client. */
  idleBytes = 0;
  /** Whether anything was read since the owner last cleared it. */
  spoke = false;

  constructor(private readonly sink: MessageSink) {
    this.message = new PayloadReader(sink.content === 'binary');
  }

  /** No script is half-read. */
  get atRest(): boolean {
    return this.matched === 0;
  }

  reset(): void {
    this.matched = 0;
    this.closing = 0;
    this.message.clear();
  }

  clear(): void {
    this.dispatched = 0;
    this.idleBytes = 0;
    this.spoke = false;
  }

  eat(buffer: Buffer, start: number, end: number): void {
    this.sink.ledger.put(DOWN.framing, end - start);
    this.spoke = true;
    let at = start;
    while (at < end) {
      if (this.matched < OPEN.length) at = this.open(buffer, at, end);
      else if (this.closing === 0) at = this.payload(buffer, at, end);
      else at = this.close(buffer, at);
    }
  }

  private open(buffer: Buffer, start: number, end: number): number {
    let at = start;
    if (this.matched === 0) {
      const found = findByte(buffer, LESS_THAN, at, end);
      if (found === -1) return end;
      at = found;
    }
    const byte = buffer[at]!;
    if (byte === OPEN.charCodeAt(this.matched)) this.matched++;
    else this.matched = byte === LESS_THAN ? 1 : 0;
    return at + 1;
  }

  private payload(buffer: Buffer, start: number, end: number): number {
    const quote = findByte(buffer, QUOTE, start, end);
    this.message.eat(buffer, start, quote === -1 ? end : quote);
    if (quote === -1) return end;
    this.closing = 1;
    return quote + 1;
  }

  private close(buffer: Buffer, at: number): number {
    if (buffer[at] !== CLOSE.charCodeAt(this.closing)) {
      this.sink.fault('a script in the iframe stream does not end as announced');
      this.reset();
      return at + 1;
    }
    this.closing++;
    if (this.closing === CLOSE.length) {
      const { sequence, bytes, length } = this.message;
      this.reset();
      this.dispatched++;
      if (bytes !== length) this.sink.ledger.note(OF_WHICH.growth, length - bytes);
      this.sink.ledger.move(DOWN.framing, DOWN.payload, bytes);
      this.sink.message(sequence, bytes);
    }
    return at + 1;
  }
}
