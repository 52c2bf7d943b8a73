import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isUpToDate, ROOT } from './fingerprint.mjs';

// The builder is loaded only when there is something to build: the check alone takes a few milliseconds.
if (!isUpToDate()) {
  const { BuildError, ensureBuilt } = await import('./build.mjs');
  try {
    await ensureBuilt();
  } catch (error) {
    process.stderr.write(`${error instanceof BuildError ? error.message : (error?.stack ?? error)}\n`);
    // "A fault of the tool" in docs/exit-codes.md.
    process.exit(4);
  }
}

const entry = join(ROOT, 'dist', 'runner', 'main.js');
process.argv[1] = entry;
await import(pathToFileURL(entry).href);
