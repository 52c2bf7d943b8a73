import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoSettings, DemoStatus } from '../../runner/demo/contract.js';
import { ROOT } from '../project-files.js';
import { Changes } from './changes.js';

const ENTRY = join(ROOT, 'dist', 'runner', 'main.js');
const LIMIT_MS = 20_000;
/** Every process of a demo inherits it, so that they are found whoever their parent is by then. */
const MARK = 'TEST_DEMO_MARK';

/** `pushbench demo` as people start it, in a process group of its own as a shell would. */
export class DemoRun {
  stdout = '';
  stderr = '';
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  readonly #changes = new Changes();
  readonly #mark = randomUUID();
  #over = false;

  /** @param line arguments after `demo`, apart by spaces */
  constructor(line = '') {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(PUSHBENCH_|NODE_OPTIONS$|VITEST)/.test(name),
    );
    this.#process = spawn(process.execPath, [ENTRY, 'demo', ...line.split(' ').filter(Boolean)], {
      env: { ...Object.fromEntries(own), [MARK]: this.#mark },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#process, 'close');
    void this.#closed.then(() => {
      this.#over = true;
      this.#changes.changed();
    });
    for (const name of ['stdout', 'stderr'] as const) {
      this.#process[name]!.setEncoding('utf8').on('data', (part: string) => {
        this[name] += part;
        this.#changes.changed();
      });
    }
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** Waits for the line with the page's address. */
  async url(): Promise<string> {
    await this.#changes.until(
      () => this.#over || this.stdout.includes('\n'),
      () => `the demo's address; it said ${this.stdout} ${this.stderr}`,
      LIMIT_MS,
    );
    const [line] = this.stdout.split('\n');
    if (!line) throw new Error(`the demo ended without an address: ${this.stderr}`);
    return line;
  }

  /** Waits for the end. @returns the exit code, or the signal's name */
  async ends(): Promise<number | string> {
    await this.#changes.until(
      () => this.#over,
      () => `the demo to end: ${this.stderr}`,
      LIMIT_MS,
    );
    const [code, signal] = await this.#closed;
    return (code ?? signal) as number | string;
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Signals the whole process group, as a terminal does at Ctrl-C. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** Ids of its processes that live, its own first. */
  processes(): number[] {
    const marked = `${MARK}=${this.#mark}\0`;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(marked))
      .map(Number)
      .sort((a, b) => Number(b === this.pid) - Number(a === this.pid));
  }

  /** The server processes, which are the demo's only children. */
  servers(): number[] {
    return this.processes().filter((pid) => read(`/proc/${pid}/cmdline`).includes('servers/host'));
  }

  /** Waits until none of its processes is left. @returns those that stayed */
  async orphans(): Promise<number[]> {
    const untilMs = performance.now() + LIMIT_MS / 2;
    for (;;) {
      const left = this.processes();
      if (left.length === 0 || performance.now() > untilMs) return left;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Local addresses (hexadecimal, as the kernel prints them) that its processes listen on. */
  listeners(): string[] {
    const inodes = new Set(this.processes().flatMap(socketsOf));
    return ['tcp', 'tcp6']
      .flatMap((table) => read(`/proc/net/${table}`).split('\n').slice(1))
      .map((row) => row.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
      .map((fields) => fields[1]!);
  }

  /** What the page is told in its HTML. */
  async settings(): Promise<DemoSettings> {
    const html = await (await fetch(await this.url())).text();
    return JSON.parse(/id="settings">(.*?)<\/script>/s.exec(html)![1]!) as DemoSettings;
  }

  /** A command as the page sends it. */
  async command(wish: object, page = 'test'): Promise<DemoStatus> {
    const url = await this.url();
    const { token } = await this.settings();
    const answer = await fetch(new URL('/command', url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: new URL(url).origin, 'X-Demo-Token': token },
      body: JSON.stringify({ page, ...wish }),
    });
    if (answer.status !== 200) throw new Error(await answer.text());
    return (await answer.json()) as DemoStatus;
  }

  async status(page = 'test'): Promise<DemoStatus> {
    return (await (await fetch(new URL(`/status?page=${page}`, await this.url()))).json()) as DemoStatus;
  }

  /** Ends whatever is left. */
  async clear(): Promise<void> {
    for (const pid of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {}
    }
    await this.#closed;
  }
}

/** Inode numbers of a process's sockets. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
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
