import type { ClientContext } from '../contract.js';
import { DOWN } from '../ledger.js';
import { findByte } from '../wire/find-byte.js';
import type { ForeignSpec } from './contract.js';
import { type Listener, MessageReader } from './message-reader.js';
import type { ForeignStreamParser } from './stream-parser.js';

const LF = 10;
const CR = 13;

/** Reads an endless text in which each line that is not blank is a message. */
export class LineStream implements ForeignStreamParser {
  dispatched = 0;
  idleBytes = 0;
  readonly spoke = false;
  /** Lines tell for themselves. */
  readonly isUnmarked = false;
  private readonly reader: MessageReader;
  /** Bytes of the line under way, and whether they are blank so far. */
  private length = 0;
  private isBlank = true;

  constructor(
    spec: ForeignSpec,
    private readonly context: ClientContext,
    index: number,
    listener: Listener,
  ) {
    this.reader = new MessageReader(spec, context, index, listener);
  }

  get atRest(): boolean {
    return this.length === 0;
  }

  reset(): void {
    this.reader.reset();
    this.length = 0;
    this.isBlank = true;
    this.clear();
  }

  clear(): void {
    this.dispatched = 0;
    this.idleBytes = 0;
  }

  eat(buffer: Buffer, start: number, end: number): void {
    this.context.ledger.put(DOWN.framing, end - start);
    let at = start;
    while (at < end) {
      const found = findByte(buffer, LF, at, end);
      const stop = found === -1 ? end : found;
      this.length += stop - at;
      // Of a blank line there is at most the first half of its end.
      if (this.length > 1 || (stop > at && buffer[at] !== CR)) this.isBlank = false;
      if (!this.isBlank) this.reader.part(buffer, at, stop);
      if (found === -1) return;
      this.endLine();
      at = stop + 1;
    }
  }

  private endLine(): void {
    const bytes = this.length + 1;
    const deliveries = this.isBlank ? 0 : this.reader.whole(bytes);
    if (this.isBlank) this.context.ledger.move(DOWN.framing, DOWN.idle, bytes);
    if (deliveries === 0) this.idleBytes += bytes;
    this.dispatched += deliveries;
    this.length = 0;
    this.isBlank = true;
  }
}
