/** The longest cookie: with a browser's other fields it still fits the 16 KiB of header that Node's servers take. */
export const MAX_COOKIE_BYTES = 8192;

/** What the cookie is called. */
const NAME = 'id=';
const DIGITS = '0123456789abcdef';

/**
 * The line by which a server knows who asks, as it stands in every request: `Cookie: `, then `bytes` bytes, then CRLF;
 * ten bytes more than was asked for. Empty for 0.
 *
 * The value is `id=` and hexadecimal digits, the same for every client and request, so that lengths are steady; one of
 * fewer than four bytes is the beginning of that.
 */
export function cookieLine(bytes: number): string {
  if (bytes === 0) return '';
  return `Cookie: ${(NAME + DIGITS.repeat(Math.ceil(bytes / DIGITS.length))).slice(0, bytes)}\r\n`;
}

// Clients that saw the same message send the same string, so the last one's count serves most of a broadcast.
let lastLine = '';
let lastText = '';
let lastBytes = 0;

/** How many bytes of a request, or of several, are this cookie line. @param line not empty */
export function cookieBytesIn(text: string, line: string): number {
  if (text !== lastText || line !== lastLine) {
    lastText = text;
    lastLine = line;
    lastBytes = (text.split(line).length - 1) * line.length;
  }
  return lastBytes;
}
