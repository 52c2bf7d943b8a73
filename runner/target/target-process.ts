import { type ChildProcess, spawn } from 'node:child_process';
import { plainText } from '../../reports/plain-text.js';
import { pause } from '../deadline.js';
import type { TargetCommand } from './contract.js';
import { isAlive, type ProcessMark, ProcessTree } from './process-tree.js';

const STDERR_BYTES = 4096;
const STDERR_LINES = 3;
const LONGEST_LINE = 200;
const STDOUT_BYTES = 64 * 1024;
/** How long the server may take to leave after SIGTERM. */
const LEAVE_MS = 1500;
const LOOK_EVERY_MS = 20;

/**
 * Ends the server's group when our end of its pipe is closed, in whatever way: a server must not outlive a host that was
 * killed. Waits in a group of its own, and is no part of the server's. Debian's dash knows `--` behind `-s KILL` only.
 */
const GUARD = 'read -r group && { read -r line; kill -s KILL -- "-$group"; } 2>/dev/null';

/** A server that the user's command started: a session and process group of its own, which end as a whole. */
export class TargetProcess {
  readonly tree: ProcessTree;
  private readonly child: ChildProcess;
  private readonly guard: ChildProcess;
  private stderr = '';
  private stdout = '';
  private ending: { code: number | null; signal: NodeJS.Signals | null; error?: string } | null = null;
  private isLeaving = false;
  /** Resolves when the program has ended, or could not be started. */
  readonly ended: Promise<void>;
  /** Called with all that was printed so far, whenever there is more. */
  onStdout: (text: string) => void = () => {};

  /**
   * @param port in place of `{port}`, and as PORT
   * @param cores core list for `taskset -c`; null leaves it unpinned
   */
  constructor(command: TargetCommand, port: number, cores: string | null) {
    const fill = (text: string): string => text.replaceAll('{port}', String(port));
    const argv = [...(cores === null ? [] : ['taskset', '-c', cores]), ...command.argv.map(fill)];
    const own = Object.entries(command.env).map(([name, value]) => [name, fill(value)]);
    this.guard = spawn('sh', ['-c', GUARD], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.guard.on('error', () => {});
    this.guard.stdin?.on('error', () => {});
    this.guard.unref();
    this.child = spawn(argv[0]!, argv.slice(1), {
      cwd: command.cwd,
      env: { ...process.env, PORT: String(port), ...Object.fromEntries(own) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (this.child.pid !== undefined) this.guard.stdin?.write(`${this.child.pid}\n`);
    this.tree = new ProcessTree(this.child.pid ?? 0);
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-STDERR_BYTES);
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout = (this.stdout + chunk.toString()).slice(-STDOUT_BYTES);
      this.onStdout(this.stdout);
    });
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => {
        this.ending ??= { code: null, signal: null, error: error.message };
        resolve();
      });
      // Not 'close': a grandchild may hold the pipes for as long as it likes.
      this.child.on('exit', (code, signal) => {
        this.ending ??= { code, signal };
        // What it said last is still in the pipe.
        setTimeout(resolve, LOOK_EVERY_MS);
      });
    });
  }

  /** Null when it could not be started. */
  get pid(): number | null {
    return this.child.pid ?? null;
  }

  get isOver(): boolean {
    return this.ending !== null;
  }

  /** How it ended, as a sentence's end with its last words; null while it runs. */
  get death(): string | null {
    if (this.ending === null) return null;
    const { code, signal, error } = this.ending;
    if (error !== undefined) return `could not be started: ${plainText(error)}`;
    const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    return `${how}${this.lastWords()}`;
  }

  /** The last lines of its error output, on one line; empty without any. */
  lastWords(): string {
    const lines = this.stderr
      .split('\n')
      .map((line) => plainText(line, LONGEST_LINE))
      .filter((line) => line !== '')
      .slice(-STDERR_LINES);
    return lines.length === 0 ? '' : `; it last said: ${lines.join(' | ')}`;
  }

  /** Ends the whole group, first by asking, and whoever left the group. Never throws. */
  async end(): Promise<void> {
    if (this.isLeaving) return;
    this.isLeaving = true;
    const { pid } = this.child;
    if (pid !== undefined) {
      const marks = this.tree.marks();
      signalGroup(pid, 'SIGTERM');
      const untilMs = performance.now() + LEAVE_MS;
      while (performance.now() < untilMs && (!this.isOver || marks.some(isAlive)))
        await pause(LOOK_EVERY_MS, NEVER);
      signalGroup(pid, 'SIGKILL');
      for (const mark of marks) kill(mark);
      await this.ended;
    }
    this.guard.kill('SIGKILL');
  }
}

const NEVER = new Promise<never>(() => {});

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    // The group's id is its own as long as anyone in it lives.
    process.kill(-group, signal);
  } catch {}
}

function kill(mark: ProcessMark): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, 'SIGKILL');
  } catch {}
}
