import type { Content } from '../../protocol/payload.js';
import type { ClientContext, FailureKind } from '../contract.js';
import { DOWN, type Ledger, UP } from '../ledger.js';
import { encodeClientMessage } from './client-frame.js';
import { type Packet, PacketParser, type PacketSink } from './engine-io-packets.js';
import { statusFailure } from './failures.js';
import { encodeClientControl, type FrameBody, FrameParser, type FrameSink, OPCODE } from './frames.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';
import { Line, type LineUser } from './line.js';
import { acceptFor, upgradeKey } from './request.js';

/** Whose session goes over a WebSocket. */
export interface SocketUser {
  /** The server accepted the upgrade. */
  socketOpened(): void;
  socketMessage(sequence: number, bytes: number): void;
  /** Any other packet. @param bytes of its frame, which the ledger has as framing */
  socketPacket(packet: Packet, bytes: number): void;
  /** The WebSocket was refused, closed or broken; its connection is given up. */
  socketLost(kind: FailureKind): void;
}

/** A WebSocket with a packet of Engine.IO in each message (the protocol's "websocket" transport). */
export class EngineIoSocket implements LineUser, ResponseSink, FrameSink, FrameBody, PacketSink {
  readonly line: Line;
  readonly ledger: Ledger;
  private readonly frames: FrameParser;
  private readonly packets: PacketParser;
  /** Only until the upgrade is answered. */
  private http: HttpResponseParser | null = null;
  private request: (key: string) => string = String;
  private key = '';
  /** Header bytes of the frames of the packet that is being reported. */
  private headers = 0;
  /** The upgrade was accepted, and the WebSocket stands. */
  isUp = false;

  constructor(
    private readonly context: ClientContext,
    private readonly user: SocketUser,
  ) {
    this.ledger = context.ledger;
    this.line = new Line(context, this);
    this.frames = new FrameParser(this, undefined, this);
    this.packets = new PacketParser(this);
  }

  get content(): Content {
    return this.context.content ?? 'text';
  }

  /** Connects and asks for the upgrade. @param request makes it for a key */
  dial(request: (key: string) => string): void {
    this.request = request;
    this.line.dial();
  }

  /** Sends a packet of up to 125 bytes. @param packet latin1 */
  send(place: number, packet: string): void {
    this.frame(place, OPCODE.text, Buffer.from(packet, 'latin1'));
  }

  /** Sends a packet with a message in it. @param packet latin1 @param payload bytes of the message */
  say(packet: string, payload: number): void {
    const mask = Math.floor(this.context.random() * 2 ** 32);
    const frame = encodeClientMessage(OPCODE.text, Buffer.from(packet, 'latin1'), mask);
    this.line.write(UP.framing, frame, payload);
  }

  private frame(place: number, opcode: number, payload: Buffer): void {
    const mask = Math.floor(this.context.random() * 2 ** 32);
    this.line.write(place, encodeClientControl(opcode, payload, mask));
  }

  /** Gives the connection up, without telling. */
  release(reset = false): void {
    this.isUp = false;
    this.line.release(reset);
  }

  /** Forgets what was half-read: another connection may follow. */
  reset(): void {
    this.isUp = false;
    this.http = null;
    this.frames.reset();
    this.packets.reset();
  }

  lineOpened(): void {
    this.key = upgradeKey(this.context.random);
    this.http = new HttpResponseParser(this, DOWN.handshake);
    this.line.write(UP.handshake, this.request(this.key));
    this.request = String;
  }

  lineRead(_line: Line, buffer: Buffer, length: number): number {
    let start = 0;
    if (this.http !== null) {
      start = this.http.eat(buffer, 0, length);
      if (!this.isUp) return start;
      this.http = null;
    }
    if (start < length) this.frames.eat(buffer, start, length);
    return length;
  }

  lineLost(_line: Line, kind: FailureKind): void {
    this.isUp = false;
    this.user.socketLost(kind);
  }

  private lose(kind: FailureKind): void {
    // What is left of a read may be as wrong as what came before it: a connection is lost once.
    if (!this.line.isDialled) return;
    this.release();
    this.user.socketLost(kind);
  }

  head(): void {
    const { status, accept } = this.http!;
    if (!this.line.isDialled) return;
    if (status !== 101) this.lose(statusFailure(status));
    else if (accept !== acceptFor(this.key)) this.lose('protocol');
    else {
      this.isUp = true;
      this.user.socketOpened();
    }
  }

  /** A refusal's body; nobody reads it. */
  body(_buffer: Buffer, start: number, end: number): void {
    this.ledger.put(DOWN.handshake, end - start);
  }
  chunkEnd(): void {}
  end(): void {}

  part(buffer: Buffer, start: number, end: number): void {
    this.packets.eat(buffer, start, end);
  }

  whole(headers: number): void {
    this.headers = headers;
    this.packets.end();
  }

  message(sequence: number, bytes: number): void {
    if (this.isUp) this.user.socketMessage(sequence, bytes);
  }

  packet(packet: Packet, bytes: number): void {
    if (this.isUp) this.user.socketPacket(packet, bytes + this.headers);
  }

  control(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.pong || !this.isUp) return;
    this.frame(UP.idle, opcode === OPCODE.ping ? OPCODE.pong : OPCODE.close, payload);
    if (opcode === OPCODE.close) this.lose('closed');
  }

  fault(_message: string): void {
    this.lose('protocol');
  }
}
