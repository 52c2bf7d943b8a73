import { opendir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { plainText } from '../../reports/plain-text.js';

/** What is looked at below a folder: more is no folder of results but a mistake. */
export interface SearchLimits {
  readonly files: number;
  readonly entries: number;
  readonly depth: number;
}

export const SEARCH_LIMITS: SearchLimits = { files: 2_000, entries: 200_000, depth: 16 };

/** Files found, and what was not looked at, a sentence each. */
export interface FoundFiles {
  /** Paths from the folder, in the order of their names. */
  readonly files: readonly string[];
  readonly skipped: readonly string[];
}

/** Folders that hold other people's JSON. */
const PASSED_OVER = new Set(['node_modules', '.git']);

/**
 * Finds the `.json` files below a folder, symbolic links not followed, so that no circle is walked and nothing outside is
 * read. Past a limit it stops and says so.
 * @throws the system's error where the folder itself cannot be read
 */
export async function findJsonFiles(
  folder: string,
  limits: SearchLimits = SEARCH_LIMITS,
): Promise<FoundFiles> {
  const files: string[] = [];
  const skipped: string[] = [];
  let entries = 0;
  const open: { readonly path: string; readonly depth: number }[] = [{ path: folder, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, depth } = next;
    const name = plainText(relative(folder, path)) || '.';
    try {
      for await (const entry of await opendir(path)) {
        entries++;
        if (entries > limits.entries || files.length > limits.files) break;
        if (entry.isDirectory()) {
          if (PASSED_OVER.has(entry.name)) continue;
          if (depth < limits.depth) open.push({ path: join(path, entry.name), depth: depth + 1 });
          else
            skipped.push(`${plainText(join(name, entry.name))} is more than ${limits.depth} folders deep.`);
        } else if (entry.isFile() && entry.name.endsWith('.json')) {
          files.push(relative(folder, join(path, entry.name)));
        }
      }
    } catch (error) {
      if (path === folder) throw error;
      const { code } = error as NodeJS.ErrnoException;
      skipped.push(`${name} cannot be read: ${code === 'EACCES' ? 'permission is denied' : code}.`);
    }
    if (entries > limits.entries) {
      skipped.push(`The folder has more than ${limits.entries} entries; the rest was not looked at.`);
      break;
    }
    if (files.length > limits.files) {
      files.length = limits.files;
      skipped.push(`The folder has more than ${limits.files} JSON files; the rest was not looked at.`);
      break;
    }
  }
  return { files: files.sort(), skipped };
}
