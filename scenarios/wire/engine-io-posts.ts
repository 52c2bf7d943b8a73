import type { ClientContext, FailureKind } from '../contract.js';
import { DOWN, type Ledger, UP } from '../ledger.js';
import { statusFailure } from './failures.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';
import { Line, type LineUser } from './line.js';

/** What a POST is for: the ledger's layer for all of it, both ways, save what a client says in it. */
export type Errand = 'handshake' | 'idle' | 'header';

/** Whose packets are posted. */
export interface PostsUser {
  /** A POST was answered; another may follow. `up` and `down` are the bytes of the exchange. */
  posted(errand: Errand, up: number, down: number): void;
  /** A POST was refused or lost, and with it the session. @param retryAfterMs when the server said to come back, or 0 */
  postFailed(kind: FailureKind, retryAfterMs?: number): void;
}

/**
 * The connection on which a session's packets go up, one POST at a time, as the server demands. It is kept between two
 * of them as a browser would keep it; when the server closes it meanwhile, the next one opens another.
 */
export class EngineIoPosts implements LineUser, ResponseSink {
  readonly line: Line;
  readonly ledger: Ledger;
  private readonly http: HttpResponseParser;
  private errand: Errand = 'handshake';
  private requestBytes = 0;
  /** A request that waits for its connection. */
  private waiting = '';
  /** Of that request: bytes of a message, and of what stands around it. */
  private payload = 0;
  private framing = 0;
  private bodyBytes = 0;

  constructor(
    context: ClientContext,
    private readonly user: PostsUser,
  ) {
    this.ledger = context.ledger;
    this.line = new Line(context, this);
    this.http = new HttpResponseParser(this, DOWN.header);
  }

  /** A POST is under way. */
  get busy(): boolean {
    return this.requestBytes > 0;
  }

  /**
   * Sends a whole request; there must be none under way.
   *
   * @param payload bytes of it that are a message
   * @param framing bytes of it that stand around that message
   */
  post(request: string, errand: Errand, payload = 0, framing = 0): void {
    this.errand = errand;
    this.requestBytes = request.length;
    this.payload = payload;
    this.framing = framing;
    if (this.line.isOpen) {
      this.send(request);
      return;
    }
    this.waiting = request;
    if (!this.line.isDialled) this.line.dial();
  }

  private send(request: string): void {
    this.line.write(UP[this.errand], request, this.payload);
    this.ledger.move(UP[this.errand], UP.framing, this.framing);
  }

  /** Forgets what was under way. */
  reset(): void {
    this.requestBytes = 0;
    this.waiting = '';
    this.bodyBytes = 0;
    this.http.reset();
  }

  lineOpened(): void {
    const { waiting } = this;
    if (waiting === '') return;
    this.waiting = '';
    this.send(waiting);
  }

  lineRead(_line: Line, buffer: Buffer, length: number): number {
    return this.http.eat(buffer, 0, length);
  }

  lineLost(_line: Line, kind: FailureKind): void {
    if (this.http.close()) return;
    // Between two POSTs a server may close an idle connection; that is no failure.
    if (this.busy) this.user.postFailed(kind);
    else this.http.reset();
  }

  head(): void {
    const { status, retryAfterMs } = this.http;
    if (!this.busy || status !== 200) this.user.postFailed(statusFailure(status), retryAfterMs);
  }

  body(_buffer: Buffer, start: number, end: number): void {
    this.ledger.put(DOWN.framing, end - start);
    this.bodyBytes += end - start;
  }

  chunkEnd(framing: number): void {
    this.bodyBytes += framing;
  }

  end(): void {
    const { errand, bodyBytes, requestBytes } = this;
    const { headBytes, closes } = this.http;
    this.bodyBytes = 0;
    if (!this.busy) return;
    this.requestBytes = 0;
    this.ledger.move(DOWN.header, DOWN[errand], headBytes);
    this.ledger.move(DOWN.framing, DOWN[errand], bodyBytes);
    if (closes) this.line.release();
    this.user.posted(errand, requestBytes, headBytes + bodyBytes);
  }

  fault(): void {
    this.user.postFailed('protocol');
  }
}
