import type { ClientContext } from '../contract.js';
import { DOWN, UP } from '../ledger.js';
import { encodeClientMessage } from '../wire/client-frame.js';
import { type FrameBody, FrameParser, OPCODE } from '../wire/frames.js';
import { WebSocketClient } from '../wire/websocket-client.js';
import type { ForeignSpec } from './contract.js';
import { type ForeignRequests, ofClient, subprotocolsOf } from './foreign-requests.js';
import { MessageReader } from './message-reader.js';
import { Replies } from './replies.js';

/** A WebSocket to a server that is not ours: says hello, answers word for word, and looks through the rest. */
export class ForeignWebSocketClient extends WebSocketClient implements FrameBody {
  protected readonly reader: MessageReader;
  private readonly replies: Replies | null;
  /** Bytes of the message under way, without the headers of its frames. */
  private length = 0;

  constructor(
    protected readonly spec: ForeignSpec,
    private readonly requests: ForeignRequests,
    context: ClientContext,
    index: number,
  ) {
    super(context, index);
    this.reader = new MessageReader(spec, context, index, this);
    this.replies = Object.keys(spec.replies).length === 0 ? null : new Replies(spec.replies);
  }

  protected override makeFrames(): FrameParser {
    return new FrameParser(this, undefined, this);
  }

  protected override requestHead(): string {
    return this.requests.for(this.index);
  }

  protected override get subprotocols(): readonly string[] {
    const own = subprotocolsOf(this.spec);
    return own.length === 0 ? super.subprotocols : own;
  }

  protected override rewind(): void {
    super.rewind();
    this.clear();
  }

  /** Forgets the message under way. */
  protected clear(): void {
    this.length = 0;
    this.reader.reset();
    this.replies?.clear();
  }

  protected override upgraded(): void {
    super.upgraded();
    this.sayHello(this.spec.hello);
  }

  protected sayHello(hello: readonly string[]): void {
    for (const text of hello) this.sayText(UP.handshake, ofClient(text, this.context, this.index));
  }

  protected sayText(place: number, text: string): void {
    const mask = Math.floor(this.context.random() * 2 ** 32);
    this.write(place, encodeClientMessage(OPCODE.text, Buffer.from(text, 'utf8'), mask));
  }

  part(buffer: Buffer, start: number, end: number): void {
    this.length += end - start;
    this.replies?.add(buffer, start, end);
    this.text(buffer, start, end);
  }

  whole(headers: number): void {
    const bytes = headers + this.length;
    const reply = this.replies?.find();
    // What follows a close frame in the same read is not a message (RFC 6455, section 5.5.1).
    if (this.isAlive) {
      if (reply === undefined) this.heard(bytes);
      else {
        this.ledger.move(DOWN.framing, DOWN.idle, bytes);
        this.sayText(UP.idle, ofClient(reply, this.context, this.index));
      }
    }
    this.clear();
  }

  private get isAlive(): boolean {
    return this.state === 'open' || this.state === 'opening';
  }

  /** A span of a message. */
  protected text(buffer: Buffer, start: number, end: number): void {
    this.reader.part(buffer, start, end);
  }

  /** The message is complete, and not answered word for word. @param bytes all of it, which the ledger has as framing */
  protected heard(bytes: number): void {
    this.reader.whole(bytes);
  }
}
