import { performance } from 'node:perf_hooks';
import { DistributionTable, type EncodedTable } from './distribution-table.js';

/** How often a process that is allowed to run is seen, milliseconds. */
export const HEARTBEAT_MS = 5;
/** Node's timers fire up to 1.8 ms late on an idle machine (measured); shorter holds are not told apart from that. */
const SLACK_MS = 2;

/** How long a process was kept from running, while its event loop had nothing to do or was waiting to wake up. */
export interface EncodedHolds {
  /** One row: microseconds of each hold. */
  readonly table: EncodedTable;
  readonly wallMs: number;
}

/**
 * Sees when this process was kept from running: stopped, or waiting for its core behind another program.
 *
 * Messages that come meanwhile wait in the kernel, where the share of a latency (wake-up to parsed) does not see them,
 * and the process's CPU time does not show it either. But a heartbeat is due every 5 ms, so between two of them the
 * event loop cannot idle for longer, unless the process could not wake up. Idle time is libuv's own (time inside the
 * poll), which leaves out every turn that was long for its work.
 */
export class HoldWatch {
  private readonly holds = new DistributionTable(1);
  private timer: NodeJS.Timeout | null = null;
  private idleMs = 0;
  private startedMs = 0;

  /** Begins, or begins anew: what was seen before is forgotten only by a new watch. */
  start(): void {
    this.startedMs = performance.now();
    this.idleMs = performance.nodeTiming.idleTime;
    this.timer ??= setInterval(() => this.beat(), HEARTBEAT_MS);
  }

  stop(): EncodedHolds {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    return { table: this.holds.encode(), wallMs: performance.now() - this.startedMs };
  }

  private beat(): void {
    const idleMs = performance.nodeTiming.idleTime;
    const heldMs = idleMs - this.idleMs - HEARTBEAT_MS;
    this.idleMs = idleMs;
    if (heldMs > SLACK_MS) this.holds.record(0, heldMs * 1000);
  }
}
