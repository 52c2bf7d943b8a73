import { DOWN, OF_WHICH } from '../ledger.js';
import { findByte } from './find-byte.js';
import type { MessageSink } from './message-sink.js';
import { PayloadReader } from './payload-reader.js';

const LF = 10;

/** The answer to a poll: messages joined by LF. Eats any split of the body; `end` closes the last message. */
export class BatchParser {
  private readonly payload: PayloadReader;
  /** Messages of the body so far. */
  messages = 0;

  constructor(private readonly sink: MessageSink) {
    this.payload = new PayloadReader(sink.content === 'binary');
  }

  /** Forgets a half-read body. */
  reset(): void {
    this.payload.clear();
    this.messages = 0;
  }

  eat(buffer: Buffer, start: number, end: number): void {
    const ledger = this.sink.ledger;
    let at = start;
    while (at < end) {
      const separator = findByte(buffer, LF, at, end);
      const stop = separator === -1 ? end : separator;
      this.payload.eat(buffer, at, stop);
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
    if (this.payload.length > 0) this.finish();
  }

  private finish(): void {
    const { sequence, bytes, length } = this.payload;
    this.payload.clear();
    this.messages++;
    if (bytes !== length) {
      this.sink.ledger.move(DOWN.payload, DOWN.framing, length - bytes);
      this.sink.ledger.note(OF_WHICH.growth, length - bytes);
    }
    this.sink.message(sequence, bytes);
  }
}
