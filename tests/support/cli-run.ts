import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, resultSchema } from '../../reports/result.js';
import { ROOT } from '../project-files.js';
import { Changes } from './changes.js';

const ENTRY = join(ROOT, 'dist', 'runner', 'main.js');
const EXIT_LIMIT_MS = 45_000;
/** Children that are still there this long after the run are orphans. */
const ORPHAN_LIMIT_MS = 10_000;
/** Every process of a run inherits it, so that they are found whoever their parent is by then. */
const MARK = 'TEST_RUN_MARK';

/** Whether this machine is quiet enough to measure on is not the question of these tests. */
const LENIENT = [
  'generatorShareMs=3600000',
  'publisherLagMs=3600000',
  'generatorUtilization=1',
  'stealPercent=100',
  'foreignCpuPercent=100',
];

/** A process of a run: what `ps` would show. */
export interface RunProcess {
  readonly pid: number;
  readonly command: string;
}

type Ending = [code: number | null, signal: NodeJS.Signals | null];

export interface RunStart {
  /** A shell line before the program, such as a limit. */
  readonly shell?: string;
  /** Overridden limits in place of those that let a run pass on a busy machine. */
  readonly limits?: readonly string[];
}

/** The program as people start it, in a process group of its own as a shell would, with a fresh output folder. */
export class CliRun {
  readonly out: string;
  stdout = '';
  stderr = '';
  readonly #process: ChildProcess;
  readonly #closed: Promise<Ending>;
  readonly #changes = new Changes();
  readonly #mark = randomUUID();
  readonly #folder = mkdtempSync(join(tmpdir(), 'pushbench-run-'));
  #over = false;

  constructor(args: readonly string[], { shell, limits = LENIENT }: RunStart = {}) {
    this.out = join(this.#folder, 'out');
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(PUSHBENCH_|NODE_OPTIONS$|VITEST)/.test(name),
    );
    const overridden = limits.flatMap((limit) => ['--limit', limit]);
    const node = [process.execPath, ENTRY, ...args, '--out', this.out, ...overridden];
    const [program, ...rest] =
      shell === undefined ? node : ['bash', '-c', `${shell}; exec "$@"`, 'bash', ...node];
    this.#process = spawn(program!, rest, {
      env: { ...Object.fromEntries(own), [MARK]: this.#mark },
      cwd: this.#folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#process, 'close') as Promise<Ending>;
    this.#closed.finally(() => {
      this.#over = true;
      this.#changes.changed();
    });
    this.#process.stdout!.setEncoding('utf8').on('data', (part: string) => {
      this.stdout += part;
    });
    this.#process.stderr!.setEncoding('utf8').on('data', (part: string) => {
      this.stderr += part;
      this.#changes.changed();
    });
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** Waits until stderr has a line like this. Fails when the run ends without it. */
  async says(pattern: RegExp): Promise<void> {
    const said = (): boolean => pattern.test(this.stderr);
    await this.#changes.until(
      () => said() || this.#over,
      () => `${pattern} on stderr: ${this.stderr}`,
      EXIT_LIMIT_MS,
    );
    if (!said()) throw new Error(`the run ended and never said ${pattern}: ${this.stderr}`);
  }

  /** Waits for the end. @returns the exit code, or the signal's name */
  async ends(limitMs = EXIT_LIMIT_MS): Promise<number | string> {
    await this.#changes.until(
      () => this.#over,
      () => `the run to end: ${this.stderr}`,
      limitMs,
    );
    const [code, signal] = await this.#closed;
    return code ?? signal!;
  }

  /** Signals the program alone. */
  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Signals the whole process group, as a terminal does at Ctrl-C. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** The processes it has started and that live, whose command line has this in it. */
  children(part = ''): RunProcess[] {
    return this.#processes().filter(({ pid, command }) => pid !== this.pid && command.includes(part));
  }

  /** Waits for the first process whose command line has this in it. */
  async starts(part: string): Promise<RunProcess> {
    while (!this.#over) {
      const [first] = this.children(part);
      if (first !== undefined) return first;
      // To look at all processes of the machine takes milliseconds.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`the run ended and never started ${part}: ${this.stderr}`);
  }

  /** The result document as it stands on disk, checked by its schema. */
  result(): Result {
    return resultSchema.parse(JSON.parse(readFileSync(join(this.out, 'results.json'), 'utf8')));
  }

  /** Names of the files in the output folder, sorted. */
  files(): string[] {
    return existsSync(this.out) ? readdirSync(this.out).sort() : [];
  }

  /** Waits until no process of the run is left. @returns those that stayed, which are orphans */
  async orphans(): Promise<RunProcess[]> {
    const untilMs = performance.now() + ORPHAN_LIMIT_MS;
    for (;;) {
      const left = this.#processes();
      if (left.length === 0 || performance.now() > untilMs) return left;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends whatever is left and removes the folder. */
  async clear(): Promise<void> {
    for (const { pid } of this.#processes()) kill(pid);
    await this.#closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #processes(): RunProcess[] {
    const marked = `${MARK}=${this.#mark}\0`;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => read(`/proc/${name}/environ`).includes(marked))
      .map((name) => ({
        pid: Number(name),
        command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim(),
      }));
  }
}

/** The runs of a test. */
export class Runs {
  readonly #runs: CliRun[] = [];

  /** @param line arguments, apart by spaces */
  start(line: string, options?: RunStart): CliRun {
    const run = new CliRun(line.split(' '), options);
    this.#runs.push(run);
    return run;
  }

  async clear(): Promise<void> {
    for (const run of this.#runs.splice(0)) await run.clear();
  }
}

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}
