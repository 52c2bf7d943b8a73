import type { Socket } from 'node:net';
import { isTurnedAway, TURNED_AWAY } from '../admission.js';
import type { Audience } from '../audience.js';
import type { ServerSettings } from '../contract.js';
import type { Deadlines } from '../deadlines.js';
import type { Feed } from '../feed.js';
import { QUEUE_IS_FULL, withHandler } from '../handlers.js';
import { noteRequest } from '../loop-activity.js';
import { INVALID_TOPIC, logOf, queryOf } from '../topic.js';
import { encodeFrame, OPCODE } from '../websocket-frame.js';
import { closeFault, encodeClose, encodeCloseEcho } from './close-codes.js';
import { FrameReader, type FrameSink } from './frame-reader.js';
import { HeadCollector } from './head-collector.js';
import type { Outbox } from './outbox.js';
import { parseRequestHead } from './request-head.js';
import { answerUpgrade, HEAD_TOO_LARGE, refusal } from './upgrade.js';

/**
 * What a server does with a whole message of a client.
 *
 * @param payload a view of what was read, which lasts as long as the call: copy what is to be kept
 */
export type MessageHandler = (visitor: Visitor, opcode: number, payload: Buffer) => void;

/** What the visitors of a server share. */
export interface Hall {
  readonly path: string;
  readonly feed: Feed;
  readonly settings: Pick<ServerSettings, 'handlers'>;
  readonly audience: Audience<Visitor>;
  /** Those whose request is not complete yet. */
  readonly arriving: Deadlines<Visitor>;
  /** Those whose upgrade waits for a handler. */
  readonly waiting: Set<Visitor>;
  /** Those who were told goodbye and whose connection is not closed yet. */
  readonly leaving: Deadlines<Visitor>;
  readonly outbox: Outbox;
  /** Null: messages are checked and passed over. */
  readonly onMessage: MessageHandler | null;
}

const ARRIVING = 0;
const WAITING = 1;
const OPEN = 2;
const LEAVING = 3;

/** A reader that nobody is using. A connection needs one only while it is in the middle of something, which is seldom. */
let spare: FrameReader | null = null;

/**
 * One connection: its opening handshake, its frames, its goodbye.
 *
 * It holds a handful of fields and nothing else: no parser, buffer, timer or closure of its own while it listens.
 */
export class Visitor implements FrameSink {
  readonly socket: Socket;
  /** What it listens to, and speaks in when somebody publishes what clients say. */
  log: Feed;
  readonly #hall: Hall;
  #state = ARRIVING;
  /** Since the last ping. */
  awaitsPong = false;
  #isPaused = false;
  #isReading = false;
  /** Only until the request is whole. */
  #collector: HeadCollector | null = new HeadCollector();
  /** Only while a frame or a message is half-read. */
  #reader: FrameReader | null = null;

  constructor(socket: Socket, hall: Hall) {
    this.socket = socket;
    this.log = hall.feed;
    this.#hall = hall;
    hall.arriving.add(this);
  }

  get wantsMessages(): boolean {
    return this.#hall.onMessage !== null;
  }

  /** Bytes of memory held for what is half-read. */
  get heldBytes(): number {
    return this.#reader?.heldBytes ?? 0;
  }

