// What a client sends, written down by the letter of RFC 6455 and not with the server's own encoder.

export const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** What of a frame is not as usual. */
export interface FrameShape {
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  /** Default true. */
  readonly final?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  /** Null leaves the mask out, which no client may. */
  readonly mask?: readonly number[] | null;
  /** Bytes that the length takes; default the fewest that are enough. */
  readonly lengthBytes?: 1 | 3 | 9;
  /** Another length than the payload's. */
  readonly length?: bigint;
}

const MASK = [0x37, 0xfa, 0x21, 0x3d];

/** A frame of a client. */
export function clientFrame(shape: FrameShape): Buffer {
  const { opcode = OP.text, final = true, reserved = 0, mask = MASK } = shape;
  const payload = Buffer.from(shape.payload ?? '');
  const length = shape.length ?? BigInt(payload.length);
  const lengthBytes = shape.lengthBytes ?? (length <= 125n ? 1 : length <= 0xffffn ? 3 : 9);
  const head = [((final ? 0x80 : 0) | (reserved << 4) | opcode) & 0xff];
  const masked = mask === null ? 0 : 0x80;
  if (lengthBytes === 1) head.push(masked | Number(length));
  else {
    head.push(masked | (lengthBytes === 3 ? 126 : 127));
    for (let shift = lengthBytes - 2; shift >= 0; shift--)
      head.push(Number((length >> BigInt(8 * shift)) & 0xffn));
  }
  if (mask === null) return Buffer.concat([Buffer.from(head), payload]);
  return Buffer.concat([Buffer.from([...head, ...mask]), payload.map((byte, at) => byte ^ mask[at % 4]!)]);
}

export const text = (payload: string | Uint8Array, more: FrameShape = {}): Buffer =>
  clientFrame({ opcode: OP.text, payload, ...more });
export const binary = (payload: string | Uint8Array, more: FrameShape = {}): Buffer =>
  clientFrame({ opcode: OP.binary, payload, ...more });
export const more = (payload: string | Uint8Array, shape: FrameShape = {}): Buffer =>
  clientFrame({ opcode: OP.continuation, payload, ...shape });
export const ping = (payload: string | Uint8Array = '', shape: FrameShape = {}): Buffer =>
  clientFrame({ opcode: OP.ping, payload, ...shape });
export const pong = (payload: string | Uint8Array = '', shape: FrameShape = {}): Buffer =>
  clientFrame({ opcode: OP.pong, payload, ...shape });

/** A close frame with a code and a reason; without a code an empty one. */
export function close(code?: number, reason: string | Uint8Array = ''): Buffer {
  if (code === undefined) return clientFrame({ opcode: OP.close });
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  return clientFrame({ opcode: OP.close, payload });
}

/** A frame as a server sends it. */
export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Takes what a server sent apart. Throws when it is not whole, unmasked, unfragmented frames with shortest lengths. */
export function serverFrames(bytes: Buffer): ServerFrame[] {
  const frames: ServerFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    const second = bytes[at + 1]!;
    if ((first & 0xf0) !== 0x80) throw new Error(`a frame begins with 0x${first.toString(16)}`);
    if (second >= 0x80) throw new Error('a frame of the server is masked');
    let header = 2;
    let length = second;
    if (second === 126) {
      header = 4;
      length = bytes.readUInt16BE(at + 2);
      if (length < 126) throw new Error(`a length of ${length} takes two bytes more than it must`);
    } else if (second === 127) {
      header = 10;
      length = Number(bytes.readBigUInt64BE(at + 2));
      if (length < 65_536) throw new Error(`a length of ${length} takes eight bytes more than it must`);
    }
    const payload = bytes.subarray(at + header, at + header + length);
    if (payload.length < length) throw new Error('the last frame is not whole');
    frames.push({ opcode: first & 0x0f, payload });
    at += header + length;
  }
  return frames;
}

/** Frames as one reads them: `text hello`, `pong 616263`, `close 1002`. A close without a code is `close`. */
export function spoken(frames: readonly ServerFrame[]): string[] {
  return frames.map(({ opcode, payload }) => {
    if (opcode === OP.text) return `text ${brief(payload.toString())}`;
    if (opcode === OP.binary) return `binary ${brief(payload.toString('hex'))}`;
    if (opcode === OP.ping) return `ping ${payload.toString('hex')}`;
    if (opcode === OP.pong) return `pong ${payload.toString('hex')}`;
    if (opcode === OP.close) return payload.length === 0 ? 'close' : `close ${payload.readUInt16BE(0)}`;
    return `opcode ${opcode}`;
  });
}

/** Long contents by their length and a sum, so that a failed comparison can be read. */
export function brief(contents: string): string {
  if (contents.length <= 200) return contents;
  let sum = 0;
  for (let at = 0; at < contents.length; at++) sum = (Math.imul(sum, 31) + contents.charCodeAt(at)) | 0;
  return `${contents.length} characters, sum ${sum}`;
}
