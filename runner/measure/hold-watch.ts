import { performance } from 'node:perf_hooks';
import { DistributionTable, type EncodedTable } from './distribution-table.js';

/**
 * How often a process that is allowed to run is seen, milliseconds. Each beat wakes it up, which takes up to 0.15 ms of CPU
 * on a core that sleeps (measured): at 10 ms it was an eighth of all that a generator of 10,000 clients used.
 */
export const HEARTBEAT_MS = 25;
/** Node's timers fire up to 1.8 ms late on an idle machine (measured); shorter holds are not told apart from that. */
const SLACK_MS = 2;

const HELD = 0;
const LATE = 1;

/** How late the heartbeats of a process were because it was kept from running. */
export interface EncodedHolds {
  /** One row: microseconds of each late beat. */
  readonly table: EncodedTable;
  readonly wallMs: number;
}

/**
 * Sees when this process was kept from running: stopped, or waiting for its core behind another program.
 *
 * Messages that come meanwhile wait in the kernel, where the share of a latency (wake-up to parsed) does not see them,
 * and the process's CPU time does not show it either. But a heartbeat is due every 25 ms, so between two of them the
 * event loop cannot idle for longer, unless the process could not wake up. Idle time is libuv's own (time inside the
 * poll), which leaves out every turn that was long for its work.
 */
export class HoldWatch {
  private readonly beats = new DistributionTable(2);
  private timer: NodeJS.Timeout | null = null;
  private idleMs = 0;
  private beatMs = 0;
  private startedMs = 0;

  /** Begins to watch; called again, only the window begins anew. */
  start(): void {
    this.startedMs = performance.now();
    this.beatMs = this.startedMs;
    this.idleMs = performance.nodeTiming.idleTime;
    this.timer ??= setInterval(() => this.beat(), HEARTBEAT_MS);
  }

  stop(): EncodedHolds {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    const [held] = this.beats.encode().rows;
    return { table: { rows: [held!] }, wallMs: performance.now() - this.startedMs };
  }

  /** How late 99 of 100 heartbeats were at most, for whatever reason, microseconds; null before the first. */
  get lateP99Us(): number | null {
    return this.beats.percentile(LATE, 99);
  }

  private beat(): void {
    const nowMs = performance.now();
    const idleMs = performance.nodeTiming.idleTime;
    const heldMs = idleMs - this.idleMs - HEARTBEAT_MS;
    this.beats.record(LATE, Math.max(0, nowMs - this.beatMs - HEARTBEAT_MS) * 1000);
    this.idleMs = idleMs;
    this.beatMs = nowMs;
    if (heldMs > SLACK_MS) this.beats.record(HELD, heldMs * 1000);
  }
}
