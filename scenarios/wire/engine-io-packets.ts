import { DOWN, OF_WHICH } from '../ledger.js';
import { findByte } from './find-byte.js';
import type { MessageSink } from './message-sink.js';
import { PayloadReader } from './payload-reader.js';

/** What a whole packet is, of those a client has to know: Engine.IO's types, and Socket.IO's inside its messages. */
export const PACKET = {
  open: 0,
  close: 1,
  ping: 2,
  /** `3probe`: the answer to a probe over a WebSocket. */
  probed: 3,
  noop: 4,
  /** The default namespace was joined. */
  connect: 5,
  /** The server ended the namespace. */
  disconnect: 6,
  /** The server refused the namespace. */
  refused: 7,
  /** Something that a client of ours takes no notice of, such as an event with another name. */
  other: 8,
} as const;
export type Packet = (typeof PACKET)[keyof typeof PACKET];

/** What the packet parser reports besides messages. */
export interface PacketSink extends MessageSink {
  /** A whole packet that is no message of ours. @param bytes its length, which the ledger has as framing */
  packet(packet: Packet, bytes: number): void;
}

/** What stands around a message of ours, after the two digits of its types. */
const EVENT_START = '["message","';
const RIGHT_BRACKET = 93;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const LETTER_U = 117;

const PROBE = 'probe';
/** The text of an open packet may not be longer than this; socket.io's has 118 bytes. */
const MAX_OPEN_BYTES = 1024;

const TYPE = 0;
const MESSAGE_TYPE = 1;
const EVENT = 2;
const STRING = 3;
const ESCAPE = 4;
const HEXADECIMAL = 5;
const AFTER_STRING = 6;
const OPEN_TEXT = 7;
const WORD = 8;
const SKIP = 9;
const BROKEN = 10;

/** Stands for a character that was escaped. Parsers are fed one after another, so all share it. */
const plain = Buffer.alloc(4);

const CHARACTERS: Readonly<Record<number, number>> = { 98: 8, 102: 12, 110: 10, 114: 13, 116: 9 };

/**
 * An incremental parser of Engine.IO 4 packets with Socket.IO 5 packets in them, as a server sends them in text: for any
 * split of the bytes, and whatever tells where a packet ends (a separator, a body's end, a frame).
 *
 * A message of ours is the event `42["message","..."]`; what stands between the quotes is its payload, escapes of JSON
 * undone. Events of other names are passed over. What it eats must be in the ledger as framing: it moves the payload, and
 * everything else is the owner's to move.
 */
export class PacketParser {
  private state = TYPE;
  private kind: Packet = PACKET.other;
  /** Bytes of the packet so far. */
  private length = 0;
  private matched = 0;
  private code = 0;
  private lastByte = 0;
  private readonly payload: PayloadReader;

  /** The text behind the type digit of the last open packet. */
  openText = '';
  /** Bytes of the packet that is being reported. */
  packetBytes = 0;

  constructor(private readonly sink: PacketSink) {
    this.payload = new PayloadReader(sink.content === 'binary');
  }

  /** Forgets a half-read packet. */
  reset(): void {
    this.start();
    this.openText = '';
  }

  private start(): void {
    this.state = TYPE;
    this.length = 0;
    this.matched = 0;
    this.payload.clear();
  }

  /** A span of a packet. After a fault nothing more is read until the next reset. */
  eat(buffer: Buffer, start: number, end: number): void {
    this.length += end - start;
    let at = start;
    while (at < end) {
      switch (this.state) {
        case STRING:
          at = this.string(buffer, at, end);
          break;
        case OPEN_TEXT:
          if (this.openText.length + end - at > MAX_OPEN_BYTES) {
            this.refuse(`an open packet is longer than ${MAX_OPEN_BYTES} bytes`);
            return;
          }
          this.openText += buffer.toString('latin1', at, end);
          return;
        case AFTER_STRING:
          this.lastByte = buffer[end - 1]!;
          // Further arguments are none of ours.
          if (this.matched++ === 0 && buffer[at] !== RIGHT_BRACKET && buffer[at] !== COMMA)
            this.refuse('a message does not end behind its string');
          return;
        case SKIP:
        case BROKEN:
          return;
        default:
          this.byte(buffer[at++]!);
      }
    }
  }

