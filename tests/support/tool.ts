import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../project-files.js';

const ENTRY = join(ROOT, 'dist', 'runner', 'main.js');

export interface ToolEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Variables that would change what the tool does: its own, and those of the CI system that runs these tests. */
const NOT_INHERITED = /^(PUSHBENCH_|CI$|NODE_OPTIONS$|VITEST|GITHUB_|INPUT_|RUNNER_)/;

/** The environment of this process without what would change the tool. */
export function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !NOT_INHERITED.test(entry[0]),
    ),
  );
}

/** Runs the built tool in a folder to its end. */
export function runTool(
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ToolEnd> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...plainEnvironment(), ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [ENTRY, ...argv], options, (error, out, err) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
