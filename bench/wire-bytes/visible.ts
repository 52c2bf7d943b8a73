/** Stands for the id of a Socket.IO session, which is as long. */
const SESSION = 'S'.repeat(20);
/** Longer runs of one byte are counted instead of shown. */
const LONG_RUN = /([\s\S])\1{39,}/g;

/**
 * Bytes as text that can be read and counted: `\r` and `\n` and every other byte that is not printable ASCII as an
 * escape, a line break after each `\n`; from the first byte that is no ASCII a line feed is a byte like any other. What
 * differs from run to run, and never in length, is masked: the value of Date, the port, and the id of a session.
 * @param bytes one character a byte
 */
export function visible(bytes: string): string {
  const masked = bytes
    .replace(/^Date: .{29}\r$/gm, 'Date: Thu, 01 Jan 1970 00:00:00 GMT\r')
    .replace(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:54321')
    .replace(/(\bsid(?:=|":"))[\w-]{20}/g, (_, name: string) => name + SESSION);
  const binary = masked.search(/[\x80-\xff]/);
  const end = binary === -1 ? masked.length : binary;
  return (shortened(masked.slice(0, end), false) + shortened(masked.slice(end), true)).trimEnd();
}

function shortened(text: string, isBinary: boolean): string {
  let shown = '';
  let from = 0;
  for (const run of text.matchAll(LONG_RUN)) {
    const name = run[1] === ' ' ? 'a space' : escaped(run[1]!, isBinary);
    shown += `${escaped(text.slice(from, run.index), isBinary)} [${name}, ${run[0].length} times] `;
    from = run.index + run[0].length;
  }
  return shown + escaped(text.slice(from), isBinary);
}

function escaped(text: string, isBinary: boolean): string {
  return text.replace(/[^ -[\]-~]/g, (character) => {
    if (character === '\r') return '\\r';
    if (character === '\n' && !isBinary) return '\\n\n';
    if (character === '\\') return '\\\\';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
