import type { Measurements } from '../reports/result.js';
import { DurationHistogram } from './measure/histogram.js';
import type { EncodedReconnects } from './measure/reconnect-record.js';
import { type RestartDone, SECOND_STRETCH } from './workloads/restart.js';

/** The publishes of a window, in order, as its measurements have them. */
type Publishes = Pick<Measurements['publishes'], 'intendedUs' | 'delivered'>;

/**
 * What the restarts of a window did to its clients: shards merged, losses read from the publishes. Pure.
 *
 * @param expectedEach deliveries that each publish should have had
 * @param resumes whether clients ask for what they missed: where they do not, what was due before they were back and came
 *   all the same was published in the instant of their return, which resumes nothing
 */
export function restartMeasurements(
  done: readonly RestartDone[],
  shards: readonly EncodedReconnects[],
  publishes: Publishes,
  expectedEach: number,
  windowSeconds: number,
  resumes: boolean,
): NonNullable<Measurements['restarts']> {
  const sum = (read: (shard: EncodedReconnects) => number): number =>
    shards.reduce((total, shard) => total + read(shard), 0);
  const boundaryUs = windowSeconds * SECOND_STRETCH * 1e6;
  return {
    each: done.map((restart, at) => {
      const away = new DurationHistogram();
      for (const shard of shards) away.merge(shard.restarts[at]!.away);
      const tally = { expected: 0, lost: 0, lostWhileAway: 0 };
      publishes.intendedUs.forEach((intendedUs, row) => {
        if ((at === 0) !== intendedUs < boundaryUs) return;
        const missing = Math.max(0, expectedEach - publishes.delivered[row]!);
        tally.expected += expectedEach;
        tally.lost += missing;
        if (intendedUs >= restart.killedMs * 1000 && intendedUs < restart.listeningMs * 1000)
          tally.lostWhileAway += missing;
      });
      const lastBackMs = Math.max(...shards.map((shard) => shard.restarts[at]!.lastBackMs));
      const left = sum((shard) => shard.restarts[at]!.left);
      const back = sum((shard) => shard.restarts[at]!.back);
      const found = {
        log: restart.log,
        killedAtSeconds: restart.killedMs / 1000,
        awayMs: restart.listeningMs - restart.killedMs,
        left,
        back,
        allBackAfterMs: left > 0 && back === left ? Math.max(0, lastBackMs - restart.killedMs) : null,
        clientAwayUs: { p50: away.percentile(50), p99: away.percentile(99), max: away.max },
        ...tally,
        neverPublished: restart.neverPublished,
        duplicated: sum((shard) => shard.restarts[at]!.duplicated),
        resumed: resumes ? sum((shard) => shard.restarts[at]!.resumed) : 0,
      };
      away.destroy();
      return found;
    }),
    herd: {
      everyMs: shards[0]!.herd.everyMs,
      left: added(shards.map(({ herd }) => herd.left)),
      failed: added(shards.map(({ herd }) => herd.failed)),
      back: added(shards.map(({ herd }) => herd.back)),
    },
  };
}

/** Rows of equal length, added place by place; trailing zeros say nothing and are left off. */
function added(rows: readonly (readonly number[])[]): number[] {
  const total = rows[0]!.map((_, at) => rows.reduce((sum, row) => sum + row[at]!, 0));
  return total.slice(0, total.findLastIndex((count) => count > 0) + 1);
}
