import { Writable } from 'node:stream';
import type { Terminal } from '../terminal.js';

/** A terminal that keeps what is written to it. */
export interface FakeTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
}

/** A stream that stands in for stdout or stderr; `tty` makes it look like a terminal of 80 columns and 24 rows. */
export function fakeStream(tty = false): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  if (tty) Object.assign(stream, { isTTY: true, columns: 80, rows: 24 });
  return { stream, text: () => text };
}

export function fakeTerminal(env: Readonly<Record<string, string | undefined>> = {}): FakeTerminal {
  const stdout = fakeStream();
  const stderr = fakeStream();
  return { stdout: stdout.stream, stderr: stderr.stream, env, out: stdout.text, err: stderr.text };
}
