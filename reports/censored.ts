import { listed } from './listed.js';
import { median } from './statistics.js';
import type { ContestantView, ResultView } from './view.js';

/** Stands before a lateness that lost messages are in: what they would have been is only known to be more. */
export const AT_LEAST_MARK = '≥';

/** The part of all samples from which on a percentile is one of the lost, by the metric's path. */
const TURNS_AT: Readonly<Record<string, number>> = {
  'latencyUs.p50': 0.5,
  'latencyUs.p90': 0.1,
  'latencyUs.p99': 0.01,
  'latencyUs.p999': 0.001,
  'latencyUs.max': 0,
};

/** Which part of a contestant's latencies are lost messages, entered at the end of the drain: median over completed trials. */
function censoredPart({ trials }: ContestantView): number {
  const parts = trials.flatMap(({ status, measurements }) =>
    status === 'completed' && measurements && measurements.latencyUs.count > 0
      ? [measurements.latencyUs.censored / measurements.latencyUs.count]
      : [],
  );
  return parts.length === 0 ? 0 : median(parts);
}

/**
 * Whether a number is a lower bound only. A lost message stands in the latencies as if it had come when the drain ended,
 * so a percentile that lost messages reach says how long was waited, not how late anything came.
 *
 * @param path dotted path of any metric; none but latencies are lower bounds
 */
export function isAtLeast(contestant: ContestantView, path: string): boolean {
  const from = TURNS_AT[path];
  if (from === undefined) return false;
  const part = censoredPart(contestant);
  return part > 0 && part >= from;
}

/** `With SSE and WebSocket half of the messages or more never came.`; null where that is nobody's median. */
export function unheardSentence(contestants: readonly ContestantView[]): string | null {
  const unheard = contestants.filter((contestant) => isAtLeast(contestant, 'latencyUs.p50'));
  if (unheard.length === 0) return null;
  const titles = listed(unheard.map(({ title }) => title));
  return unheard.every((contestant) => censoredPart(contestant) === 1)
    ? `With ${titles} no message came at all.`
    : `With ${titles} half of the messages or more never came.`;
}

/** What the mark means; null where nothing that is shown has it. */
export function atLeastSentence(view: ResultView): string | null {
  const isMarked = view.groups.some(({ contestants }) =>
    contestants.some((contestant) => isAtLeast(contestant, 'latencyUs.max')),
  );
  return view.timed && isMarked
    ? `${AT_LEAST_MARK} at least: a lost message counts as if it had come when the waiting for it ended.`
    : null;
}
