import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { plainText } from '../../reports/plain-text.js';
import { pause } from '../deadline.js';
import type { TargetCommand } from './contract.js';
import { markedProcesses } from './marked-processes.js';
import { isAlive, type ProcessMark, ProcessTree } from './process-tree.js';

const WORDS_BYTES = 4096;
const LAST_LINES = 3;
const LONGEST_LINE = 200;
const STDOUT_BYTES = 64 * 1024;
/** How long the server may take to leave after SIGTERM. */
const LEAVE_MS = 1500;
/** How long what was killed may take to be gone: the system has to take it down. */
const GONE_MS = 5000;
const LOOK_EVERY_MS = 20;

/**
 * In the environment of the server and of all that it starts: whoever has it belongs to it, wherever it went. Not
 * PUSHBENCH_..., of which a pushbench in there would say that it is no setting.
 */
const MARK = 'TARGET_OF_PUSHBENCH';

/**
 * Ends the server's group, and whoever left it, when our end of its pipe is closed, in whatever way: a server must not
 * outlive a host that was killed. Waits in a group of its own, and is no part of the server's. Debian's dash knows `--`
 * behind `-s KILL` only.
 */
const GUARD = `read -r group && read -r mark && {
  read -r line
  kill -s KILL -- "-$group"
  grep -lF "${MARK}=$mark" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do kill -s KILL "$pid"; done
} 2>/dev/null`;

/** A server that the user's command started: a session and process group of its own, which end as a whole. */
export class TargetProcess {
  readonly tree: ProcessTree;
  private readonly child: ChildProcess;
  private readonly guard: ChildProcess;
  private stderr = '';
  private stdout = '';
  private ending: { code: number | null; signal: NodeJS.Signals | null; error?: string } | null = null;
  private leaving: Promise<void> | null = null;
  private readonly mark = randomUUID();
  /** Resolves when the program has ended, or could not be started. */
  readonly ended: Promise<void>;
  /** Called with what was printed, whenever there is more: the new part, and enough of what came before it. */
  onStdout: (text: string) => void = () => {};

  /**
   * @param port in place of `{port}`, and as PORT
   * @param cores core list for `taskset -c`; null leaves it unpinned
   */
  constructor(
    private readonly command: TargetCommand,
    port: number,
    cores: string | null,
  ) {
    const fill = (text: string): string => text.replaceAll('{port}', String(port));
    const argv = [...(cores === null ? [] : ['taskset', '-c', cores]), ...command.argv.map(fill)];
    const own = Object.entries(command.env).map(([name, value]) => [name, fill(value)]);
    this.guard = spawn('sh', ['-c', GUARD], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.guard.on('error', () => {});
    this.guard.stdin?.on('error', () => {});
    this.guard.unref();
    this.child = spawn(argv[0]!, argv.slice(1), {
      cwd: command.cwd,
      env: { ...process.env, PORT: String(port), ...Object.fromEntries(own), [MARK]: this.mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (this.child.pid !== undefined) this.guard.stdin?.write(`${this.child.pid}\n${this.mark}\n`);
    this.tree = new ProcessTree(this.child.pid ?? 0);
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr = (this.stderr + chunk).slice(-WORDS_BYTES);
    });
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const text = this.stdout + chunk;
      this.stdout = text.slice(-STDOUT_BYTES);
      this.onStdout(text);
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
    if (error !== undefined) {
      const { cwd } = this.command;
      // The system says ENOENT of the program when it is the folder that is missing.
      return `could not be started: ${existsSync(cwd) ? plainText(error) : `there is no folder ${plainText(cwd)}`}`;
    }
    const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    return `${how}${this.lastWords()}`;
  }

  /** The last lines of its error output, or of what else it printed, on one line; empty without any. */
  lastWords(): string {
    const [lines = []] = [this.stderr, this.stdout.slice(-WORDS_BYTES)]
      .map((text) =>
        text
          .split('\n')
          .map((line) => plainText(line, LONGEST_LINE))
          .filter((line) => line !== '')
          .slice(-LAST_LINES),
      )
      .filter((found) => found.length > 0);
    return lines.length === 0 ? '' : `; it last said: ${lines.join(' | ')}`;
  }

  /**
   * Ends the whole group, first by asking, and whoever left the group. Whoever asks again waits for the same end. Never
   * throws.
   */
  end(): Promise<void> {
    this.leaving ??= this.leave();
    return this.leaving;
  }

  private async leave(): Promise<void> {
    const { pid } = this.child;
    if (pid !== undefined) {
      const asked = this.belonging();
      signalGroup(pid, 'SIGTERM');
      // Of those who left the group it is their parent who asks; nobody does when that is gone.
      if (this.isOver) for (const mark of asked) signal(mark, 'SIGTERM');
      await until(() => this.isOver && !asked.some(isAlive), LEAVE_MS);
      signalGroup(pid, 'SIGKILL');
      // Also who was started since.
      const left = [...asked, ...this.belonging()];
      for (const mark of left) signal(mark, 'SIGKILL');
      await this.ended;
      // They may hold the port that the next one is to listen on.
      await until(() => !left.some(isAlive), GONE_MS);
    }
    this.guard.kill('SIGKILL');
  }

  /** Everybody that the server has started and that lives. */
  private belonging(): readonly ProcessMark[] {
    return [...this.tree.marks(), ...markedProcesses(MARK, this.mark)];
  }
}

async function until(isSo: () => boolean, ms: number): Promise<void> {
  const untilMs = performance.now() + ms;
  while (!isSo() && performance.now() < untilMs) await pause(LOOK_EVERY_MS, NEVER);
}

const NEVER = new Promise<never>(() => {});

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    // The group's id is its own as long as anyone in it lives.
    process.kill(-group, signal);
  } catch {}
}

function signal(mark: ProcessMark, name: NodeJS.Signals): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, name);
  } catch {}
}
