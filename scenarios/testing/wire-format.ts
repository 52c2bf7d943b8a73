/**
 * The server's side of the wire, written from the standards and by the shortest way, for tests of the parsers. Texts
 * are latin1: a character is a byte.
 */

const FILL = 'the quick brown fox jumps over the lazy dog, ';

/** A payload of ours: ten digits, then some text. */
export function marked(sequence: number, bytes: number): string {
  const digits = `0000000000${sequence}`.slice(-10);
  return (digits + FILL.repeat(Math.ceil(bytes / FILL.length))).slice(0, bytes);
}

/** RFC 9112, section 7.1. */
export function chunk(data: string, extension = ''): string {
  return `${data.length.toString(16)}${extension}\r\n${data}\r\n`;
}

/** RFC 9112, section 2.1. */
export function response(status: string, fields: readonly string[], body = ''): string {
  return `${['HTTP/1.1', status].join(' ')}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`;
}

/** RFC 6455, section 5.2: an unmasked frame with the shortest length. */
export function frame(opcode: number, payload: string, final = true): string {
  const first = String.fromCharCode((final ? 0x80 : 0) + opcode);
  return first + frameLength(payload.length) + payload;
}

function frameLength(length: number): string {
  if (length < 126) return String.fromCharCode(length);
  const bytes = length < 65_536 ? [126] : [127, 0, 0, 0, 0, (length >>> 24) & 255, (length >>> 16) & 255];
  return String.fromCharCode(...bytes, (length >>> 8) & 255, length & 255);
}

/** The article's script call. */
export function script(payload: string): string {
  return `<script>parent.m("${payload}")</script>`;
}
