import { OP } from './client-frames.js';

const ROOM_BYTES = 1024 * 1024;
const CHARACTERS = ['a', '~', '\0', 'é', '€', '𝄞'].map((character) => Buffer.from(character));

/** What a client sends over the life of a connection, and what an echo server must answer. */
export interface Session {
  readonly sent: Buffer;
  /** Where each frame ends. */
  readonly ends: readonly number[];
  readonly answer: Buffer;
}

/** Bytes written one after another into memory that is used again. */
class Strip {
  readonly bytes: Buffer;
  length = 0;

  constructor(room: number) {
    this.bytes = Buffer.allocUnsafeSlow(room);
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }
  length16(value: number): void {
    this.length = this.bytes.writeUInt16BE(value, this.length);
  }
  copy(of: Buffer, start: number, end: number): void {
    this.length += of.copy(this.bytes, this.length, start, end);
  }
  /** The shortest form of a length; none here needs eight bytes. */
  head(first: number, masked: number, payloadBytes: number): void {
    this.byte(first);
    if (payloadBytes <= 125) this.byte(masked | payloadBytes);
    else {
      this.byte(masked | 126);
      this.length16(payloadBytes);
    }
  }
}

/**
 * Makes sessions of valid frames by lot: texts and binaries in up to many fragments, cut also within characters, control
 * frames between them. Everything follows from `random`. A session's bytes last until the next is made.
 */
export class SessionMaker {
  readonly #sent = new Strip(ROOM_BYTES);
  readonly #answer = new Strip(ROOM_BYTES);
  readonly #message = new Strip(4096);
  /** Apart, for control frames are made while a message is being cut. */
  readonly #control = new Strip(125);

  constructor(private readonly random: () => number) {}

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  /** @param frames at least so many */
  make(frames: number): Session {
    this.#sent.length = 0;
    this.#answer.length = 0;
    const ends: number[] = [];
    while (ends.length < frames) {
      if (this.below(3) === 0) this.#controlFrame(ends);
      else this.#messageFrames(ends);
    }
    return {
      sent: this.#sent.bytes.subarray(0, this.#sent.length),
      ends,
      answer: this.#answer.bytes.subarray(0, this.#answer.length),
    };
  }

  #controlFrame(ends: number[]): void {
    const opcode = this.below(3) === 0 ? OP.pong : OP.ping;
    const length = this.below(8) === 0 ? this.below(126) : this.below(6);
    const { bytes } = this.#control;
    for (let at = 0; at < length; at++) bytes[at] = this.below(256);
    this.#frame(0x80 | opcode, bytes, 0, length, ends);
    if (opcode === OP.pong) return;
    this.#answer.head(0x80 | OP.pong, 0, length);
    this.#answer.copy(bytes, 0, length);
  }

  #messageFrames(ends: number[]): void {
    const isText = this.below(2) === 0;
    const lot = this.below(200);
    const length = lot === 0 ? this.below(3000) : lot < 10 ? this.below(300) : this.below(12);
    const message = this.#message;
    message.length = 0;
    while (message.length < length) {
      const character = CHARACTERS[this.below(CHARACTERS.length)]!;
      if (isText) message.copy(character, 0, character.length);
      else message.byte(this.below(256));
    }
    const bytes = message.bytes.subarray(0, message.length);
    let opcode: number = isText ? OP.text : OP.binary;
    let start = 0;
    let left = this.below(3) === 0 ? this.below(5) : 0;
    for (; left > 0; left--) {
      const end = start + this.below(bytes.length - start + 1);
      this.#frame(opcode, bytes, start, end, ends);
      opcode = OP.continuation;
      start = end;
      if (this.below(4) === 0) this.#controlFrame(ends);
    }
    this.#frame(0x80 | opcode, bytes, start, bytes.length, ends);
    this.#answer.head(0x80 | (isText ? OP.text : OP.binary), 0, bytes.length);
    this.#answer.copy(bytes, 0, bytes.length);
  }

  #frame(first: number, payload: Buffer, start: number, end: number, ends: number[]): void {
    const sent = this.#sent;
    sent.head(first, 0x80, end - start);
    const mask = this.below(2 ** 32);
    const maskAt = sent.length;
    sent.length = sent.bytes.writeUInt32BE(mask, sent.length);
    const from = sent.length;
    sent.copy(payload, start, end);
    for (let at = from; at < sent.length; at++)
      sent.bytes[at] = sent.bytes[at]! ^ sent.bytes[maskAt + ((at - from) & 3)]!;
    ends.push(sent.length);
  }
}
