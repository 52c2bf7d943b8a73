import { DOWN } from '../ledger.js';
import type { MessageSink } from './message-sink.js';
import { PayloadReader } from './payload-reader.js';

/** Opcodes of RFC 6455, section 5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A message may not be larger than this: twice the largest payload the tool publishes. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const MAX_CONTROL_BYTES = 125;

const FIRST_BYTE = 0;
const SECOND_BYTE = 1;
const EXTENDED = 2;
const PAYLOAD = 3;

/** What the frame parser reports besides messages. */
export interface FrameSink extends MessageSink {
  /** A whole ping, pong or close frame arrived; `payload` may be kept. */
  control(opcode: number, payload: Buffer): void;
}

/** Reads the payloads of messages that are not all payload of ours. */
export interface FrameBody {
  /** A span of a message's payload, which the ledger has as framing. */
  part(buffer: Buffer, start: number, end: number): void;
  /** The message is complete. @param headers bytes of its frames' headers, which the ledger has as framing */
  whole(headers: number): void;
}

/**
 * An incremental parser of the frames a server sends (RFC 6455, section 5), for any split of the bytes: all three
 * lengths, fragmented messages, interleaved control frames; refuses masked frames, reserved bits and opcodes.
 *
 * Everything it eats is put down as framing, then moved: a message's payload to payload, a control frame to idle.
 */
export class FrameParser {
  private state = FIRST_BYTE;
  private opcode = 0;
  private final = false;
  private extendedLeft = 0;
  private remaining = 0;
  private frameBytes = 0;

  private messageOpen = false;
  /** Of the message under way, or of the last one. */
  messageOpcode = 0;
  private readonly message = new PayloadReader(false);
  private control: Buffer | null = null;
  private controlLength = 0;
  /** Header bytes of the message's frames; counted for a body only. */
  private headers = 0;

  /**
   * @param wanted the opcode that messages must have; one with another is reported without its number. Text and binary
   *   are both taken when it is left out.
   * @param body reads messages in the parser's place: `sink.message` is then never called
   */
  constructor(
    private readonly sink: FrameSink,
    private readonly wanted?: typeof OPCODE.text | typeof OPCODE.binary,
    private readonly body: FrameBody | null = null,
  ) {}

  reset(): void {
    this.state = FIRST_BYTE;
    this.messageOpen = false;
    this.message.clear();
    this.control = null;
    this.headers = 0;
  }

  /** @returns false when the stream broke the protocol; the parser then reports a fault and must not be fed again */
  eat(buffer: Buffer, start: number, end: number): boolean {
    this.sink.ledger.put(DOWN.framing, end - start);
    let at = start;
    while (at < end) {
      switch (this.state) {
        case FIRST_BYTE:
          if (!this.firstByte(buffer[at++]!)) return false;
          break;
        case SECOND_BYTE:
          if (!this.secondByte(buffer[at++]!)) return false;
          break;
        case EXTENDED:
          this.frameBytes++;
          this.remaining = this.remaining * 256 + buffer[at++]!;
          if (--this.extendedLeft === 0 && !this.startPayload()) return false;
          break;
        default:
          at = this.payload(buffer, at, end);
      }
    }
    return true;
  }

  private refuse(message: string): false {
    this.sink.fault(message);
    return false;
  }

  private firstByte(byte: number): boolean {
    this.frameBytes = 1;
    this.final = (byte & 0x80) !== 0;
    this.opcode = byte & 0x0f;
    if ((byte & 0x70) !== 0) return this.refuse('a frame has reserved bits set');
    const opcode = this.opcode;
    if (opcode >= 8) {
      if (opcode > OPCODE.pong) return this.refuse(`a frame has the reserved opcode ${opcode}`);
      if (!this.final) return this.refuse('a control frame is fragmented');
    } else if (opcode > OPCODE.binary) {
      return this.refuse(`a frame has the reserved opcode ${opcode}`);
    } else if (opcode === OPCODE.continuation) {
      if (!this.messageOpen) return this.refuse('a continuation frame stands outside a message');
    } else if (this.messageOpen) {
      return this.refuse('a new message begins inside a fragmented one');
    }
    this.state = SECOND_BYTE;
    return true;
  }

  private secondByte(byte: number): boolean {
    this.frameBytes++;
    if ((byte & 0x80) !== 0) return this.refuse('the server sent a masked frame');
    if (this.opcode >= 8 && byte > MAX_CONTROL_BYTES)
      return this.refuse('a control frame is longer than 125 bytes');
    if (byte === 126 || byte === 127) {
      this.extendedLeft = byte === 126 ? 2 : 8;
      this.remaining = 0;
      this.state = EXTENDED;
      return true;
    }
    this.remaining = byte;
    return this.startPayload();
  }

  private startPayload(): boolean {
    if (this.opcode >= 8) {
      this.control = Buffer.allocUnsafeSlow(this.remaining);
      this.controlLength = 0;
    } else {
      if (this.message.length + this.remaining > MAX_MESSAGE_BYTES) {
        return this.refuse(`a message is larger than ${MAX_MESSAGE_BYTES} bytes`);
      }
      if (!this.messageOpen) this.messageOpcode = this.opcode;
      this.messageOpen = true;
    }
    this.state = PAYLOAD;
    if (this.remaining === 0) this.endFrame();
    return true;
  }

  private payload(buffer: Buffer, start: number, end: number): number {
    const stop = Math.min(end, start + this.remaining);
    if (this.control !== null) {
      this.controlLength += buffer.copy(this.control, this.controlLength, start, stop);
    } else if (this.body === null) {
      this.message.eat(buffer, start, stop);
    } else {
      this.message.length += stop - start;
      this.body.part(buffer, start, stop);
    }
    this.remaining -= stop - start;
    if (this.remaining === 0) this.endFrame();
    return stop;
  }

  private endFrame(): void {
    this.state = FIRST_BYTE;
    const control = this.control;
    if (control !== null) {
      this.control = null;
      this.sink.ledger.move(DOWN.framing, DOWN.idle, this.frameBytes + control.length);
      this.sink.control(this.opcode, control);
      return;
    }
    if (this.body !== null) this.headers += this.frameBytes;
    if (!this.final) return;
    const { sequence, bytes } = this.message;
    this.messageOpen = false;
    this.message.clear();
    if (this.body !== null) {
      const { headers } = this;
      this.headers = 0;
      this.body.whole(headers);
      return;
    }
    this.sink.ledger.move(DOWN.framing, DOWN.payload, bytes);
    const isWanted = this.wanted === undefined || this.wanted === this.messageOpcode;
    this.sink.message(isWanted ? sequence : -1, bytes);
  }
}

/**
 * A client's frame: final, masked, payload up to 125 bytes (control frames; all a virtual client sends).
 * @param mask four bytes as an unsigned 32-bit number
 */
export function encodeClientControl(opcode: number, payload: Buffer, mask: number): Buffer {
  const frame = Buffer.allocUnsafe(6 + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | payload.length;
  frame.writeUInt32BE(mask >>> 0, 2);
  for (let at = 0; at < payload.length; at++) frame[6 + at] = payload[at]! ^ frame[2 + (at & 3)]!;
  return frame;
}
