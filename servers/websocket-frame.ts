const FIN = 0x80;

/** Opcodes of RFC 6455, section 5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Bytes of the header of a server's frame: 2 up to 125 bytes of payload, 4 up to 65,535, 10 above. */
export function frameHeaderBytes(payloadBytes: number): number {
  return payloadBytes <= 125 ? 2 : payloadBytes <= 0xffff ? 4 : 10;
}

/** Writes the header of a whole unfragmented, unmasked frame. @returns where its payload begins */
export function writeFrameHeader(target: Buffer, at: number, opcode: number, payloadBytes: number): number {
  target[at] = FIN | opcode;
  if (payloadBytes <= 125) {
    target[at + 1] = payloadBytes;
    return at + 2;
  }
  if (payloadBytes <= 0xffff) {
    target[at + 1] = 126;
    return target.writeUInt16BE(payloadBytes, at + 2);
  }
  target[at + 1] = 127;
  target.writeUInt16BE(0, at + 2);
  return target.writeUIntBE(payloadBytes, at + 4, 6);
}

/** A whole unfragmented, unmasked frame, as a server sends it (RFC 6455, 5.2), in a buffer of its own. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafeSlow(frameHeaderBytes(payload.length) + payload.length);
  payload.copy(frame, writeFrameHeader(frame, 0, opcode, payload.length));
  return frame;
}

/** A text frame: header and payload in one buffer, so that a publish is encoded once and each client costs one write. */
export function encodeTextFrame(payload: Buffer): Buffer {
  return encodeFrame(OPCODE.text, payload);
}

/** A published message as a frame: text, or binary when its payload is no text. */
export function encodeMessageFrame(message: {
  readonly payload: Buffer;
  readonly isBinary: boolean;
}): Buffer {
  return encodeFrame(message.isBinary ? OPCODE.binary : OPCODE.text, message.payload);
}

/** A ping without payload. */
export const PING_FRAME: Buffer = Buffer.from([FIN | OPCODE.ping, 0]);
