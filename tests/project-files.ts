import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const SOURCE_FOLDERS = ['protocol', 'scenarios', 'servers', 'runner', 'reports', 'bench', 'tests'];

/** The text of a file of the project. */
export function readProjectFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Text of every TypeScript source, by path from the project's root with forward slashes. */
export function readSources(): Map<string, string> {
  const sources = new Map<string, string>();
  const add = (folder: string): void => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) add(path);
      else if (path.endsWith('.ts')) sources.set(path, readProjectFile(path));
    }
  };
  for (const folder of SOURCE_FOLDERS) add(folder);
  return sources;
}
