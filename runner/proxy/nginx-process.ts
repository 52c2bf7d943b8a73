import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../scenarios/contract.js';
import { ChildDied } from '../child.js';
import { pause, TimedOut } from '../deadline.js';
import { freePort } from '../free-port.js';
import type { ProxyKind } from '../plan.js';
import type { Nginx } from './find-nginx.js';
import { errorLog, nginxConfig, type Passage } from './nginx-config.js';
import { childrenNamed, type ProcessCosts, readCosts } from './process-costs.js';

/** As reasons and sentences name it. */
const CHILD = { role: 'proxy' } as const;
const READY_MS = 10_000;
const LOOK_EVERY_MS = 10;
/** A port that was free a moment ago may be a client's own by now. */
const PORT_ATTEMPTS = 5;
const STDERR_BYTES = 4096;

/**
 * A guard beside nginx: when its end of a pipe is closed, because the runner is gone in whatever way, it removes the
 * private folder ($0) and ends the whole process group, itself contained. nginx then takes the shell's place, so that
 * its exit is the child's.
 */
const GUARDED = '{ read -r line; rm -rf -- "$0"; kill -KILL 0; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-';

export interface NginxOptions {
  readonly nginx: Nginx;
  readonly kind: ProxyKind;
  /** Of the whole trial. */
  readonly clients: number;
  /** Core list for `taskset -c`; null leaves it unpinned. */
  readonly cores: string | null;
}

/** nginx refuses its configuration or cannot listen; the message is a sentence. */
class NotStarted extends Error {
  constructor(
    message: string,
    readonly isPortTaken: boolean,
  ) {
    super(message);
  }
}

/**
 * An nginx of our own: in the foreground, in a process group and a private folder of its own, both of which end with it,
 * with the trial, with the runner, or with a runner that is killed.
 */
export class NginxProcess {
  private folder: string | null = null;
  private child: ChildProcess | null = null;
  private exited: Promise<void> = Promise.resolve();
  private stderr = '';
  /** Whoever ends it may do so while it starts. */
  private isOver = false;
  private workers: readonly number[] = [];
  private raise: (error: Error) => void = () => {};
  private readonly death: Promise<never>;
  /** The second Ctrl-C leaves at once: nothing of ours may stay behind. */
  private readonly leave = (): void => this.killGroup();

  constructor(readonly options: NginxOptions) {
    this.death = new Promise((_, reject) => {
      this.raise = reject;
    });
    this.death.catch(() => {});
  }

  /** Starts it in front of these servers. @returns where clients connect instead @throws ChildDied, TimedOut */
  async start(servers: readonly Target[]): Promise<Target[]> {
    for (let attempt = 1; ; attempt++) {
      const passages: Passage[] = [];
      for (const { address, port } of servers)
        passages.push({ listenPort: await freePort(), upstream: { address, port } });
      try {
        await this.startOn(passages);
        // The Host field stays the server's, so that a request has the same bytes either way.
        return servers.map((server, n) => ({
          ...server,
          address: '127.0.0.1',
          port: passages[n]!.listenPort,
        }));
      } catch (error) {
        await this.clear();
        if (!(error instanceof NotStarted)) throw error;
        if (this.isOver || !error.isPortTaken || attempt === PORT_ATTEMPTS)
          throw new ChildDied(CHILD.role, error.message);
      }
    }
  }

  /** Rejects with ChildDied when nginx ends before `end` was called; never resolves. */
  untilDeath(): Promise<never> {
    return this.death;
  }

  /** What the result says of it. */
  get facts(): { readonly kind: ProxyKind; readonly version: string; readonly processes: number } {
    const { kind, nginx } = this.options;
    return { kind, version: nginx.version, processes: 1 + Math.max(1, this.workers.length) };
  }

  /** What it took so far; null where that cannot be read. @throws ChildDied when its worker is not the first one */
  costs(): ProcessCosts | null {
    return readCosts(this.pids());
  }

