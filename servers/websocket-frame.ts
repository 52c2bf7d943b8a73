const FIN = 0x80;
const TEXT = 0x1;
const PING = 0x9;

/**
 * A whole unfragmented, unmasked text frame, as a server sends it (RFC 6455, 5.2): header and payload in one buffer,
 * so that a publish is encoded once and each client costs one write.
 *
 * The header takes 2 bytes up to 125 bytes of payload, 4 up to 65,535, 10 above.
 */
export function encodeTextFrame(payload: Buffer): Buffer {
  const length = payload.length;
  const headerBytes = length <= 125 ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafeSlow(headerBytes + length);
  frame[0] = FIN | TEXT;
  if (headerBytes === 2) {
    frame[1] = length;
  } else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt16BE(0, 2);
    frame.writeUIntBE(length, 4, 6);
  }
  payload.copy(frame, headerBytes);
  return frame;
}

/** A ping without payload. */
export const PING_FRAME: Buffer = Buffer.from([FIN | PING, 0]);
