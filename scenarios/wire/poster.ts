import type { ClientContext, FailureKind } from '../contract.js';
import { DOWN, type Ledger, UP } from '../ledger.js';
import { statusFailure } from './failures.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';
import { Line, type LineUser } from './line.js';
import { postRequests } from './post-requests.js';

/**
 * What a client says where its transport has no way up: POSTs on a connection of their own, one at a time and in order,
 * as a page's fetch makes them beside its stream. The connection is kept between two of them; where each poll has a new
 * one, each POST has, too.
 *
 * What failed on its way is said again after a pause, for the server drops what it has heard already; what was refused as
 * wrong is not.
 */
export class Poster implements LineUser, ResponseSink {
  readonly line: Line;
  readonly ledger: Ledger;
  private readonly http: HttpResponseParser;
  /** The first is under way once `busy`; the others wait for their turn. */
  private readonly unsaid: Buffer[] = [];
  private busy = false;
  private again: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    private readonly context: ClientContext,
    private readonly client: number,
    private readonly closing: boolean,
  ) {
    this.ledger = context.ledger;
    this.line = new Line(context, this);
    this.http = new HttpResponseParser(this, DOWN.header);
  }

  /** Says it as soon as what was said before is heard. */
  post(payload: Buffer): void {
    this.unsaid.push(payload);
    if (!this.busy && this.again === null) this.next();
  }

  /** Gives the connection up and says nothing more. */
  close(reset: boolean): void {
    this.closed = true;
    if (this.again !== null) clearTimeout(this.again);
    this.line.release(reset);
  }

  private next(): void {
    const payload = this.unsaid[0];
    if (payload === undefined || this.closed) return;
    this.busy = true;
    if (this.line.isOpen) this.send(payload);
    else if (!this.line.isDialled) this.line.dial();
  }

  private send(payload: Buffer): void {
    const head = postRequests(this.context, this.closing).for(this.client, payload.length);
    const request = Buffer.allocUnsafe(head.length + payload.length);
    request.write(head, 0, 'latin1');
    payload.copy(request, head.length);
    this.line.write(UP.header, request, payload.length, head);
  }

  lineOpened(): void {
    this.http.reset();
    if (this.busy) this.send(this.unsaid[0]!);
  }

  lineRead(_line: Line, buffer: Buffer, length: number): number {
    return this.http.eat(buffer, 0, length);
  }

  lineLost(_line: Line, kind: FailureKind): void {
    if (this.http.close()) return;
    // Between two POSTs a server may close an idle connection; that is no failure.
    if (this.busy) this.fail(kind);
  }

  head(): void {
    // An answer to no question: what follows cannot be told apart any more.
    if (!this.busy) this.line.release();
  }

  /** Of a refusal; nobody reads it. */
  body(_buffer: Buffer, start: number, end: number): void {
    this.ledger.put(DOWN.framing, end - start);
  }

  chunkEnd(): void {}

  end(): void {
    if (!this.busy) return;
    const { status, closes } = this.http;
    if (closes) this.line.release();
    if (status === 204) {
      this.context.events.posted();
    } else if (status >= 500) {
      this.fail(statusFailure(status), this.http.retryAfterMs);
      return;
    } else {
      this.context.events.failed(this.client, statusFailure(status));
    }
    this.busy = false;
    this.unsaid.shift();
    this.next();
  }

  fault(_message: string): void {
    this.fail('protocol');
  }

  private fail(kind: FailureKind, waitMs = 0): void {
    if (this.closed || this.again !== null) return;
    const { events, reconnectMs, random } = this.context;
    events.failed(this.client, kind);
    this.busy = false;
    this.line.release();
    // A timer of its own: it is for failures only, and the client's one entry in the wheel is the other connection's.
    this.again = setTimeout(
      () => {
        this.again = null;
        this.next();
      },
      waitMs + reconnectMs * (0.5 + random() / 2),
    );
  }
}
