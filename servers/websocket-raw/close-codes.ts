import { encodeFrame, OPCODE } from '../websocket-frame.js';
import { isUtf8Text } from './utf8.js';

/** Status codes this server closes with (RFC 6455, section 7.4.1). */
export const CLOSE = { protocolError: 1002, invalidText: 1007, policy: 1008, tooBig: 1009 } as const;
export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** A reason fits a control frame beside its code. */
const MAX_REASON_BYTES = 123;

/**
 * Whether a peer may send this status code: those of RFC 6455, section 7.4.1, that may stand in a frame, those
 * registered since (1012 to 1014), and those left to libraries and applications (3000 to 4999). 1004 to 1006 and 1015
 * are never on the wire.
 */
export function mayBeSent(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && !(code >= 1004 && code <= 1006);
}

/** What is wrong with the payload of a close frame, or null. */
export function closeFault(payload: Buffer): readonly [CloseCode, string] | null {
  if (payload.length === 0) return null;
  if (payload.length === 1) return [CLOSE.protocolError, 'a close code has two bytes'];
  const code = payload.readUInt16BE(0);
  if (!mayBeSent(code)) return [CLOSE.protocolError, `${code} is not a close code that may be sent`];
  if (!isUtf8Text(payload.subarray(2))) return [CLOSE.invalidText, 'the reason for closing is not UTF-8'];
  return null;
}

/** A close frame. @param reason ASCII; what does not fit is cut off */
export function encodeClose(code: number, reason: string): Buffer {
  const payload = Buffer.from(`  ${reason}`.slice(0, 2 + MAX_REASON_BYTES), 'latin1');
  payload.writeUInt16BE(code, 0);
  return encodeFrame(OPCODE.close, payload);
}

/** The answer to a close frame: its status code, when it has one (RFC 6455, section 5.5.1). */
export function encodeCloseEcho(payload: Buffer): Buffer {
  return encodeFrame(OPCODE.close, payload.subarray(0, 2));
}
