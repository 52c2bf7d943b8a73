import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint, isUpToDate, PAGES, ROOT, STAMP } from './fingerprint.mjs';
import { withLock } from './lock.mjs';

const DIST = join(ROOT, 'dist');
const ENTRY = join('runner', 'main.js');
const KEEP = /^\.(stamp|lock)/;

/** The build failed for a reason that has been told. */
export class BuildError extends Error {}

/**
 * Builds dist/ unless it is up to date. Silent on stdout; says on stderr what it does, when it does something.
 *
 * @param {{ force?: boolean }} [options]
 */
export async function ensureBuilt({ force = false } = {}) {
  if (!force && isUpToDate()) return;
  mkdirSync(DIST, { recursive: true });
  await withLock(
    join(DIST, '.lock'),
    async () => {
      // Whoever held the lock may have built just this.
      if (force || !isUpToDate()) await build();
    },
    () => tell('Waiting for another build to end.'),
  );
}

async function build() {
  const started = performance.now();
  tell('Building ...');
  // Taken before the first source is read: an edit during the build makes the next run build again.
  const made = fingerprint();
  rmSync(STAMP, { force: true });
  removeStaging();
  const staging = mkdtempSync(join(DIST, '.staging-'));
  try {
    const ending = await compile(staging);
    replace(staging, DIST);
    // The compiler writes in spite of type errors. Without a stamp that serves the tests of the parts that are right.
    if (ending !== 0) throw new BuildError(`The compiler ended with ${ending}.`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  const { buildPage } = await import('./build-page.mjs');
  for (const page of PAGES) rmSync(join(DIST, page), { recursive: true, force: true });
  await buildPage();
  if (existsSync(join(DIST, ENTRY))) chmodSync(join(DIST, ENTRY), 0o755);
  writeFileSync(`${STAMP}.new`, made);
  renameSync(`${STAMP}.new`, STAMP);
  tell(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

/** A build that was killed leaves its staging folder behind. Only the holder of the lock has one, so all are dead. */
function removeStaging() {
  for (const name of readdirSync(DIST)) {
    if (name.startsWith('.staging-')) rmSync(join(DIST, name), { recursive: true, force: true });
  }
}

/** Resolves to 0, or to how the compiler ended. */
function compile(outDir) {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code === 0 ? 0 : (signal ?? `exit code ${code}`));
    });
  });
}

/**
 * Makes `to` hold what `from` holds. A file that did not change is left alone and one that did is renamed into place:
 * a run that goes on meanwhile never reads half a file.
 */
function replace(from, to) {
  const made = new Set(listFiles(from));
  for (const file of listFiles(to)) {
    if (!made.has(file) && !PAGES.some((page) => file.startsWith(page)) && !KEEP.test(file))
      rmSync(join(to, file));
  }
  for (const file of made) {
    if (isSame(join(from, file), join(to, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    renameSync(join(from, file), join(to, file));
  }
}

function listFiles(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name.startsWith('.staging-') ? [] : listFiles(folder, path);
  });
}

function isSame(a, b) {
  return existsSync(b) && readFileSync(a).equals(readFileSync(b));
}

function tell(message) {
  process.stderr.write(`${message}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await ensureBuilt({ force: !process.argv.includes('--if-needed') });
  } catch (error) {
    tell(error instanceof BuildError ? error.message : String(error?.stack ?? error));
    process.exitCode = 1;
  }
}
