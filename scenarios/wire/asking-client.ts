import { MAX_SEQUENCE } from '../../protocol/payload.js';
import type { ClientContext } from '../contract.js';
import { DOWN, UP } from '../ledger.js';
import { BatchParser } from './batch.js';
import { Connection } from './connection.js';
import { type CursorRequests, cursorRequests } from './cursor-requests.js';
import { statusFailure } from './failures.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';
import type { MessageSink } from './message-sink.js';

/** What an asking client needs of the parser of an answer's body. */
export interface AnswerParser {
  /** Messages of the body so far. */
  readonly messages: number;
  /** A span of the body, which it puts down. */
  eat(buffer: Buffer, start: number, end: number): void;
  /** The body is complete. */
  end(): void;
  /** Forgets a half-read body. */
  reset(): void;
}

/** How a client of a server that is not ours asks, and how it reads the answers. */
export interface Asking extends AnswerParser {
  /** A field of the answers whose value is wanted; null without. */
  readonly field: string | null;
  /** The next request, whole. */
  request(): string;
  /** An answer is complete. @param field the value of that field, empty without one */
  answered(field: string): void;
}

/** A client that gets its messages in answers to requests: polling and long polling. */
export abstract class AskingClient extends Connection implements ResponseSink, MessageSink {
  protected readonly http: HttpResponseParser;
  private readonly asks: Asking | null;
  private readonly answer: AnswerParser;
  /** Null of clients that ask by themselves. */
  private readonly requests: CursorRequests | null;
  private bodyBytes = 0;
  private chunkLines = 0;
  private requestBytes = 0;
  /** The last message seen; the next request asks for what came after. */
  protected cursor = 0;

  /** @param asking makes what asks and reads in place of what servers of ours are asked and answer */
  constructor(context: ClientContext, index: number, asking: ((sink: MessageSink) => Asking) | null = null) {
    super(context, index);
    this.asks = asking?.(this) ?? null;
    this.http = new HttpResponseParser(this, DOWN.header, this.asks?.field ?? null);
    this.answer = this.asks ?? new BatchParser(this);
    this.requests = this.asks === null ? cursorRequests(context, this.closesEachTime) : null;
  }

  /** A request is under way. */
  protected get asking(): boolean {
    return this.requestBytes > 0;
  }

  /** The answer under way is one to a poll, and no refusal. */
  protected get isNews(): boolean {
    const { status } = this.http;
    return status === 200 || status === 204;
  }

  /** The exchange is over and went well; the connection stands. */
  protected abstract answered(messages: number): void;
  /** The server refused with an error status; the connection stands. */
  protected abstract refused(): void;

  protected ask(): void {
    // A server that is not ours may close after its answers; its client is as connected as before.
    if (!this.dialled) {
      this.dial();
      this.context.wheel.schedule(this.index, this.connectByMs);
      return;
    }
    const request = this.requests?.for(this.cursor, this.index) ?? this.asks!.request();
    this.requestBytes = request.length;
    this.write(UP.header, request);
  }

  override opened(): void {
    if (this.state === 'open') this.ask();
    else super.opened();
  }

  protected override due(): void {
    if (this.isConnecting && performance.now() >= this.connectByMs) this.overdue();
  }

  protected bytes(buffer: Buffer, length: number): void {
    const eaten = this.http.eat(buffer, 0, length);
    if (eaten < length) this.unparsed(length - eaten);
  }

  protected rewind(): void {
    this.http.reset();
    this.answer.reset();
    this.bodyBytes = 0;
    this.chunkLines = 0;
    this.requestBytes = 0;
  }

  protected override hungUp(): void {
    if (this.http.close()) return;
    // Between two exchanges a server may close an idle connection; that is no failure.
    if (this.asking || this.state !== 'open') this.fail('closed');
    else if (this.asks === null) this.drop();
    else this.hangUp();
  }

  head(): void {
    // An answer that nobody asked for: what follows cannot be told apart any more.
    if (!this.asking) this.fail(statusFailure(this.http.status));
  }

  body(buffer: Buffer, start: number, end: number): void {
    this.bodyBytes += end - start;
    // An answer to nobody's question is no news.
    if (this.http.status === 200 && this.asking) this.answer.eat(buffer, start, end);
    else this.ledger.put(DOWN.framing, end - start);
  }

  chunkEnd(framing: number): void {
    this.chunkLines += framing;
  }

  end(): void {
    if (!this.asking) return;
    const { status, headBytes, closes } = this.http;
    const { isNews } = this;
    const up = this.requestBytes;
    this.requestBytes = 0;
    let messages = 0;
    if (isNews) {
      this.answer.end();
      messages = this.answer.messages;
      if (messages === 0) {
        this.ledger.move(DOWN.header, DOWN.idle, headBytes);
        this.ledger.move(DOWN.framing, DOWN.idle, this.chunkLines);
        this.ledger.move(UP.header, UP.idle, up);
      }
      this.context.events.answered(messages, up, headBytes + this.bodyBytes + this.chunkLines);
    } else {
      this.obeyRetryAfter(this.http.retryAfterMs);
      this.context.events.failed(this.index, statusFailure(status));
    }
    this.answer.reset();
    this.bodyBytes = 0;
    this.chunkLines = 0;
    if (closes && !this.closesEachTime) {
      if (this.asks === null || !isNews) {
        this.drop();
        return;
      }
      this.hangUp();
    }
    if (isNews) this.asks?.answered(this.http.wanted);
    if (isNews) this.answered(messages);
    else this.refused();
  }

  message(sequence: number, bytes: number): void {
    // A number that no schedule has would silence the client for good.
    if (sequence > this.cursor && sequence <= MAX_SEQUENCE) this.cursor = sequence;
    this.context.events.delivered(this.index, sequence, bytes);
  }

  fault(_message: string): void {
    this.fail('protocol');
  }
}
