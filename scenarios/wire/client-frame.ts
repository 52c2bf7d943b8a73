const FIN = 0x80;
const MASKED = 0x80;

/**
 * A client's message in one frame: final and masked, its length in the shortest form (RFC 6455, 5.2 and 5.3). Its header
 * has 6 bytes up to 125 bytes of payload, 8 up to 65,535 and 14 above.
 *
 * @param mask four bytes as an unsigned 32-bit number
 */
export function encodeClientMessage(opcode: number, payload: Buffer, mask: number): Buffer {
  const { length } = payload;
  const extended = length <= 125 ? 0 : length <= 0xffff ? 2 : 8;
  const frame = Buffer.allocUnsafe(6 + extended + length);
  frame[0] = FIN | opcode;
  frame[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(length, 2);
  else if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  const key = 2 + extended;
  frame.writeUInt32BE(mask >>> 0, key);
  const start = key + 4;
  for (let at = 0; at < length; at++) frame[start + at] = payload[at]! ^ frame[key + (at & 3)]!;
  return frame;
}
