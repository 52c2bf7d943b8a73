import { MARKER_BYTES } from '../../protocol/payload.js';

const EQUALS = 61;
/** Ten bytes are thirteen characters of base64 and a third; the fourteenth holds the rest. */
const MARKER_CHARACTERS = Math.ceil((MARKER_BYTES * 4) / 3);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Six bits by character (RFC 4648, section 4); -1 for what is none. */
const SIX_BITS = new Int8Array(256).fill(-1);
for (let bits = 0; bits < 64; bits++) SIX_BITS[ALPHABET.charCodeAt(bits)] = bits;

/**
 * Reads a message's payload off the wire, for any split of the bytes: its sequence number, and how many useful bytes it
 * has. Every body parser feeds one with the spans that lie between the marks of its format; nothing is kept of them.
 *
 * On transports that have only text a binary payload comes as base64: the digits are then those of its first ten
 * decoded bytes, and its length follows from the number of characters and their padding.
 */
export class PayloadReader {
  /** Bytes eaten of this message, as they are on the wire. */
  length = 0;
  private number = 0;
  /** Bits of base64 that are not yet a byte, and how many. */
  private bits = 0;
  private held = 0;
  private padding = 0;

  constructor(private readonly base64: boolean) {}

  /** Forgets what was read: a new message begins. */
  clear(): void {
    this.length = 0;
    this.number = 0;
    if (!this.base64) return;
    this.bits = 0;
    this.held = 0;
    this.padding = 0;
  }

  eat(buffer: Uint8Array, start: number, end: number): void {
    if (this.base64) {
      this.eatBase64(buffer, start, end);
      return;
    }
    const digits = Math.min(end, start + MARKER_BYTES - this.length);
    if (start < digits) {
      let number = this.number;
      for (let at = start; at < digits; at++) number = append(number, buffer[at]!);
      this.number = number;
    }
    this.length += end - start;
  }

  private eatBase64(buffer: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    const stop = Math.min(end, start + MARKER_CHARACTERS - this.length);
    for (let at = start; at < stop; at++) {
      const six = SIX_BITS[buffer[at]!]!;
      if (six < 0) this.number = -1;
      this.bits = ((this.bits << 6) | (six & 63)) & 0xfff;
      this.held += 6;
      if (this.held < 8) continue;
      this.held -= 8;
      this.number = append(this.number, (this.bits >> this.held) & 255);
    }
    // Of the last two characters either, both or none are padding; they may come in different reads.
    if (buffer[end - 1] !== EQUALS) this.padding = 0;
    else if (end - start === 1) this.padding = Math.min(this.padding + 1, 2);
    else this.padding = buffer[end - 2] === EQUALS ? 2 : 1;
    this.length += end - start;
  }

  /** Useful bytes of the message: those of the payload as it was published. */
  get bytes(): number {
    return this.isBase64 ? (this.length / 4) * 3 - this.padding : this.length;
  }

  /** The message's number; -1 when its first ten bytes are not ten digits, or the whole is not the base64 it should be. */
  get sequence(): number {
    if (this.base64 && !this.isBase64) return -1;
    return this.bytes < MARKER_BYTES ? -1 : this.number;
  }

  private get isBase64(): boolean {
    return this.base64 && this.length % 4 === 0;
  }
}

/** One more digit of a number; -1 from the first byte that is none. */
function append(number: number, byte: number): number {
  const digit = byte - 48;
  return digit < 0 || digit > 9 || number < 0 ? -1 : number * 10 + digit;
}
