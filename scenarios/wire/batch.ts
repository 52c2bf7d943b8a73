import { MARKER_BYTES } from '../../protocol/payload.js';
import { DOWN } from '../ledger.js';
import { findByte } from './find-byte.js';
import type { MessageSink } from './message-sink.js';

const LF = 10;

/** The answer to a poll: messages joined by LF. Eats any split of the body; `end` closes the last message. */
export class BatchParser {
  private length = 0;
  private sequence = 0;
  /** Messages of the body so far. */
  messages = 0;

  constructor(private readonly sink: MessageSink) {}

  /** Forgets a half-read body. */
  reset(): void {
    this.length = 0;
    this.sequence = 0;
    this.messages = 0;
  }

  eat(buffer: Buffer, start: number, end: number): void {
    const ledger = this.sink.ledger;
    let at = start;
    while (at < end) {
      // The marker is read digit by digit, the filler is skipped in one search.
      while (at < end && this.length < MARKER_BYTES) {
        const byte = buffer[at]!;
        if (byte === LF) break;
        const digit = byte - 48;
        this.sequence = digit < 0 || digit > 9 || this.sequence < 0 ? -1 : this.sequence * 10 + digit;
        this.length++;
        at++;
        ledger.put(DOWN.payload, 1);
      }
      if (at === end) return;
      const separator = findByte(buffer, LF, at, end);
      const stop = separator === -1 ? end : separator;
      this.length += stop - at;
      ledger.put(DOWN.payload, stop - at);
      at = stop;
      if (separator !== -1) {
        ledger.put(DOWN.framing, 1);
        at++;
        this.finish();
      }
    }
  }

  /** The body is complete. */
  end(): void {
    if (this.length > 0) this.finish();
  }

  private finish(): void {
    const sequence = this.length < MARKER_BYTES ? -1 : this.sequence;
    const bytes = this.length;
    this.length = 0;
    this.sequence = 0;
    this.messages++;
    this.sink.message(sequence, bytes);
  }
}
