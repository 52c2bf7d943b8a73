/** A request head as it was sent, taken apart. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** Of HTTP/x.y. */
  readonly major: number;
  readonly minor: number;
  /** Values by name in lower case, in the order of their lines. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+) HTTP\/(\d)\.(\d)$/;
// Control characters, and with them CR and LF that are no line end; a tab is white space.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

/**
 * Takes a request head apart (RFC 9112, sections 2 to 5), strictly: what could be read in two ways is not read at all.
 *
 * @param text the head as latin1, without its closing blank line
 * @returns null when it is malformed: a line end that is not CR LF, a folded line, a space before a colon, a name that
 *   is no token
 */
export function parseRequestHead(text: string): RequestHead | null {
  // One empty line before a request is to be ignored (RFC 9112, section 2.2).
  const lines = (text.startsWith('\r\n') ? text.slice(2) : text).split('\r\n');
  const request = REQUEST_LINE.exec(lines[0]!);
  if (request === null) return null;
  const fields = new Map<string, string[]>();
  for (let at = 1; at < lines.length; at++) {
    const line = lines[at]!;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    if (!TOKEN.test(name) || CONTROL.test(line)) return null;
    const key = name.toLowerCase();
    const value = line.slice(colon + 1).trim();
    const values = fields.get(key);
    if (values === undefined) fields.set(key, [value]);
    else values.push(value);
  }
  return {
    method: request[1]!,
    target: request[2]!,
    major: Number(request[3]),
    minor: Number(request[4]),
    fields,
  };
}

/** The elements of a field that is a comma-separated list, from all its lines, empty ones left out. */
export function listOf(head: RequestHead, name: string): string[] {
  const values = head.fields.get(name);
  if (values === undefined) return [];
  return values
    .join(',')
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}
