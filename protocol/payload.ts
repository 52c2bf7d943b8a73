/** Digits of the sequence number at the front of every payload; also the least payload size, in bytes. */
export const MARKER_BYTES = 10;

/** The largest payload the tool publishes: 16 MiB. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** Messages of one trial are numbered from 1; 0 means "nothing seen yet" wherever a cursor or event id is sent. */
export const FIRST_SEQUENCE = 1;

/** The largest sequence number that ten digits hold and a 32-bit table can carry. */
export const MAX_SEQUENCE = 2_147_483_647;

/** A sequence number (or cursor, or event id) as it is on the wire: ten digits, zero-padded, so that lengths are steady. */
export function formatSequence(sequence: number): string {
  return String(sequence).padStart(MARKER_BYTES, '0');
}

const FILLER = 'abcdefghijklmnopqrstuvwxyz';

/**
 * A message: the sequence number in ten digits, then filler up to `bytes`.
 *
 * The filler is lower-case ASCII, so that no transport has to escape it and every transport carries the same bytes.
 *
 * @param sequence 1 to 2,147,483,647
 * @param bytes 10 to 16 MiB
 */
export function encodePayload(sequence: number, bytes: number): Buffer {
  const payload = Buffer.allocUnsafeSlow(bytes);
  payload.write(formatSequence(sequence), 0, 'latin1');
  if (bytes > MARKER_BYTES) payload.fill(FILLER, MARKER_BYTES, bytes, 'latin1');
  return payload;
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
