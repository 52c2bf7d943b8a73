/** Digits of the sequence number at the front of every payload; also the least payload size, in bytes. */
export const MARKER_BYTES = 10;

/** The largest payload the tool publishes: 16 MiB. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** The largest message that a client says to a server: 64 KiB. Servers take nothing larger from anybody. */
export const MAX_SAID_BYTES = 64 * 1024;

/** Messages of one trial are numbered from 1; 0 means "nothing seen yet" wherever a cursor or event id is sent. */
export const FIRST_SEQUENCE = 1;

/** The largest sequence number that ten digits hold and a 32-bit table can carry. */
export const MAX_SEQUENCE = 2_147_483_647;

/** A sequence number (or cursor, or event id) as it is on the wire: ten digits, zero-padded, so that lengths are steady. */
export function formatSequence(sequence: number): string {
  return String(sequence).padStart(MARKER_BYTES, '0');
}

/**
 * What a message holds behind its number: lower-case ASCII, UTF-8 of two, three and four bytes a character, or every
 * byte there is. Binary content travels as base64 on transports that have only text.
 */
export const CONTENTS = ['text', 'binary', 'unicode'] as const;
export type Content = (typeof CONTENTS)[number];

/** The least payload in which `unicode` differs from text: a marker and one character of each length. */
export const MIN_UNICODE_BYTES = MARKER_BYTES + 9;

const FILLER = 'abcdefghijklmnopqrstuvwxyz';

/** Two, three and four bytes in UTF-8, by turns. None has to be escaped in HTML, JSON or a script. */
const CHARACTERS: readonly Buffer[] = ['é', '中', '😀', 'ж', 'は', '𝄞'].map((character) =>
  Buffer.from(character),
);
const UNICODE_FILLER = Buffer.concat([...CHARACTERS]);

/** All 256 bytes, those first that a parser might stumble over: NUL, line ends, quotes, `<`, `\`, no UTF-8 at all. */
const BINARY_FILLER = Buffer.from([
  ...new Set([
    0x00,
    0x0a,
    0x0d,
    0x22,
    0x3c,
    0xff,
    0x5c,
    0x27,
    0x80,
    0xc0,
    0x1e,
    ...Array.from({ length: 256 }, (_, byte) => byte),
  ]),
]);

/**
 * A message: the sequence number in ten digits, then filler up to `bytes`, the same for every message of that size.
 *
 * The filler of `text` is lower-case ASCII and that of `unicode` ends on a whole character, padded with ASCII; no
 * transport has to escape either, so every transport carries the same bytes.
 *
 * @param sequence 1 to 2,147,483,647
 * @param bytes 10 to 16 MiB
 */
export function encodePayload(sequence: number, bytes: number, content: Content = 'text'): Buffer {
  const payload = Buffer.allocUnsafeSlow(bytes);
  payload.write(formatSequence(sequence), 0, 'latin1');
  if (bytes === MARKER_BYTES) return payload;
  if (content === 'text') return payload.fill(FILLER, MARKER_BYTES, bytes, 'latin1');
  if (content === 'binary') return payload.fill(BINARY_FILLER, MARKER_BYTES, bytes);
  const end = endOfCharacters(bytes);
  if (end > MARKER_BYTES) payload.fill(UNICODE_FILLER, MARKER_BYTES, end);
  return payload.fill(FILLER, end, bytes, 'latin1');
}

/** Where the last whole character of a unicode payload ends. */
function endOfCharacters(bytes: number): number {
  const room = bytes - MARKER_BYTES;
  let end = bytes - (room % UNICODE_FILLER.length);
  for (const { length } of CHARACTERS) {
    if (end + length > bytes) break;
    end += length;
  }
  return end;
}

/**
 * Bytes of a payload on a transport that has only text: 4 for every 3, begun ones contained, when it is binary
 * (RFC 4648, section 4, with padding).
 */
export function textBytes(bytes: number, content: Content): number {
  return content === 'binary' ? 4 * Math.ceil(bytes / 3) : bytes;
}

/**
 * The sequence number of a whole payload, or -1 when its first ten bytes are not all digits.
 */
export function decodeSequence(payload: Uint8Array): number {
  if (payload.length < MARKER_BYTES) return -1;
  let sequence = 0;
  for (let at = 0; at < MARKER_BYTES; at++) {
    const digit = payload[at]! - 48;
    if (digit < 0 || digit > 9) return -1;
    sequence = sequence * 10 + digit;
  }
  return sequence;
}

/** Whether these are, byte for byte, a payload that {@link encodePayload} makes; for witnesses, not for the hot path. */
export function isPayload(payload: Buffer, content: Content): boolean {
  const sequence = decodeSequence(payload);
  return sequence >= 0 && payload.equals(encodePayload(sequence, payload.length, content));
}
