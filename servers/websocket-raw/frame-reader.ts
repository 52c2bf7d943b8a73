import { MAX_SAID_BYTES } from '../../protocol/payload.js';
import { OPCODE } from '../websocket-frame.js';
import { CLOSE, type CloseCode } from './close-codes.js';
import { Utf8Check } from './utf8.js';

/** Enough for a message of the largest size in pieces of a byte; empty pieces count too. */
export const MAX_FRAGMENTS = 64 * 1024;
const MAX_CONTROL_BYTES = 125;
const LEAST_ROOM = 256;

const FIRST_BYTE = 0;
const SECOND_BYTE = 1;
const LENGTH = 2;
const MASK = 3;
const PAYLOAD = 4;

/**
 * What a frame reader reports. Payloads are views of what was read and last as long as the call. `message` and `control`
 * say whether reading goes on.
 */
export interface FrameSink {
  /** Whether messages are to be put together; when not they are checked all the same and reported without payload. */
  readonly wantsMessages: boolean;
  message(opcode: number, payload: Buffer): boolean;
  /** A ping, pong or close frame. */
  control(opcode: number, payload: Buffer): boolean;
  /** The stream broke the protocol; nothing more is read. */
  violation(code: CloseCode, sentence: string): void;
}

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Reads the frames of a client (RFC 6455, section 5) from any split of the bytes: all three lengths, fragmented
 * messages, control frames between the fragments.
 *
 * It refuses as early as it can: reserved bits and opcodes, a missing mask, a length that is not the shortest form ("the
 * minimal number of bytes MUST be used", 5.2), fragments out of order, control frames that are long or fragmented,
 * messages that are too large when their header says so, text that is not UTF-8 at its first wrong byte.
 *
 * Memory is bounded by what has arrived, not by what a header announces: at most twice the bytes of the message so far.
 */
export class FrameReader {
  #state = FIRST_BYTE;
  #opcode = 0;
  #final = false;
  /** Bytes of an extended length: 2 or 8. */
  #lengthBytes = 0;
  /** Bytes of the length or the mask that are still to come. */
  #headerLeft = 0;
  /** Bytes of the payload that are still to come; while the length is read, the length so far. */
  #remaining = 0;
  readonly #mask = new Uint8Array(4);
  /** Which byte of the mask is next. */
  #phase = 0;

  /** Opcode of the message under way; 0 between messages. */
  #messageOpcode = 0;
  #messageBytes = 0;
  #fragments = 0;
  readonly #utf8 = new Utf8Check();
  #stored = NOTHING;
  #storedBytes = 0;

  #control = NOTHING;
  #controlBytes = 0;

  /** Nothing is half-read: what is known of the connection stands elsewhere. */
  get atRest(): boolean {
    return this.#state === FIRST_BYTE && this.#messageOpcode === 0;
  }

  /** Bytes of memory held for a message that is half-read. */
  get heldBytes(): number {
    return this.#stored.length;
  }

  /**
   * Eats a whole piece, which it changes: payloads are unmasked in place.
   *
   * @returns false when nothing more is to be read, because the sink said so or the protocol was broken; the reader is
   *   then spent
   */
  eat(piece: Buffer, sink: FrameSink): boolean {
    const end = piece.length;
    let at = 0;
    while (at < end) {
      switch (this.#state) {
        case FIRST_BYTE:
          if (!this.#firstByte(piece[at++]!, sink)) return false;
          break;
        case SECOND_BYTE:
          if (!this.#secondByte(piece[at++]!, sink)) return false;
          break;
        case LENGTH:
          if (!this.#lengthByte(piece[at++]!, sink)) return false;
          break;
        case MASK:
          this.#mask[4 - this.#headerLeft] = piece[at++]!;
          if (--this.#headerLeft > 0) break;
          this.#state = PAYLOAD;
          this.#phase = 0;
          if (this.#remaining === 0 && !this.#part(piece, at, at, sink)) return false;
          break;
        default: {
          const stop = Math.min(end, at + this.#remaining);
          if (!this.#part(piece, at, stop, sink)) return false;
          at = stop;
        }
      }
    }
    return true;
  }

  #firstByte(byte: number, sink: FrameSink): boolean {
    const opcode = byte & 0x0f;
    this.#opcode = opcode;
    this.#final = (byte & 0x80) !== 0;
    if ((byte & 0x70) !== 0) return broken(sink, 'a reserved bit is set');
    if (opcode > OPCODE.pong || (opcode > OPCODE.binary && opcode < OPCODE.close))
      return broken(sink, `opcode ${opcode} is reserved`);
    if (opcode >= OPCODE.close) {
      if (!this.#final) return broken(sink, 'a control frame is fragmented');
    } else if (opcode === OPCODE.continuation) {
      if (this.#messageOpcode === 0) return broken(sink, 'a continuation has no message to continue');
    } else if (this.#messageOpcode !== 0) {
      return broken(sink, 'a message begins inside another');
    }
    this.#state = SECOND_BYTE;
    return true;
  }

  #secondByte(byte: number, sink: FrameSink): boolean {
    if ((byte & 0x80) === 0) return broken(sink, 'a frame of a client is not masked');
    const length = byte & 0x7f;
    if (length <= MAX_CONTROL_BYTES) {
      this.#remaining = length;
      return this.#lengthKnown(sink);
    }
    if (this.#opcode >= OPCODE.close) return broken(sink, 'a control frame is longer than 125 bytes');
    this.#remaining = 0;
    this.#lengthBytes = length === 126 ? 2 : 8;
    this.#headerLeft = this.#lengthBytes;
    this.#state = LENGTH;
    return true;
  }

  #lengthByte(byte: number, sink: FrameSink): boolean {
    if (this.#headerLeft === 8 && byte > 0x7f) return broken(sink, 'the first bit of a length is set');
    this.#remaining = this.#remaining * 256 + byte;
    if (--this.#headerLeft > 0) return true;
    if (this.#remaining < (this.#lengthBytes === 2 ? 126 : 0x1_0000))
      return broken(sink, 'a length is not in its shortest form');
    return this.#lengthKnown(sink);
  }

  #lengthKnown(sink: FrameSink): boolean {
    this.#state = MASK;
    this.#headerLeft = 4;
    if (this.#opcode >= OPCODE.close) {
      this.#controlBytes = 0;
      return true;
    }
    this.#messageBytes += this.#remaining;
    if (this.#messageBytes > MAX_SAID_BYTES) {
      sink.violation(CLOSE.tooBig, `a message is larger than ${MAX_SAID_BYTES} bytes`);
      return false;
    }
    if (++this.#fragments > MAX_FRAGMENTS) {
      sink.violation(CLOSE.policy, `a message has more than ${MAX_FRAGMENTS} fragments`);
      return false;
    }
    if (this.#opcode !== OPCODE.continuation) this.#messageOpcode = this.#opcode;
    return true;
  }

  /** A part of a frame's payload, its end perhaps. */
  #part(piece: Buffer, start: number, stop: number, sink: FrameSink): boolean {
    this.#unmask(piece, start, stop);
    this.#remaining -= stop - start;
    const isEnd = this.#remaining === 0;
    if (isEnd) this.#state = FIRST_BYTE;
    if (this.#opcode >= OPCODE.close) {
      const whole = this.#controlPart(piece, start, stop, isEnd);
      return isEnd ? sink.control(this.#opcode, whole) : true;
    }
    if (this.#messageOpcode === OPCODE.text && !this.#utf8.eat(piece, start, stop)) return badText(sink);
    const isLast = isEnd && this.#final;
    if (!isLast) {
      if (sink.wantsMessages) this.#store(piece, start, stop);
      return true;
    }
    if (!this.#utf8.complete) return badText(sink);
    let payload = NOTHING;
    if (sink.wantsMessages) {
      // Most messages come in one piece, and are then not copied.
      if (this.#storedBytes === 0) payload = piece.subarray(start, stop);
      else {
        this.#store(piece, start, stop);
        payload = this.#stored.subarray(0, this.#storedBytes);
      }
    }
    const opcode = this.#messageOpcode;
    this.#messageOpcode = 0;
    this.#messageBytes = 0;
    this.#fragments = 0;
    this.#storedBytes = 0;
    this.#stored = NOTHING;
    return sink.message(opcode, payload);
  }

  #controlPart(piece: Buffer, start: number, stop: number, isEnd: boolean): Buffer {
    if (isEnd && this.#controlBytes === 0) return piece.subarray(start, stop);
    if (this.#control.length === 0) this.#control = Buffer.allocUnsafeSlow(MAX_CONTROL_BYTES);
    this.#controlBytes += piece.copy(this.#control, this.#controlBytes, start, stop);
    return this.#control.subarray(0, this.#controlBytes);
  }

  #unmask(piece: Buffer, start: number, stop: number): void {
    const mask = this.#mask;
    let phase = this.#phase;
    for (let at = start; at < stop; at++) {
      piece[at] = piece[at]! ^ mask[phase]!;
      phase = (phase + 1) & 3;
    }
    this.#phase = phase;
  }

  #store(piece: Buffer, start: number, stop: number): void {
    const length = this.#storedBytes + stop - start;
    if (length > this.#stored.length) {
      const larger = Buffer.allocUnsafeSlow(
        Math.min(MAX_SAID_BYTES, Math.max(LEAST_ROOM, length, 2 * this.#stored.length)),
      );
      this.#stored.copy(larger, 0, 0, this.#storedBytes);
      this.#stored = larger;
    }
    piece.copy(this.#stored, this.#storedBytes, start, stop);
    this.#storedBytes = length;
  }
}

function broken(sink: FrameSink, sentence: string): false {
  sink.violation(CLOSE.protocolError, sentence);
  return false;
}

function badText(sink: FrameSink): false {
  sink.violation(CLOSE.invalidText, 'a text is not UTF-8');
  return false;
}