  /** Bytes arrived. They are changed: frames are unmasked in place. */
  read(piece: Buffer): void {
    if (this.#state === OPEN) this.#readFrames(piece);
    else if (this.#state === ARRIVING) this.#readHead(piece);
    // "The client MUST wait for a response from the server before sending any further data" (RFC 6455, 4.1).
    else if (this.#state === WAITING) this.#leave(refusal(400, 'A client waits for the answer.').text);
    // Whoever was told goodbye may go on talking until the connection is closed; nobody listens.
  }

  /**
   * Sends a frame. Within a message handler it leaves with the other replies to the same read; at other times at once.
   * After the goodbye it does nothing.
   */
  send(opcode: number, payload: Buffer): void {
    if (this.#state !== OPEN || !this.socket.writable) return;
    if (this.#isReading) {
      this.#hall.outbox.put(this.socket, opcode, payload);
    } else {
      this.socket.write(encodeFrame(opcode, payload));
      this.#waitForReader();
    }
  }

  /** The connection is closed. */
  gone(): void {
    const { arriving, waiting, leaving, audience } = this.#hall;
    arriving.delete(this);
    waiting.delete(this);
    leaving.delete(this);
    audience.remove(this.socket);
    this.#state = LEAVING;
    this.#collector = null;
    this.#reader = null;
  }

  /** It took too long to say what it wants, or to go: nothing more is said or heard. */
  drop(): void {
    this.socket.destroy();
  }

  /** The queue of a client that did not read has drained. */
  drained(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.socket.resume();
  }

  message(opcode: number, payload: Buffer): boolean {
    this.#hall.onMessage?.(this, opcode, payload);
    return this.#state === OPEN;
  }

  control(opcode: number, payload: Buffer): boolean {
    if (opcode === OPCODE.ping) {
      this.#hall.outbox.put(this.socket, OPCODE.pong, payload);
      return true;
    }
    if (opcode === OPCODE.pong) {
      this.awaitsPong = false;
      return true;
    }
    const fault = closeFault(payload);
    this.#leave(fault === null ? encodeCloseEcho(payload) : encodeClose(...fault));
    return false;
  }

  violation(code: number, sentence: string): void {
    this.#leave(encodeClose(code, sentence));
  }

  #readHead(piece: Buffer): void {
    const collector = this.#collector!;
    const eaten = collector.eat(piece);
    const isWhole = eaten !== -1;
    if (!isWhole && !collector.isFull) return;
    this.#collector = null;
    this.#hall.arriving.delete(this);
    noteRequest();
    if (isTurnedAway(this.socket)) {
      this.#leave(TURNED_AWAY);
      return;
    }
    const { path, feed, settings, waiting } = this.#hall;
    const head = isWhole ? parseRequestHead(collector.text) : null;
    const { accepted, text } = isWhole ? answerUpgrade(head, path) : HEAD_TOO_LARGE;
    if (!accepted) {
      this.#leave(text);
      return;
    }
    const log = logOf(feed, queryOf(head!.target));
    if (log === undefined) {
      this.#leave(refusal(400, INVALID_TOPIC).text);
      return;
    }
    this.log = log;
    this.#state = WAITING;
    waiting.add(this);
    const isTaken = withHandler(settings, this.socket, () => this.#open(text, piece.subarray(eaten)));
    if (!isTaken) this.#leave(refusal(503, QUEUE_IS_FULL, ['Retry-After: 1']).text);
  }

  /** @param early what came together with the request */
  #open(answer: string, early: Buffer): void {
    if (this.#state !== WAITING) return;
    const { waiting, audience } = this.#hall;
    waiting.delete(this);
    this.#state = OPEN;
    this.socket.write(answer, 'latin1');
    audience.add(this.socket, this, this.log.number);
    if (early.length > 0) this.#readFrames(early);
  }

  #readFrames(piece: Buffer): void {
    const reader = this.#reader ?? spare ?? new FrameReader();
    if (reader === spare) spare = null;
    this.#isReading = true;
    const goesOn = reader.eat(piece, this);
    this.#isReading = false;
    if (!goesOn || this.#state !== OPEN) {
      this.#reader = null;
      return;
    }
    if (reader.atRest) {
      this.#reader = null;
      spare = reader;
    } else {
      this.#reader = reader;
    }
    if (this.#hall.outbox.flush(this.socket)) this.#waitForReader();
  }

  /** Who is sent replies and does not read them is not heard until it has: its replies cannot pile up. */
  #waitForReader(): void {
    if (this.#isPaused || !this.socket.writableNeedDrain) return;
    this.#isPaused = true;
    this.socket.pause();
    this.socket.once('drain', onDrain);
  }

  /** The last words: an error answer, or a close frame, after which nothing may follow. */
  #leave(words: string | Buffer): void {
    const { waiting, audience, leaving, outbox } = this.#hall;
    this.#state = LEAVING;
    waiting.delete(this);
    audience.remove(this.socket);
    outbox.flush(this.socket);
    this.socket.end(words);
    leaving.add(this);
    // The other side's end of the connection is heard only while somebody reads.
    if (this.#isPaused) this.drained();
  }
}

/** A socket that knows whose it is, so that its listeners can be the same functions for all. */
export interface VisitorSocket extends Socket {
  visitor: Visitor;
}

function onDrain(this: Socket): void {
  (this as VisitorSocket).visitor.drained();
}
