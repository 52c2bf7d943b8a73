import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessMark } from './process-tree.js';

/**
 * Processes in whose environment a variable has this value, wherever they have gone: whoever left its parent's group and
 * session, and whose parent has died, is found by nothing else. Empty without /proc.
 *
 * @param value that no other process has
 */
export function markedProcesses(variable: string, value: string): readonly ProcessMark[] {
  const marked = Buffer.from(`\0${variable}=${value}\0`);
  return processIds().flatMap((pid) => {
    const environment = read(`/proc/${pid}/environ`);
    if (environment === null || !Buffer.concat([ZERO, environment, ZERO]).includes(marked)) return [];
    const stat = read(`/proc/${pid}/stat`)?.toString('latin1');
    // The name in parentheses may hold anything.
    const started = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return started === undefined ? [] : [{ pid, started }];
  });
}

const ZERO = Buffer.from([0]);

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Null of a process that is gone, or somebody else's. */
function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
