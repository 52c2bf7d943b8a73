import { readFileSync } from 'node:fs';
import type { LiveReading } from '../../runner/observer.js';

const EVERY_MS = 20;

/** TCP sockets of the machine in use, TIME_WAIT and those of IPv6 left out, from /proc/net/sockstat. Null when it does not say. */
export function parseInUse(text: string): number | null {
  const found = /^TCP: inuse (\d+)\b/m.exec(text);
  return found === null ? null : Number(found[1]);
}

/** Counts the sockets that a trial holds at the server while its window is open. Linux only. */
export class SocketWatch {
  private readonly samples: number[] = [];
  private readonly before = read();
  private timer: NodeJS.Timeout | null = null;

  /** To be told of every reading of the trial. */
  readonly onReading = ({ phase }: LiveReading): void => {
    if (phase === 'measuring') this.timer ??= setInterval(() => this.sample(), EVERY_MS);
    else this.stop();
  };

  /** The median over the window: of a connection on loopback one of two ends. Null where nothing could be read. */
  held(): number | null {
    this.stop();
    const sorted = [...this.samples].sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    return this.before === null || median === undefined ? null : Math.max(0, (median - this.before) / 2);
  }

  private sample(): void {
    const now = read();
    if (now !== null) this.samples.push(now);
  }

  private stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}

function read(): number | null {
  try {
    return parseInUse(readFileSync('/proc/net/sockstat', 'utf8'));
  } catch {
    return null;
  }
}
