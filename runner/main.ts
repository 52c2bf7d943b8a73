#!/usr/bin/env node
import { runCli } from './cli.js';
import { EXIT } from './exit-code.js';
import { complain, type Terminal } from './terminal.js';
import { packageVersion } from './version.js';

const terminal: Terminal = { stdout: process.stdout, stderr: process.stderr, env: process.env };

/** A fault is one sentence; whoever wants the stack sets PUSHBENCH_DEBUG. */
function die(error: unknown): void {
  const sentence = error instanceof Error ? error.message || error.name : String(error);
  // A full disk or a closed folder is no riddle: its sentence says all.
  const known = error instanceof Error && error.name === 'UnwritableError';
  const hint = known ? '' : ' This is a fault; set PUSHBENCH_DEBUG=1 to see where.';
  complain(terminal, `${sentence.replace(/\.$/, '')}.${hint}`);
  if (process.env.PUSHBENCH_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(EXIT.fault);
}

let readerLeft = false;
for (const stream of [process.stdout, process.stderr]) {
  // The reader has left (`| head`): results still reach their files, so go on without it.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') readerLeft = true;
    else die(error);
  });
}
process.on('uncaughtException', die);
process.on('unhandledRejection', die);

const code = await runCli(process.argv.slice(2), terminal, packageVersion());
// Pipes and files are written synchronously on POSIX; on other systems an empty write waits for what is queued.
process.stdout.write('', (error) => {
  // A table or document that did not reach its file is a fault. The stream's own error, which names the cause, is told
  // a turn later than this.
  setImmediate(() => (error && !readerLeft ? die(error) : process.exit(code)));
});
