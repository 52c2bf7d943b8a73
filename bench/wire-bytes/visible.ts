/** Longer runs of one byte are counted instead of shown. */
const LONG_RUN = /([^])\1{39,}/g;

/**
 * Bytes as text that can be read and counted: `\r` and `\n` and every other byte that is not printable ASCII as an
 * escape, a line break after each `\n`. What differs from run to run, and never in length, is masked: the value of
 * Date, and the port.
 * @param bytes one character a byte
 */
export function visible(bytes: string): string {
  const masked = bytes
    .replace(/^Date: .{29}\r$/gm, 'Date: Thu, 01 Jan 1970 00:00:00 GMT\r')
    .replace(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:54321');
  let shown = '';
  let from = 0;
  for (const run of masked.matchAll(LONG_RUN)) {
    const name = run[1] === ' ' ? 'a space' : escaped(run[1]!);
    shown += `${escaped(masked.slice(from, run.index))} [${name}, ${run[0].length} times] `;
    from = run.index + run[0].length;
  }
  return (shown + escaped(masked.slice(from))).trimEnd();
}

function escaped(text: string): string {
  return text.replace(/[^ -[\]-~]/g, (character) => {
    if (character === '\r') return '\\r';
    if (character === '\n') return '\\n\n';
    if (character === '\\') return '\\\\';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
