/** Up to this many bytes a loop is faster than the call into the native search. */
const LOOP_LIMIT = 96;

/** Index of `byte` in [start, end) of the buffer, or -1. */
export function findByte(buffer: Buffer, byte: number, start: number, end: number): number {
  const near = Math.min(end, start + LOOP_LIMIT);
  for (let at = start; at < near; at++) if (buffer[at] === byte) return at;
  if (near === end) return -1;
  const found = buffer.indexOf(byte, near);
  return found >= end ? -1 : found;
}
