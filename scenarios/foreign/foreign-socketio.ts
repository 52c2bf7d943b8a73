import { DOWN, UP } from '../ledger.js';
import { readOpenPacket } from '../wire/engine-io-open.js';
import { OPCODE } from '../wire/frames.js';
import { ofClient } from './foreign-requests.js';
import { ForeignWebSocketClient } from './foreign-websocket.js';

const JOIN = '40';
const PONG = '3';
/** Packets that hold what the application says: events and acknowledgements, with binary attachments and without. */
const MESSAGES: ReadonlySet<string> = new Set(['42', '43', '45', '46']);
/** The text of any other packet may not be longer than this; socket.io's open packet has 118 bytes. */
const MAX_PACKET_BYTES = 1024;
const BRACKET = 91;

/**
 * A session of Socket.IO over Engine.IO 4, on a WebSocket from the start. It is connected once the namespace is joined;
 * pings are answered, and a server that sends none for too long is gone.
 *
 * What is looked through of a message begins with its first bracket: the list of the event's name and its arguments. An
 * attachment is a message of its own.
 */
export class ForeignSocketIoClient extends ForeignWebSocketClient {
  /** The packet under way as far as it is read here; an application's only up to its bracket. */
  private packet = '';
  private isTooLong = false;
  private isMessage = false;
  private hasBegun = false;
  private silenceMs = 0;

  protected override upgraded(): void {}

  protected override rewind(): void {
    super.rewind();
    this.silenceMs = 0;
  }

  protected override clear(): void {
    super.clear();
    this.packet = '';
    this.isTooLong = false;
    this.isMessage = false;
    this.hasBegun = false;
  }

  protected override text(buffer: Buffer, start: number, end: number): void {
    if (this.frames.messageOpcode === OPCODE.binary) {
      this.isMessage = true;
      this.reader.part(buffer, start, end);
      return;
    }
    let at = start;
    while (at < end && !this.hasBegun && !this.isTooLong) {
      const byte = buffer[at]!;
      if (this.packet.length === 2 && MESSAGES.has(this.packet)) this.isMessage = true;
      if (this.isMessage && byte === BRACKET) this.hasBegun = true;
      else {
        if (this.packet.length === MAX_PACKET_BYTES) this.isTooLong = true;
        this.packet += String.fromCharCode(byte);
        at++;
      }
    }
    if (this.hasBegun) this.reader.part(buffer, at, end);
  }

  protected override heard(bytes: number): void {
    if (this.isMessage) {
      // Before the namespace is joined nothing is said in it.
      if (this.state === 'open') super.heard(bytes);
      else this.ledger.move(DOWN.framing, DOWN.handshake, bytes);
      return;
    }
    this.engine(this.packet, bytes);
  }

  /** A packet that is not the application's. */
  private engine(packet: string, bytes: number): void {
    const isOpening = this.state === 'opening';
    this.ledger.move(DOWN.framing, isOpening ? DOWN.handshake : DOWN.idle, bytes);
    if (this.isTooLong) this.fail('protocol');
    else if (packet.startsWith('0')) this.welcome(packet.slice(1));
    else if (packet.startsWith(JOIN)) this.joined();
    else if (packet.startsWith('2')) this.ping(packet.slice(1));
    else if (packet === '1' || packet.startsWith('41')) this.fail('closed');
    // An answer to a ping of ours, which are none, and the packet that says nothing.
    else if (!packet.startsWith('3') && packet !== '6') this.fail('protocol');
  }

  private welcome(text: string): void {
    const open = this.silenceMs === 0 ? readOpenPacket(text) : null;
    if (open === null) {
      this.fail('protocol');
      return;
    }
    this.silenceMs = open.silenceMs;
    this.sayText(
      UP.handshake,
      this.joinsByItself ? ofClient(this.spec.hello[0]!, this.context, this.index) : JOIN,
    );
  }

  private joined(): void {
    if (this.silenceMs === 0) this.fail('protocol');
    if (this.state !== 'opening') return;
    this.opening();
    this.listen();
    this.sayHello(this.joinsByItself ? this.spec.hello.slice(1) : this.spec.hello);
  }

  /** The first hello joins a namespace: with what a server wants to know of its clients, or another than the default one. */
  private get joinsByItself(): boolean {
    return this.spec.hello[0]?.startsWith(JOIN) === true;
  }

  private ping(text: string): void {
    this.sayText(UP.idle, PONG + text);
    this.listen();
  }

  /** The server is there: it has until its next ping. */
  private listen(): void {
    if (this.state === 'open') this.context.wheel.schedule(this.index, performance.now() + this.silenceMs);
  }

  protected override due(): void {
    this.fail('timeout');
  }
}
