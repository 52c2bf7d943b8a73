import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where a build says what it was made from. A build that did not finish has none. */
export const STAMP = join(ROOT, 'dist', '.stamp');

/** Folders of the pages, below the root and below dist/: the report's, the demo's. build-page.mjs makes them, not the compiler. */
export const PAGES = [join('reports', 'page'), join('runner', 'demo', 'page')];

const FOLDERS = ['protocol', 'scenarios', 'servers', 'runner', 'reports', 'bench'];
const FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/build-page.mjs',
];
const NOT_BUILT = /\.test\.ts$|\.md$/;

/**
 * A hash over name, size and time of change of every file a build reads.
 *
 * Equality rather than "newer than": a file that was removed, or came back older from a checkout, counts as a change.
 */
export function fingerprint() {
  const hash = createHash('sha256');
  for (const folder of FOLDERS) addFolder(hash, folder);
  for (const file of FILES) addFile(hash, file);
  return hash.digest('hex');
}

/** Whether dist/ was made, to the end, from the sources as they are now. Takes a few milliseconds. */
export function isUpToDate() {
  try {
    return readFileSync(STAMP, 'utf8') === fingerprint();
  } catch {
    return false;
  }
}

function addFolder(hash, folder) {
  let entries;
  try {
    entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  } catch {
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) addFolder(hash, path);
    else if (!NOT_BUILT.test(entry.name)) addFile(hash, path);
  }
}

function addFile(hash, path) {
  const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
  hash.update(stat ? `${path}\0${stat.size}\0${stat.mtimeMs}\n` : `${path}\0missing\n`);
}
