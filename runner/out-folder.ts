import { existsSync, mkdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Whether results can be written into a folder. */
export interface OutFolder {
  /** The sentence for the user, or null when the folder can be written. */
  readonly mistake: string | null;
  /** Removes what the check created: a refused run leaves nothing behind. */
  undo(): void;
}

/**
 * Creates the output folder and tries a file in it. Permission bits would not tell: root passes them all, and a
 * read-only or special file system refuses still.
 */
export function openOutFolder(out: string, label = '--out'): OutFolder {
  const folder = resolve(out);
  const created: string[] = [];
  const undo = (): void => {
    try {
      for (let made = created.pop(); made !== undefined; made = created.pop()) rmdirSync(made);
    } catch {
      // Somebody else's file is in it: what lies above is in use as well.
    }
  };
  const probe = join(folder, `.pushbench-probe-${process.pid}`);
  try {
    const existing = statSync(folder, { throwIfNoEntry: false });
    if (existing !== undefined && !existing.isDirectory()) {
      return {
        mistake: `${label}: "${out}" is a file; it must be a folder, which is created when missing.`,
        undo,
      };
    }
    for (const missing of missingFolders(folder)) {
      mkdirSync(missing);
      created.push(missing);
    }
    writeFileSync(probe, '', { flag: 'wx' });
    rmSync(probe);
    return { mistake: null, undo };
  } catch (error) {
    undo();
    return { mistake: `${label}: "${out}" cannot be written: ${reasonOf(error)}.`, undo: () => undefined };
  }
}

/**
 * Folders that must be made, the outermost first. Not left to mkdir's `recursive`: where the system answers ENOENT
 * below a folder that exists, as /proc does, Node 20 tries again for ever.
 */
function missingFolders(folder: string): readonly string[] {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at);
  return missing;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a part of the path is a file';
    case 'ENOENT':
      return 'the folder cannot be created there';
    case 'ENOSPC':
      return 'the disk is full';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    default:
      return message.split('\n')[0]!;
  }
}
