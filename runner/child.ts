import { type ChildProcess, spawn } from 'node:child_process';

/** How long a child may take to leave after `abort` before it is killed by its id. */
const LEAVE_MS = 1000;
/** How much of a child's last words is kept. */
const STDERR_BYTES = 4096;

/** A child process ended, or said that it cannot go on, before its work was done. */
export class ChildDied extends Error {
  override readonly name = 'ChildDied';
  constructor(
    /** What the child was for: `server`, `target` (it stands beside one) or `generator`. */
    readonly role: string,
    message: string,
    /** The signal that ended it; null when it left by itself or could not be started. */
    readonly signal: NodeJS.Signals | null = null,
  ) {
    super(message);
  }
}

export interface ChildOptions {
  /** What the child is for, as reasons name it. */
  readonly role: string;
  /** Absolute path of the entry file; it stays visible in the process list. */
  readonly entry: string;
  readonly nodeOptions?: readonly string[];
  /** Core list for `taskset -c`; null leaves the child unpinned. */
  readonly cores: string | null;
  /** How long it may take to leave when it is told to, milliseconds; 1,000 when left out. */
  readonly leaveMs?: number;
}

interface Report {
  readonly type: string;
}

interface Waiter<R extends Report> {
  readonly matches: (report: R) => boolean;
  readonly resolve: (report: R) => void;
  readonly reject: (error: Error) => void;
}

/** Children that are alive, so that leaving in a hurry can kill each by its id. */
const alive = new Set<ChildProcess>();

/** Kills every child at once, by id. For leaving at the second signal. */
export function killChildren(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/** A process of ours and the two-way channel to it. Commands and reports are JSON. */
export class Child<C extends object, R extends Report> {
  private readonly process: ChildProcess;
  private readonly waiters = new Set<Waiter<R>>();
  private readonly listeners = new Set<(report: R) => void>();
  private lastWords = '';
  private death: ChildDied | null = null;
  private leaving = false;
  private readonly exited: Promise<void>;

  constructor(private readonly options: ChildOptions) {
    const node = [process.execPath, ...(options.nodeOptions ?? []), options.entry];
    const [program, ...args] = options.cores === null ? node : ['taskset', '-c', options.cores, ...node];
    // In a process group of its own: Ctrl-C goes to the terminal's whole group, and a child that has only just been
    // started has no handler yet and would die of it. Without its runner it ends by itself, for its channel closes.
    this.process = spawn(program!, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true });
    alive.add(this.process);
    this.process.stderr?.on('data', (chunk: Buffer) => {
      this.lastWords = (this.lastWords + chunk.toString()).slice(-STDERR_BYTES);
    });
    this.process.on('message', (message) => this.receive(message as R));
    this.exited = new Promise((resolve) => {
      this.process.on('error', (error) => {
        this.die(`${processOf(options.role)} could not be started: ${error.message}`);
        alive.delete(this.process);
        resolve();
      });
      this.process.on('exit', (code, signal) => {
        alive.delete(this.process);
        this.die(
          `${processOf(options.role)} (pid ${this.pid}) ${deathText(code, signal)}${this.lastLine()}`,
          signal,
        );
        resolve();
      });
    });
  }

  /** 0 when it could not be started. */
  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Sends a command; one to a child that is gone is dropped, since its death is reported elsewhere. */
  send(command: C): void {
    if (this.process.connected) this.process.send(command, () => {});
  }

  /** Calls `listener` with every report. @returns what takes it off again */
  onReport(listener: (report: R) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * The next report of this type.
   * @param accepts narrows it further, such as to the answer of one request
   * @throws ChildDied when the child dies first
   */
  next<T extends R['type']>(
    type: T,
    accepts: (report: Extract<R, { type: T }>) => boolean = () => true,
  ): Promise<Extract<R, { type: T }>> {
    if (this.death !== null) return Promise.reject(this.death);
    return new Promise((resolve, reject) => {
      this.waiters.add({
        matches: (report) => report.type === type && accepts(report as Extract<R, { type: T }>),
        resolve: resolve as (report: R) => void,
        reject,
      });
    });
  }

  /** Rejects with ChildDied when the child ends before `end` was called; never resolves. */
  async untilDeath(): Promise<never> {
    await this.exited;
    if (this.death !== null && !this.leaving) throw this.death;
    return new Promise(() => {});
  }

  /** Ends the child at once, as a crash would, and waits until it is gone: nobody is told that it died. */
  async kill(): Promise<void> {
    this.leaving = true;
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** Tells the child to leave, waits, and kills it by its id when it does not. Never throws. */
  async end(abort: C): Promise<void> {
    this.leaving = true;
    this.send(abort);
    const timer = setTimeout(() => this.process.kill('SIGKILL'), this.options.leaveMs ?? LEAVE_MS);
    await this.exited;
    clearTimeout(timer);
  }

  private receive(report: R): void {
    if (report.type === 'fault') {
      const { message, isWhole } = report as unknown as { message: string; isWhole?: boolean };
      this.die(isWhole ? message : `${processOf(this.options.role)} reported a fault: ${message}`);
      return;
    }
    for (const listener of this.listeners) listener(report);
    for (const waiter of this.waiters) {
      if (!waiter.matches(report)) continue;
      this.waiters.delete(waiter);
      waiter.resolve(report);
    }
  }

  private die(message: string, signal: NodeJS.Signals | null = null): void {
    this.death ??= new ChildDied(this.options.role, message, signal);
    for (const waiter of this.waiters) waiter.reject(this.death);
    this.waiters.clear();
  }

  private lastLine(): string {
    const line = this.lastWords.trim().split('\n').at(-1)?.trim();
    return line ? `; its last words: ${line}` : '';
  }
}

/** Of a target's host it is not the target that is meant. */
function processOf(role: string): string {
  return role === 'target' ? "pushbench's own process beside the target" : `the ${role} process`;
}

function deathText(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}
