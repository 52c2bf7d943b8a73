import { CLOCK_ERROR_US } from '../protocol/clock-error.js';
import type { Measurements, Result } from './result.js';
import { formatMicros } from './units.js';
import type { ResultView } from './view.js';

/**
 * What latencies are read on, and what the ruler's own publisher adds to them at worst in a completed trial. Null where
 * nothing was timed.
 */
export function clockSentence(result: Result, view: ResultView): string | null {
  const completed = result.trials.flatMap((trial) =>
    trial.status === 'completed' ? [trial.measurements] : [],
  );
  if (!view.timed || completed.length === 0) return null;
  const worst = (pick: (measurements: Measurements) => number | null): number | null =>
    completed.reduce<number | null>((most, measurements) => {
      const value = pick(measurements);
      return value === null ? most : Math.max(most ?? 0, value);
    }, null);
  const p50 = worst(({ health }) => health.publisherLagP50Us);
  const p99 = worst(({ health }) => health.publisherLagP99Us);
  const lag =
    p50 === null || p99 === null
      ? 'no publisher was ever idle, so that its own lag is not known'
      : `an idle publisher was late by ${formatMicros(p50)} (p50) and ${formatMicros(p99)} (p99) at worst`;
  return `Latency is read on one clock (CLOCK_MONOTONIC, to ${formatMicros(CLOCK_ERROR_US)} between processes); ${lag}.`;
}
