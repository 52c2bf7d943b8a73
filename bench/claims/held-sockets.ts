import { readdirSync, readFileSync } from 'node:fs';
import type { LiveReading } from '../../runner/observer.js';

const EVERY_MS = 50;
/** Of a server's entry file; it stays visible in the process list. */
const SERVER = 'servers/host';

/**
 * Counts the sockets that a trial's servers hold while its window is open: their open descriptors, less those that they
 * had before the first client. Linux only.
 */
export class HeldSockets {
  private readonly samples: number[] = [];
  private servers: readonly string[] = [];
  private before = 0;
  private timer: NodeJS.Timeout | null = null;

  /** To be told of every reading of the trial. */
  readonly onReading = ({ phase }: LiveReading): void => {
    if (phase === 'connecting' && this.servers.length === 0) {
      this.servers = serversOf(process.pid);
      this.before = this.count() ?? 0;
    }
    if (phase !== 'measuring') this.stop();
    else if (this.timer === null) {
      this.timer = setInterval(() => this.sample(), EVERY_MS);
      this.sample();
    }
  };

  /** The median over the window; null where nothing could be read. */
  median(): number | null {
    this.stop();
    const sorted = [...this.samples].sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    return median === undefined ? null : Math.max(0, median - this.before);
  }

  private sample(): void {
    const now = this.count();
    if (now !== null) this.samples.push(now);
  }

  private stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private count(): number | null {
    if (this.servers.length === 0) return null;
    try {
      return this.servers.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
    } catch {
      // It ended meanwhile.
      return null;
    }
  }
}

/** Server processes that a process has started. */
function serversOf(parent: number): string[] {
  try {
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isServerOf(pid, parent));
  } catch {
    return [];
  }
}

function isServerOf(pid: string, parent: number): boolean {
  try {
    // The name in brackets may hold anything, brackets too.
    const [, parentPid] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return Number(parentPid) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(SERVER);
  } catch {
    return false;
  }
}
