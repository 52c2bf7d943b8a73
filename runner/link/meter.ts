import { DurationHistogram } from '../measure/histogram.js';
import type { LinkResult } from './contract.js';

/** A link process's own measurements over the window. */
export class Meter {
  private up = 0;
  private down = 0;
  private readonly error = new DurationHistogram();
  private openedMs = performance.now();
  private openedCpu = cpuMicros();

  /** A piece was written to a socket `lateMs` after it was due. */
  released(direction: 'up' | 'down', bytes: number, lateMs: number): void {
    if (direction === 'up') this.up += bytes;
    else this.down += bytes;
    this.error.record(lateMs > 0 ? lateMs * 1000 : 0);
  }

  /** The window opens: forget what came before. */
  open(): void {
    this.up = 0;
    this.down = 0;
    this.error.reset();
    this.openedMs = performance.now();
    this.openedCpu = cpuMicros();
  }

  result(): LinkResult {
    return {
      bytesUp: this.up,
      bytesDown: this.down,
      releases: this.error.count,
      error: this.error.encode(),
      cpuMicros: cpuMicros() - this.openedCpu,
      wallMs: performance.now() - this.openedMs,
    };
  }
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
