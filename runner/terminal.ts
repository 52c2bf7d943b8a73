import { plainText } from '../reports/plain-text.js';

/** The streams and variables a command works with; tests bring their own. */
export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether a stream may be coloured: a terminal that can, NO_COLOR unset or empty (no-color.org), no `--no-color`. */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  refused: boolean,
): boolean {
  return !refused && stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** Columns of a stream that is a terminal; of another, the variable COLUMNS where it is a whole number, else 80. */
export function columnsOf(
  stream: { readonly columns?: number },
  env: Readonly<Record<string, string | undefined>> = {},
): number {
  if (stream.columns !== undefined && stream.columns > 0) return stream.columns;
  const { COLUMNS = '' } = env;
  return /^[1-9]\d{0,4}$/u.test(COLUMNS) ? Number(COLUMNS) : 80;
}

/** Prints a sentence on stderr under the tool's name; what a user typed cannot steer the terminal. */
export function complain(terminal: Terminal, sentence: string): void {
  terminal.stderr.write(`pushbench: ${plainText(sentence, 2000)}\n`);
}

/** The command that opens a file with the desktop's own program. */
export function openCommand(path: string): string {
  const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  if (process.platform === 'darwin') return `open ${quoted}`;
  if (process.platform === 'win32') return `start "" "${path}"`;
  return `xdg-open ${quoted}`;
}
