import { DOWN, UP } from '../ledger.js';
import { encodeClientMessage } from './client-frame.js';
import { Connection } from './connection.js';
import { statusFailure } from './failures.js';
import { encodeClientControl, FrameParser, type FrameSink, OPCODE } from './frames.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';
import { acceptFor, closeHead, requestHead, upgradeFields, upgradeKey } from './request.js';
import { clientPath } from './topic-path.js';

/** Upgrades, checks the answer, reads frames, answers pings. It has no way to ask for what it missed. */
export class WebSocketClient extends Connection implements FrameSink, ResponseSink {
  protected readonly frames = this.makeFrames();
  /** Only while the upgrade is under way: a client that holds ten minutes should not keep a parser it used once. */
  private http: HttpResponseParser | null = null;
  private key = '';
  /** The upgrade was accepted. */
  private isUp = false;

  /** Called while the client is being made: what it calls may keep the client, and ask it nothing yet. */
  protected makeFrames(): FrameParser {
    return new FrameParser(this, this.content === 'binary' ? OPCODE.binary : undefined);
  }

  /** The upgrade request without its own fields and the blank line. */
  protected requestHead(): string {
    const { target, headers } = this.context;
    return requestHead(target, clientPath(this.context, this.index), headers, 'upgrade');
  }

  /** Sub-protocols one of which the server has to choose. */
  protected get subprotocols(): readonly string[] {
    return this.context.subprotocols ?? [];
  }

  /** The server accepted the upgrade. */
  protected upgraded(): void {
    this.opening();
  }

  protected begin(): void {
    this.key = upgradeKey(this.context.random);
    this.http = new HttpResponseParser(this, DOWN.handshake);
    this.write(UP.handshake, closeHead(this.requestHead(), upgradeFields(this.key, this.subprotocols)));
  }

  protected bytes(buffer: Buffer, length: number): void {
    let start = 0;
    if (this.http !== null) {
      start = this.http.eat(buffer, 0, length);
      if (!this.isUp) {
        this.unparsed(length - start);
        return;
      }
      this.http = null;
    }
    if (start < length) this.frames.eat(buffer, start, length);
  }

  protected rewind(): void {
    this.frames.reset();
    this.http = null;
    this.isUp = false;
  }

  head(): void {
    const { status, accept, subprotocol } = this.http!;
    if (status !== 101) {
      this.obeyRetryAfter(this.http!.retryAfterMs);
      this.fail(statusFailure(status));
    } else if (accept !== acceptFor(this.key) || !this.isAnswer(subprotocol)) this.fail('protocol');
    else {
      this.isUp = true;
      this.upgraded();
    }
    this.key = '';
  }

  /** One of the sub-protocols that were asked for, and none when none was (RFC 6455, section 4.1). */
  private isAnswer(subprotocol: string): boolean {
    const asked = this.subprotocols;
    return asked.length === 0 ? subprotocol === '' : asked.includes(subprotocol);
  }

  message(sequence: number, bytes: number): void {
    // What follows a close frame in the same read is not a message (RFC 6455, section 5.5.1).
    if (this.state !== 'open') return;
    this.context.events.delivered(this.index, sequence, bytes);
  }

  control(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.pong) return;
    const mask = Math.floor(this.context.random() * 2 ** 32);
    this.write(
      UP.idle,
      encodeClientControl(opcode === OPCODE.ping ? OPCODE.pong : OPCODE.close, payload, mask),
    );
    if (opcode === OPCODE.close) this.fail('closed');
  }

  /** In a frame on the same connection: a socket goes both ways. */
  protected override speak(payload: Buffer): void {
    const opcode = this.content === 'binary' ? OPCODE.binary : OPCODE.text;
    const mask = Math.floor(this.context.random() * 2 ** 32);
    this.write(UP.framing, encodeClientMessage(opcode, payload, mask), payload.length);
  }

  fault(_message: string): void {
    this.fail('protocol');
  }

  /** A refusal's body; nobody reads it. */
  body(_buffer: Buffer, start: number, end: number): void {
    this.ledger.put(DOWN.handshake, end - start);
  }
  chunkEnd(): void {}
  end(): void {}
}
