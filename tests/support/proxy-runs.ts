import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliRun, Runs } from './cli-run.js';

const END_LIMIT_MS = 10_000;

/** Runs whose nginx is watched: its processes hide their environment behind their titles, so the folder tells them. */
export class ProxyRuns {
  readonly #runs = new Runs();
  /** Where the program makes its private folders. */
  readonly #temporary = mkdtempSync(join(tmpdir(), 'proxy-test-'));

  start(line: string): CliRun {
    return this.#runs.start(line, { shell: `export TMPDIR='${this.#temporary}'` });
  }

  /** A run that is measuring, with the ids of its nginx: the master, its worker and the guard. */
  async measuring(line: string): Promise<{ run: CliRun; master: number; group: readonly number[] }> {
    const run = this.start(line);
    await run.says(/: measuring/);
    const [master] = this.masters();
    const group = inGroup(master!);
    if (group.length !== 3) throw new Error(`nginx has ${group.length} processes instead of three`);
    return { run, master: master!, group };
  }

  /** The masters of nginx that were started with a folder of these runs. */
  masters(): number[] {
    return processes().filter((pid) => {
      const title = textOf(`/proc/${pid}/cmdline`);
      return title.startsWith('nginx: master') && title.includes(this.#temporary);
    });
  }

  /** What is left of the private folders. */
  folders(): string[] {
    return readdirSync(this.#temporary);
  }

  /** Waits until these processes and every folder are gone. */
  async nothingLeft(group: readonly number[]): Promise<void> {
    const untilMs = performance.now() + END_LIMIT_MS;
    while (group.some(isAlive) || this.folders().length > 0) {
      if (performance.now() > untilMs)
        throw new Error(`left of nginx: processes ${group.filter(isAlive)}, folders ${this.folders()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async clear(): Promise<void> {
    await this.#runs.clear();
    for (const pid of this.masters().flatMap(inGroup)) process.kill(pid, 'SIGKILL');
    rmSync(this.#temporary, { recursive: true, force: true });
  }
}

/** Text of a file under /proc; empty when its process is gone. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** State, parent and group of a process, the first fields after its name; empty when it is gone. */
export function statOf(pid: number): string[] {
  const line = textOf(`/proc/${pid}/stat`);
  return line === '' ? [] : line.slice(line.lastIndexOf(')') + 2).split(' ');
}

/** One that has ended may still wait to be buried. */
function isAlive(pid: number): boolean {
  const [state] = statOf(pid);
  return state !== undefined && state !== 'Z';
}

function inGroup(group: number): number[] {
  return processes().filter((pid) => statOf(pid)[2] === String(group) && isAlive(pid));
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
