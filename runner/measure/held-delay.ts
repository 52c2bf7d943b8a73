import { DistributionTable } from './distribution-table.js';
import { type EncodedHolds, HEARTBEAT_MS } from './hold-watch.js';

/** The delay that messages meet is asked for at this percentile, as the generator's share is. */
const EXCEEDED_BY = 0.01;
const BISECTIONS = 40;
const BEAT_US = HEARTBEAT_MS * 1000;

/** What being kept from running did to messages that arrived at any instant of the window. */
export interface HeldDelay {
  /** 99 of 100 messages that arrive at a random instant are held up by no more than this, microseconds. */
  readonly p99Us: number;
  /** Heartbeats that were late by more than `us`, those contained that were never sent. */
  lateBeats(us: number): number;
}

/**
 * The delay that being kept from running added, over one process.
 *
 * A heartbeat is a message that arrives at a known instant, so its lateness is a sample of the delay that others met.
 * One that is late by more than a beat stands also for those that could not be sent meanwhile, each one beat less late:
 * left out, a long stop would count as a single sample (coordinated omission).
 */
export function heldDelay({ table, wallMs }: EncodedHolds): HeldDelay {
  const late = lateOf(table);
  const beats = (wallMs * 1000) / BEAT_US;
  const lateBeats = (us: number): number =>
    late.reduce(
      (sum, { lateUs, count }) =>
        lateUs <= us ? sum : sum + count * (1 + Math.floor((lateUs - us) / BEAT_US)),
      0,
    );
  const isExceeded = (us: number): boolean => lateBeats(us) > EXCEEDED_BY * beats;
  return {
    p99Us: beats > 0 && isExceeded(0) ? bisect(isExceeded, Math.max(...late.map((h) => h.lateUs))) : 0,
    lateBeats,
  };
}

/** The least delay that is not exceeded, between 0 and `highest`. */
function bisect(isExceeded: (us: number) => boolean, highest: number): number {
  let low = 0;
  let high = highest;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (isExceeded(middle)) low = middle;
    else high = middle;
  }
  return high;
}

function lateOf(table: EncodedHolds['table']): { lateUs: number; count: number }[] {
  const late: { lateUs: number; count: number }[] = [];
  for (const { cells } of table.rows) {
    for (let at = 0; at < cells.length; at += 2) {
      late.push({ lateUs: DistributionTable.middleUs(cells[at]!), count: cells[at + 1]! });
    }
  }
  return late;
}
