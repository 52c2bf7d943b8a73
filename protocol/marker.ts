import { formatSequence, MARKER_BYTES } from './payload.js';

/** What every foreign marker begins with; a text that holds it by chance would have to go on with 18 digits and a tilde. */
export const MARKER_START = '~pb';
/** Hex digits of a marker that tell one run's messages from another's. */
export const RUN_DIGITS = 8;
/** `~pb`, the run, the sequence number, `~`. Also the least payload that a server which is not ours is sent, in bytes. */
export const FOREIGN_MARKER_BYTES = MARKER_START.length + RUN_DIGITS + MARKER_BYTES + 1;

const FILLER = 'abcdefghijklmnopqrstuvwxyz';

/**
 * What pushbench publishes through a server that is not ours: a marker that can be found anywhere in whatever the server
 * makes of it, then lower-case ASCII up to `bytes`. No transport and no JSON has to escape any of it.
 *
 * @param run eight lower-case hex digits
 * @param sequence 1 to 2,147,483,647
 * @param bytes 22 to 16 MiB
 */
export function encodeMarked(run: string, sequence: number, bytes: number): string {
  const room = bytes - FOREIGN_MARKER_BYTES;
  const filler = FILLER.repeat(Math.ceil(room / FILLER.length)).slice(0, room);
  return `${MARKER_START}${run}${formatSequence(sequence)}~${filler}`;
}

/** The byte that follows `offset` bytes of filler in a payload of {@link encodeMarked}. */
export function fillerByte(offset: number): number {
  return FILLER.charCodeAt(offset % FILLER.length);
}
