import type { ClientContext, FailureKind } from '../contract.js';
import { DOWN, UP } from '../ledger.js';
import { Connection } from './connection.js';
import { readOpenPacket } from './engine-io-open.js';
import { PACKET, type Packet, PacketParser, type PacketSink } from './engine-io-packets.js';
import { EngineIoPosts, type Errand, type PostsUser } from './engine-io-posts.js';
import { type EngineIoRequests, engineIoRequests } from './engine-io-requests.js';
import { statusFailure } from './failures.js';
import { findByte } from './find-byte.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';
import { Line, type LineUser } from './line.js';

/** Stands between the packets of an answer. */
const SEPARATOR = 0x1e;

const JOIN = '40';
const PONG = '3';
/** What stands around a message that a client says. */
const SAID = '42["message","';
const SAID_END = '"]';

/**
 * A session of Socket.IO 5 over Engine.IO 4, by polling: one GET that the server holds until it has packets, and POSTs on
 * a connection of their own, because they go up while a GET is held. Two keep-alive connections, as a browser has.
 *
 * Everything asked before the transport is open is handshake, with its answers, save the messages in them. A session that
 * is lost is lost with what the server kept for it: the next one begins with what is published then.
 */
export abstract class SocketIoClient
  extends Connection
  implements LineUser, PostsUser, ResponseSink, PacketSink
{
  protected readonly polls: Line;
  protected readonly posts: EngineIoPosts;
  protected readonly requests: EngineIoRequests;
  private readonly http: HttpResponseParser;
  private readonly packets: PacketParser;

  protected session = '';
  private silenceMs = 0;
  private owesPong = false;
  /** What waits for a POST before it. */
  private unheard: Buffer[] = [];

  // The exchange under way:
  private requestBytes = 0;
  private isHandshake = true;
  /** It waits for its connection. */
  private owesPoll = false;
  private bodyBytes = 0;
  private messages = 0;
  /** Bytes of packets that are messages, and of those that only keep the session alive. */
  private messageBytes = 0;
  private controlBytes = 0;

  constructor(context: ClientContext, index: number) {
    super(context, index);
    this.polls = new Line(context, this);
    this.posts = new EngineIoPosts(context, this);
    this.requests = engineIoRequests(context);
    this.http = new HttpResponseParser(this, DOWN.header);
    this.packets = new PacketParser(this);
  }

  /** The server offers a WebSocket for the session. */
  protected invited(): void {}
  /** The namespace was joined: messages come from here on. */
  protected abstract joined(): void;
  /** A poll was answered, and the session stands. */
  protected polled(): void {
    this.ask();
  }

  protected get isAlive(): boolean {
    return this.state === 'opening' || this.state === 'open';
  }

  /** A GET is held by the server, or about to be. */
  protected get isAsking(): boolean {
    return this.requestBytes > 0 || this.owesPoll;
  }

  /** Nothing is on its way up. */
  protected get isSilent(): boolean {
    return !this.posts.busy && !this.owesPong;
  }

  override get bytesRead(): number {
    return this.polls.bytesRead + this.posts.line.bytesRead;
  }

  override get bytesWritten(): number {
    return this.polls.bytesWritten + this.posts.line.bytesWritten;
  }

  protected override dial(): void {
    this.startedMs = performance.now();
    this.rewind();
    this.polls.dial();
  }

  protected override release(reset: boolean): void {
    this.polls.release(reset);
    this.posts.line.release(reset);
  }

  protected rewind(): void {
    this.http.reset();
    this.packets.reset();
    this.posts.reset();
    this.session = '';
    this.owesPong = false;
    this.owesPoll = false;
    this.clearExchange();
  }

  private clearExchange(): void {
    this.requestBytes = 0;
    this.bodyBytes = 0;
    this.messages = 0;
    this.messageBytes = 0;
    this.controlBytes = 0;
  }

  protected begin(): void {
    this.ask();
  }

  /** Its lines read for themselves. */
  protected bytes(): void {}

  /** The transport is what it is going to be. */
  protected ready(): void {
    this.opening();
    this.heard();
    if (!this.posts.busy) this.sayNext();
  }

  /** The packet that a message goes up in, its bytes as latin1. */
  protected packetOf(payload: Buffer): string {
    // No content of ours has to be escaped in JSON.
    return `${SAID}${payload.toString(this.content === 'binary' ? 'base64' : 'latin1')}${SAID_END}`;
  }

  /** In a POST of the session, one at a time. */
  protected override speak(payload: Buffer): void {
    this.unheard.push(payload);
    if (!this.posts.busy) this.sayNext();
  }

  private sayNext(): void {
    const payload = this.unheard.shift();
    if (payload === undefined) return;
    const packet = this.packetOf(payload);
    const request = this.requests.post(this.index, this.session, packet);
    this.posts.post(request, 'header', payload.length, packet.length - payload.length);
  }

  /** The server is there: it has until its next ping. */
  protected heard(): void {
    if (this.state === 'open') this.context.wheel.schedule(this.index, performance.now() + this.silenceMs);
  }

  protected override due(): void {
    this.fail('timeout');
  }

  protected ask(): void {
    if (!this.polls.isOpen) {
      this.owesPoll = true;
      if (!this.polls.isDialled) this.polls.dial();
      return;
    }
    this.owesPoll = false;
    const request =
      this.session === ''
        ? this.requests.handshake(this.index)
        : this.requests.poll(this.index, this.session);
    this.requestBytes = request.length;
    this.isHandshake = this.state !== 'open';
    this.polls.write(this.isHandshake ? UP.handshake : UP.header, request);
  }

  /** Posts packets of the session; there must be no POST under way. */
  private post(packets: string, errand: Errand): void {
    this.posts.post(this.requests.post(this.index, this.session, packets), errand);
  }

  // A server that pings without end is owed one pong, not one for each.
  private pong(): void {
    this.owesPong = this.posts.busy;
    if (!this.owesPong) this.post(PONG, 'idle');
  }

  posted(errand: Errand, up: number, down: number): void {
    if (errand === 'idle' && this.state === 'open') this.context.events.answered(0, up, down);
    if (errand === 'header') this.context.events.posted();
    if (this.owesPong) this.pong();
    else if (this.state === 'open') this.sayNext();
  }

  postFailed(kind: FailureKind, retryAfterMs = 0): void {
    this.obeyRetryAfter(retryAfterMs);
    this.fail(kind);
  }

  lineOpened(_line: Line): void {
    if (this.state === 'connecting') this.opened();
    else if (this.owesPoll) this.ask();
  }

  lineRead(_line: Line, buffer: Buffer, length: number): number {
    return this.http.eat(buffer, 0, length);
  }

  lineLost(_line: Line, kind: FailureKind): void {
    if (this.http.close()) return;
    if (this.isAsking || this.state === 'connecting') this.fail(kind);
    else this.http.reset();
  }

  head(): void {
    if (!this.isAlive) return;
    const { status, headBytes, retryAfterMs } = this.http;
    if (this.requestBytes > 0 && status === 200) return;
    if (this.isHandshake) this.ledger.move(DOWN.header, DOWN.handshake, headBytes);
    this.obeyRetryAfter(retryAfterMs);
    // An answer that nobody asked for is one, too.
    this.fail(statusFailure(status));
  }

  body(buffer: Buffer, start: number, end: number): void {
    this.ledger.put(DOWN.framing, end - start);
    if (!this.isAlive) return;
    this.bodyBytes += end - start;
    let at = start;
    for (;;) {
      const mark = findByte(buffer, SEPARATOR, at, end);
      this.packets.eat(buffer, at, mark === -1 ? end : mark);
      if (mark === -1) return;
      this.packets.end();
      at = mark + 1;
    }
  }

  chunkEnd(framing: number): void {
    this.bodyBytes += framing;
  }

  end(): void {
    if (!this.isAlive || this.requestBytes === 0) return;
    this.packets.end();
    // The last packet may have ended the session.
    if (!this.isAlive) return;
    const { ledger, requestBytes, bodyBytes, messages } = this;
    const { headBytes, closes } = this.http;
    const others = bodyBytes - this.messageBytes;
    if (this.isHandshake) {
      ledger.move(DOWN.header, DOWN.handshake, headBytes);
      ledger.move(DOWN.framing, DOWN.handshake, others);
    } else {
      if (messages === 0) {
        ledger.move(UP.header, UP.idle, requestBytes);
        ledger.move(DOWN.header, DOWN.idle, headBytes);
      }
      ledger.move(DOWN.framing, DOWN.idle, messages === 0 ? others : this.controlBytes);
      this.context.events.answered(messages, requestBytes, headBytes + bodyBytes);
    }
    this.clearExchange();
    if (closes) this.polls.release();
    this.polled();
  }

  message(sequence: number, bytes: number): void {
    if (!this.isAlive) return;
    this.messages++;
    this.messageBytes += this.packets.packetBytes;
    this.context.events.delivered(this.index, sequence, bytes);
  }

  packet(packet: Packet, bytes: number): void {
    if (!this.isAlive) return;
    if ((packet === PACKET.open) !== (this.session === '')) {
      this.fail('protocol');
      return;
    }
    switch (packet) {
      case PACKET.open:
        this.welcome();
        break;
      case PACKET.connect:
        if (this.state === 'opening') this.joined();
        break;
      case PACKET.ping:
        this.controlBytes += bytes;
        this.heard();
        this.pong();
        break;
      case PACKET.noop:
        this.controlBytes += bytes;
        break;
      case PACKET.close:
      case PACKET.disconnect:
        this.fail('closed');
        break;
      case PACKET.refused:
        this.fail('protocol');
    }
  }

  private welcome(): void {
    const open = readOpenPacket(this.packets.openText);
    this.packets.openText = '';
    if (open === null) {
      this.fail('protocol');
      return;
    }
    this.session = open.session;
    this.silenceMs = open.silenceMs;
    this.post(JOIN, 'handshake');
    if (open.upgrades) this.invited();
  }

  fault(_message: string): void {
    this.fail('protocol');
  }
}
