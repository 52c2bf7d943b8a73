import type { ClientContext, FailureKind, Scenario } from './contract.js';
import { DOWN, UP } from './ledger.js';
import { PACKET, type Packet } from './wire/engine-io-packets.js';
import type { Errand } from './wire/engine-io-posts.js';
import { EngineIoSocket, type SocketUser } from './wire/engine-io-socket.js';
import { SocketIoClient } from './wire/socket-io-client.js';

const PROBE = '2probe';
const UPGRADE = '5';
const PONG = '3';

/**
 * Begins by polling and moves to a WebSocket as soon as the server offers it, as socket.io's client does: it probes the
 * WebSocket beside the poll, lets the poll come to its end (the server ends it with a noop, up to 100 ms later), says
 * that it moves, and closes the connections it polled on. Where the WebSocket is refused it goes on polling.
 *
 * The probe waits until the namespace is joined, which the library's does not: on a fast link its handshake has a poll
 * more or less by chance, and ours has the same bytes each time.
 */
class UpgradingClient extends SocketIoClient implements SocketUser {
  private readonly webSocket: EngineIoSocket;
  private hasJoined = false;
  private hasProbed = false;
  /** The probe was answered: once the poll is answered, too, the session moves. */
  private isMoving = false;
  private hasMoved = false;

  constructor(context: ClientContext, index: number) {
    super(context, index);
    this.webSocket = new EngineIoSocket(context, this);
  }

  override get bytesRead(): number {
    return super.bytesRead + this.webSocket.line.bytesRead;
  }

  override get bytesWritten(): number {
    return super.bytesWritten + this.webSocket.line.bytesWritten;
  }

  protected override release(reset: boolean): void {
    super.release(reset);
    this.webSocket.release(reset);
  }

  protected override rewind(): void {
    super.rewind();
    this.webSocket.reset();
    this.hasJoined = false;
    this.hasProbed = false;
    this.isMoving = false;
    this.hasMoved = false;
  }

  protected override invited(): void {
    const { session } = this;
    this.webSocket.dial((key) => this.requests.upgrade(this.index, session, key));
  }

  protected joined(): void {
    this.hasJoined = true;
    if (this.webSocket.line.isDialled) this.probe();
    else this.ready();
  }

  socketOpened(): void {
    this.probe();
  }

  private probe(): void {
    if (!this.hasJoined || !this.webSocket.isUp || this.hasProbed) return;
    this.hasProbed = true;
    this.webSocket.send(UP.handshake, PROBE);
  }

  protected override speak(payload: Buffer): void {
    if (this.hasMoved) this.webSocket.say(this.packetOf(payload), payload.length);
    else super.speak(payload);
  }

  protected override polled(): void {
    if (this.isMoving) this.move();
    else super.polled();
  }

  override posted(errand: Errand, up: number, down: number): void {
    super.posted(errand, up, down);
    this.move();
  }

  private move(): void {
    if (!this.isMoving || this.isAsking || !this.isSilent) return;
    this.isMoving = false;
    this.hasMoved = true;
    this.webSocket.send(UP.handshake, UPGRADE);
    super.release(false);
    this.ready();
  }

  socketMessage(sequence: number, bytes: number): void {
    if (this.isAlive) this.context.events.delivered(this.index, sequence, bytes);
  }

  socketPacket(packet: Packet, bytes: number): void {
    if (!this.hasMoved) {
      this.ledger.move(DOWN.framing, DOWN.handshake, bytes);
      if (packet !== PACKET.probed || !this.hasProbed || this.isMoving) {
        this.stay('protocol');
        return;
      }
      this.isMoving = true;
      this.move();
      return;
    }
    switch (packet) {
      case PACKET.ping:
        this.ledger.move(DOWN.framing, DOWN.idle, bytes);
        this.heard();
        this.webSocket.send(UP.idle, PONG);
        break;
      case PACKET.noop:
        this.ledger.move(DOWN.framing, DOWN.idle, bytes);
        break;
      case PACKET.other:
        break;
      default:
        this.fail(packet === PACKET.close || packet === PACKET.disconnect ? 'closed' : 'protocol');
    }
  }

  socketLost(kind: FailureKind): void {
    if (this.hasMoved) this.fail(kind);
    else this.stay(kind);
  }

  /** Counts a failure and goes on polling. */
  private stay(kind: FailureKind): void {
    if (!this.isAlive) return;
    this.context.events.failed(this.index, kind);
    this.webSocket.release();
    const wasMoving = this.isMoving;
    this.isMoving = false;
    if (this.hasJoined) this.ready();
    if (wasMoving && !this.isAsking) this.ask();
  }

  protected override overdue(): void {
    if (this.hasJoined) this.stay('timeout');
    else super.overdue();
  }
}

export const socketioUpgrade: Scenario = {
  id: 'socketio-upgrade',
  title: 'Socket.IO, upgraded',
  family: 'socket',
  description:
    'A socket.io session that begins by polling and moves to a WebSocket, on which it then stays; without connection ' +
    'state recovery, so nothing is resumed.',
  asks: false,
  waitsForInterval: false,
  resumes: false,
  fallsBack: true,
  connections: 3,
  createClient: (context: ClientContext, index: number) => new UpgradingClient(context, index),
};