  /** Its master and its worker; empty where there is no /proc. @throws ChildDied when the worker is not the first one */
  pids(): readonly number[] {
    const workers = this.findWorkers();
    if (String(workers) !== String(this.workers))
      throw new ChildDied(CHILD.role, `the proxy's worker process ended${this.lastLine()}`);
    return this.child?.pid === undefined || workers.length === 0 ? [] : [this.child.pid, ...workers];
  }

  /** Ends it at once with everything it has. Never throws. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.clear();
  }

  private async clear(): Promise<void> {
    this.killGroup();
    await this.exited;
    process.off('exit', this.leave);
    this.child = null;
    this.folder = null;
  }

  private async startOn(passages: readonly Passage[]): Promise<void> {
    const { nginx, kind, clients, cores } = this.options;
    if (this.isOver) throw new NotStarted('nginx was not needed any more', false);
    const folder = mkdtempSync(join(tmpdir(), 'pushbench-nginx-'));
    this.folder = folder;
    process.once('exit', this.leave);
    for (const module of nginx.filing) mkdirSync(join(folder, module));
    const config = join(folder, 'nginx.conf');
    const asRoot = process.getuid?.() === 0;
    writeFileSync(config, nginxConfig({ kind, nginx, folder, passages, clients, asRoot }));
    // Its own default is a file of the system's, which it would open before it reads the configuration.
    const log = isOlder(nginx.version, [1, 19, 5]) ? [] : ['-e', errorLog(folder)];
    const guarded = ['sh', '-c', GUARDED, folder, nginx.path, '-p', folder, '-c', config, ...log];
    const [program, ...args] = cores === null ? guarded : ['taskset', '-c', cores, ...guarded];
    this.stderr = '';
    const child = spawn(program!, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
    this.child = child;
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-STDERR_BYTES);
    });
    // The guard's end closes with it.
    child.stdio[3]?.on('error', () => {});
    this.exited = new Promise((resolve) => {
      child.on('error', (error) => {
        this.stderr += error.message;
        resolve();
      });
      child.on('exit', () => resolve());
    });
    await this.ready(folder);
    child.on('exit', (code, signal) => {
      if (this.isOver) return;
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      this.raise(
        new ChildDied(CHILD.role, `the proxy process (pid ${child.pid}) ${how}${this.lastLine()}`, signal),
      );
    });
  }

  /** nginx writes its id once it listens, and then starts its worker. */
  private async ready(folder: string): Promise<void> {
    const untilMs = performance.now() + READY_MS;
    for (;;) {
      const over = await pause(LOOK_EVERY_MS, this.exited);
      const isPortTaken = /bind\(\) to \S+ failed/.test(this.words());
      if (over || isPortTaken) throw new NotStarted(`nginx did not start${this.lastLine()}`, isPortTaken);
      this.workers = this.findWorkers();
      const listens = readText(join(folder, 'nginx.pid')).trim() !== '';
      if (listens && (this.workers.length > 0 || process.platform !== 'linux')) return;
      if (performance.now() > untilMs)
        throw new TimedOut(`nginx did not start within ${READY_MS / 1000} s${this.lastLine()}`);
    }
  }

  private findWorkers(): readonly number[] {
    return this.child?.pid === undefined ? [] : childrenNamed(this.child.pid, 'nginx');
  }

  private killGroup(): void {
    const pid = this.child?.pid;
    if (pid !== undefined) {
      try {
        // Its group by its id, which is its own as long as anyone in it lives.
        process.kill(-pid, 'SIGKILL');
      } catch {}
    }
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
  }

  private words(): string {
    return `${this.folder === null ? '' : readText(errorLog(this.folder))}\n${this.stderr}`;
  }

  private lastLine(): string {
    const line = this.words().trim().split('\n').at(-1)?.trim();
    return line ? `; its last words: ${line}` : '';
  }
}

function isOlder(version: string, than: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, least] of than.entries()) {
    const part = parts[at] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
