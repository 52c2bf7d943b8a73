import { spawn } from 'node:child_process';
import { shownText } from '../target/redact.js';

/** How much of its last words is kept. */
const KEPT = 4096;

/** A command that makes a fresh tree ready, such as `npm ci`. */
export interface SetupCommand {
  readonly argv: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Setups that are at work, so that leaving in a hurry can end each with what it started. */
const working = new Set<number>();

/** Kills every setup and what it started, at once. */
export function killSetups(): void {
  for (const pid of working) killGroup(pid);
}

/**
 * Runs a setup to its end, without a shell and without output.
 * @param signal ends it and all that it started
 * @returns null, or what went wrong as the end of a sentence
 */
export function runSetup({ argv, folder, env }: SetupCommand, signal: AbortSignal): Promise<string | null> {
  const [program, ...args] = argv;
  return new Promise((resolve) => {
    // A process group of its own: all that it starts can be ended with it, and Ctrl-C reaches it through us only.
    const child = spawn(program!, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let words = '';
    const keep = (chunk: Buffer): void => {
      words = (words + chunk.toString()).slice(-KEPT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const { pid } = child;
    if (pid !== undefined) working.add(pid);
    const stop = (): void => {
      if (pid !== undefined) killGroup(pid);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    const end = (wrong: string | null): void => {
      signal.removeEventListener('abort', stop);
      if (pid !== undefined) {
        working.delete(pid);
        // A program that it left behind would run beside the measurement.
        killGroup(pid);
      }
      resolve(wrong);
    };
    child.on('error', (error) => end(`could not be started: ${error.message}`));
    // Not `close`: what it left behind may hold its output open for ever.
    child.on('exit', (code, by) => {
      if (code === 0) end(null);
      else end(`${by === null ? `ended with code ${code}` : `was ended by ${by}`}${lastWords(words)}`);
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}

function lastWords(text: string): string {
  const line = text.trim().split('\n').at(-1)?.trim();
  return line ? `; its last words: ${shownText(line)}` : '';
}
