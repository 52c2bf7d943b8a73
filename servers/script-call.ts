const OPEN = Buffer.from('<script>parent.m("', 'latin1');
const CLOSE = Buffer.from('")</script>\n', 'latin1');

/** Printable ASCII without what a string literal inside a script element cannot hold: `"`, `\` and `<`. */
const PLAIN = /^[ !#-;=-[\]-~]*$/;

/**
 * A message as iframe streaming carries it: a script element that calls `m` in the parent page with the payload.
 *
 * The wrapper is 30 bytes. Payloads of this tool are plain and pass through as they are; anything else is escaped as
 * a JSON string whose `<` cannot close the element or open a comment.
 */
export function encodeScriptCall(payload: Buffer): Buffer {
  return Buffer.concat([OPEN, isPlain(payload) ? payload : escaped(payload), CLOSE]);
}

function isPlain(payload: Buffer): boolean {
  // As latin1 a byte is a character, so no multi-byte sequence passes for plain.
  return PLAIN.test(payload.toString('latin1'));
}

function escaped(payload: Buffer): Buffer {
  const literal = JSON.stringify(payload.toString('utf8')).slice(1, -1);
  return Buffer.from(
    literal.replace(
      /[<\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
    'utf8',
  );
}
