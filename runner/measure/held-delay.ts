import { DistributionTable } from './distribution-table.js';
import { type EncodedHolds, HEARTBEAT_MS } from './hold-watch.js';

/** The delay that messages meet is asked for at this percentile, as the generator's share is. */
const EXCEEDED_BY = 0.01;
const BISECTIONS = 40;

/** What holds did to messages that arrive at any instant of the window. */
export interface HeldDelay {
  /** 99 of 100 messages that arrive at a random instant are held up by less than this, microseconds. */
  readonly p99Us: number;
  /** Heartbeats that were late by more than `us`: the samples of a hold. */
  lateBeats(us: number): number;
}

/**
 * The delay that being kept from running added, over one process.
 *
 * A message that arrives at a random instant of a hold of length h waits uniformly between 0 and h. So the part of
 * messages that wait longer than L is the sum of max(0, h - L) over all holds, divided by the window; the p99 is the L
 * at which that is one in a hundred.
 */
export function heldDelay({ table, wallMs }: EncodedHolds): HeldDelay {
  const holds = holdsOf(table);
  const wallUs = wallMs * 1000;
  const partAbove = (us: number): number =>
    wallUs <= 0
      ? 0
      : holds.reduce((sum, { lengthUs, count }) => sum + Math.max(0, lengthUs - us) * count, 0) / wallUs;
  return {
    p99Us: partAbove(0) <= EXCEEDED_BY ? 0 : bisect(partAbove, Math.max(...holds.map((h) => h.lengthUs))),
    lateBeats: (us) =>
      holds.reduce(
        (sum, { lengthUs, count }) =>
          lengthUs <= us ? sum : sum + count * (1 + Math.floor((lengthUs - us) / (HEARTBEAT_MS * 1000))),
        0,
      ),
  };
}

function bisect(partAbove: (us: number) => number, highest: number): number {
  let low = 0;
  let high = highest;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (partAbove(middle) > EXCEEDED_BY) low = middle;
    else high = middle;
  }
  return high;
}

function holdsOf(table: EncodedHolds['table']): { lengthUs: number; count: number }[] {
  const holds: { lengthUs: number; count: number }[] = [];
  for (const { cells } of table.rows) {
    for (let at = 0; at < cells.length; at += 2) {
      holds.push({ lengthUs: DistributionTable.middleUs(cells[at]!), count: cells[at + 1]! });
    }
  }
  return holds;
}