  private byte(byte: number): void {
    switch (this.state) {
      case TYPE:
        this.type(byte);
        break;
      case MESSAGE_TYPE:
        this.messageType(byte);
        break;
      case EVENT:
        if (byte !== EVENT_START.charCodeAt(this.matched)) this.skip(PACKET.other);
        else if (++this.matched === EVENT_START.length) this.state = STRING;
        break;
      case WORD:
        this.kind = byte === PROBE.charCodeAt(this.matched++) ? this.kind : PACKET.other;
        break;
      case ESCAPE:
        this.escaped(byte);
        break;
      default:
        this.hexadecimal(byte);
    }
  }

  private type(byte: number): void {
    switch (byte - 48) {
      case 0:
        this.kind = PACKET.open;
        this.state = OPEN_TEXT;
        this.openText = '';
        break;
      case 1:
        this.skip(PACKET.close);
        break;
      case 2:
        this.skip(PACKET.ping);
        break;
      case 3:
        this.kind = PACKET.probed;
        this.state = WORD;
        break;
      case 4:
        this.state = MESSAGE_TYPE;
        break;
      case 5:
        this.skip(PACKET.other);
        break;
      case 6:
        this.skip(PACKET.noop);
        break;
      default:
        // Base64 of a binary attachment, which only a message that announces it has.
        this.refuse('a packet has no type of Engine.IO');
    }
  }

  private messageType(byte: number): void {
    switch (byte - 48) {
      case 0:
        this.skip(PACKET.connect);
        break;
      case 1:
        this.skip(PACKET.disconnect);
        break;
      case 2:
        this.state = EVENT;
        break;
      case 3:
        this.skip(PACKET.other);
        break;
      case 4:
        this.skip(PACKET.refused);
        break;
      default:
        this.refuse('a message has no type of Socket.IO, or announces binary attachments');
    }
  }

  private skip(kind: Packet): void {
    this.kind = kind;
    this.state = SKIP;
  }

  /** @returns where the string ends or something is escaped, behind the byte that says so */
  private string(buffer: Buffer, start: number, end: number): number {
    // In this order, so that neither search looks at the same bytes again and again.
    const slash = findByte(buffer, BACKSLASH, start, end);
    const near = slash === -1 ? end : slash;
    const quote = findByte(buffer, QUOTE, start, near);
    const stop = quote === -1 ? near : quote;
    this.payload.eat(buffer, start, stop);
    if (stop === end) return end;
    this.state = quote === -1 ? ESCAPE : AFTER_STRING;
    this.matched = 0;
    return stop + 1;
  }

  private escaped(byte: number): void {
    if (byte === LETTER_U) {
      this.state = HEXADECIMAL;
      this.matched = 0;
      this.code = 0;
      return;
    }
    plain[0] = CHARACTERS[byte] ?? byte;
    this.payload.eat(plain, 0, 1);
    this.state = STRING;
  }

  /** Four digits name a code unit of UTF-16; of its bytes in UTF-8 only the number matters beyond ASCII. */
  private hexadecimal(byte: number): void {
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (Number.isNaN(digit)) {
      this.refuse('an escape of a message is not hexadecimal');
      return;
    }
    this.code = this.code * 16 + digit;
    if (++this.matched < 4) return;
    const { code } = this;
    // A pair of surrogates is one character of four bytes.
    const isSurrogate = code >= 0xd800 && code < 0xe000;
    plain[0] = code < 0x80 ? code : 0x80;
    this.payload.eat(plain, 0, code < 0x80 ? 1 : code < 0x800 || isSurrogate ? 2 : 3);
    this.state = STRING;
  }

  /** The packet is complete: reports it, a message contained. */
  end(): void {
    const { state, length } = this;
    this.packetBytes = length;
    switch (state) {
      case BROKEN:
        return;
      case AFTER_STRING:
        if (this.matched === 0 || this.lastByte !== RIGHT_BRACKET) this.refuse('a message ends too soon');
        else this.message();
        return;
      case WORD: {
        const isProbe = this.matched === PROBE.length && this.kind === PACKET.probed;
        this.start();
        this.sink.packet(isProbe ? PACKET.probed : PACKET.other, length);
        return;
      }
      case OPEN_TEXT:
      case SKIP:
        this.start();
        this.sink.packet(this.kind, length);
        return;
      default:
        this.refuse(length === 0 ? 'a packet is empty' : 'a packet ends too soon');
    }
  }

  private message(): void {
    const { sequence, bytes, length } = this.payload;
    const { ledger } = this.sink;
    this.start();
    ledger.move(DOWN.framing, DOWN.payload, bytes);
    if (bytes !== length) ledger.note(OF_WHICH.growth, length - bytes);
    this.sink.message(sequence, bytes);
  }

  private refuse(message: string): void {
    this.state = BROKEN;
    this.sink.fault(message);
  }
}
