import type { ClientContext } from '../contract.js';
import { DOWN, UP } from '../ledger.js';
import { Connection } from './connection.js';
import { statusFailure } from './failures.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';
import type { MessageSink } from './message-sink.js';

/** What a streaming client needs of the parser of its body. */
export interface StreamParser {
  eat(buffer: Buffer, start: number, end: number): void;
  reset(): void;
  /** Messages delivered since it was last cleared. */
  readonly dispatched: number;
  /** Bytes moved to idle since it was last cleared. */
  readonly idleBytes: number;
  /** Something other than comments was read since it was last cleared. */
  readonly spoke: boolean;
  /** Counts from here on. */
  clear(): void;
  /** No message is half-read. */
  readonly atRest: boolean;
}

/** A client of an endless response: iframe streaming and SSE. */
export abstract class StreamingClient extends Connection implements ResponseSink, MessageSink {
  private readonly http: HttpResponseParser;
  private chunkBytes = 0;
  private delivered = false;

  constructor(context: ClientContext, index: number) {
    super(context, index);
    this.http = new HttpResponseParser(this, DOWN.handshake);
  }

  protected abstract readonly parser: StreamParser;
  /** The whole request that opens the stream. */
  protected abstract request(): string;

  protected begin(): void {
    this.write(UP.handshake, this.request());
  }

  protected bytes(buffer: Buffer, length: number): void {
    const eaten = this.http.eat(buffer, 0, length);
    if (eaten < length) this.unparsed(length - eaten);
  }

  protected rewind(): void {
    this.http.reset();
    this.parser.reset();
    this.clearChunk();
    this.delivered = false;
  }

  head(): void {
    if (this.http.status === 200) {
      this.opening();
    } else {
      this.obeyRetryAfter(this.http.retryAfterMs);
      this.fail(statusFailure(this.http.status));
    }
  }

  body(buffer: Buffer, start: number, end: number): void {
    if (this.state !== 'open') {
      // A refusal's body; nobody reads it.
      this.ledger.put(DOWN.handshake, end - start);
      return;
    }
    this.chunkBytes += end - start;
    this.parser.eat(buffer, start, end);
  }

  /**
   * A chunk that brought no message is a prelude (handshake, before the first message) or a heartbeat (idle). Its bytes
   * were put down as framing, since that is known only at its end; one with half a message in it stays framing.
   */
  chunkEnd(framing: number): void {
    if (this.state !== 'open') return;
    const parser = this.parser;
    if (parser.dispatched === 0 && parser.atRest) {
      const bytes = framing + this.chunkBytes - parser.idleBytes;
      if (!parser.spoke) this.ledger.move(DOWN.framing, DOWN.idle, bytes);
      else if (!this.delivered) this.ledger.move(DOWN.framing, DOWN.handshake, bytes);
    }
    this.clearChunk();
  }

  protected clearChunk(): void {
    this.chunkBytes = 0;
    this.parser.clear();
  }

  /** The server ended what should be endless. */
  end(): void {
    this.fail('closed');
  }

  message(sequence: number, bytes: number): void {
    if (this.state !== 'open') return;
    this.delivered = true;
    this.context.events.delivered(this.index, sequence, bytes);
  }

  fault(_message: string): void {
    this.fail('protocol');
  }
}
