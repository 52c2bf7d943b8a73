import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { openOutFolder } from './out-folder.js';

/** Whether a file can be written. */
export interface OutFile {
  /** The sentence for the user, or null when it can. */
  readonly mistake: string | null;
  /** Removes the folders that the check created. */
  undo(): void;
}

/**
 * Tries whether a file can be written, before anything is started: its folder is created when missing and tried. The file
 * itself is left as it is.
 * @param label how a mistake names the option: `--junit`
 */
export function openOutFile(path: string, label: string): OutFile {
  const file = resolve(path);
  const isFolder = statOf(file)?.isDirectory() ?? false;
  if (isFolder || basename(file) === '' || /[/\\]$/u.test(path)) {
    return { mistake: `${label}: "${path}" is a folder; it must be a file.`, undo: () => undefined };
  }
  const folder = openOutFolder(dirname(file), label);
  if (folder.mistake === null) return folder;
  const why = folder.mistake.replace(/^.*?" (?:cannot be written: |is )/u, '');
  const reason =
    existsSync(dirname(file)) && statOf(dirname(file))?.isFile() ? 'a part of the path is a file.' : why;
  return { mistake: `${label}: "${path}" cannot be written: ${reason}`, undo: folder.undo };
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Several at once: all mistakes, and one undo. */
export function openOutFiles(
  files: readonly { readonly path: string | undefined; readonly label: string }[],
): { readonly mistakes: readonly string[]; undo(): void } {
  const opened = files.flatMap(({ path, label }) => (path === undefined ? [] : [openOutFile(path, label)]));
  return {
    mistakes: opened.flatMap(({ mistake }) => (mistake === null ? [] : [mistake])),
    undo: () => {
      for (const each of opened.toReversed()) each.undo();
    },
  };
}
