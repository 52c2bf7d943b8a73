import type { ClientContext, Scenario } from './contract.js';
import { DOWN, UP } from './ledger.js';
import { statusFailure } from './wire/asking-client.js';
import { Connection } from './wire/connection.js';
import { encodeClientControl, FrameParser, type FrameSink, OPCODE } from './wire/frames.js';
import { HttpResponseParser, type ResponseSink } from './wire/http-response.js';
import { acceptFor, closeHead, requestHead, upgradeFields } from './wire/request.js';

/** Upgrades, checks the answer, reads frames, answers pings. It has no way to ask for what it missed. */
class WebSocketClient extends Connection implements FrameSink, ResponseSink {
  private readonly frames = new FrameParser(this);
  /** Only while the upgrade is under way: a client that holds ten minutes should not keep a parser it used once. */
  private http: HttpResponseParser | null = null;
  private key = '';

  protected begin(): void {
    const { target, headers, random } = this.context;
    const nonce = Buffer.allocUnsafe(16);
    for (let at = 0; at < 16; at++) nonce[at] = random() * 256;
    this.key = nonce.toString('base64');
    this.http = new HttpResponseParser(this, DOWN.handshake);
    const head = requestHead(target, target.path, headers, 'upgrade');
    this.write(UP.handshake, closeHead(head, upgradeFields(this.key)));
  }

  protected bytes(buffer: Buffer, length: number): void {
    let start = 0;
    if (this.http !== null) {
      start = this.http.eat(buffer, 0, length);
      if (this.state !== 'open') {
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
  }

  head(): void {
    const { status, accept } = this.http!;
    if (status !== 101) this.fail(statusFailure(status));
    else if (accept !== acceptFor(this.key)) this.fail('protocol');
    else this.opening();
    this.key = '';
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

export const websocket: Scenario = {
  id: 'websocket',
  title: 'WebSocket',
  family: 'socket',
  description: 'One upgrade, then frames of two bytes and the payload, over the ws library on the server.',
  asks: false,
  waitsForInterval: false,
  resumes: false,
  createClient: (context: ClientContext, index: number) => new WebSocketClient(context, index),
};
