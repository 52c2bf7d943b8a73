import { plainText } from './plain-text.js';
import type { RequestCeiling, Result } from './result.js';
import { LEAST_FOR_INTERVAL } from './statistics.js';
import { formatCount, formatRate } from './units.js';
import type { ResultView, WarningView } from './view.js';

/** Places that are named before the rest is counted. */
const NAMED_PLACES = 3;

const HEADINGS = { completed: 'Warning', void: 'Void', failed: 'Failed', skipped: 'Skipped' } as const;

/** `Void (WebSocket, round 2; and 3 more): what happened. What to do.` */
export function warningSentence(warning: WarningView): string {
  const places = warning.where.slice(0, NAMED_PLACES);
  const rest = warning.where.length - places.length;
  if (rest > 0) places.push(`and ${formatCount(rest)} more`);
  const message = /[.!?…]$/u.test(warning.message) ? warning.message : `${warning.message}.`;
  const advice = warning.nextStep ? ` ${warning.nextStep}` : '';
  return `${HEADINGS[warning.status]} (${places.join('; ')}): ${message}${advice}`;
}

/** What stands beside polling's numbers; null when it was not measured. */
export function ceilingSentence(ceiling: RequestCeiling | null): string | null {
  if (!ceiling) return null;
  const errors = ceiling.errors > 0 ? `, ${formatCount(ceiling.errors)} errors` : '';
  return `${plainText(ceiling.scenario, 60)}: plain request/response ceiling (${plainText(ceiling.tool, 60)}): ${formatRate(ceiling.requestsPerSecond)} over ${formatCount(ceiling.connections)} connections${errors}.`;
}

/** What the mark of a best value means in this run, or why there is none. */
export function markSentence(result: Result, view: ResultView, marked: boolean): string | null {
  const counts = view.groups.flatMap(({ contestants }) => contestants.map(({ completed }) => completed));
  const rivals = view.groups.some(({ contestants }) => contestants.length > 1);
  if (!rivals) return null;
  if (!marked) {
    return counts.every((count) => count < 2)
      ? `No value is marked as the best: one trial does not show the noise${result.plan.trials < 2 ? ' (try --trials 5)' : ''}.`
      : null;
  }
  return Math.min(...counts) >= LEAST_FOR_INTERVAL
    ? '* lower than all others beyond the noise (99 % intervals apart).'
    : '* lower than all others beyond the noise (no two trials overlap).';
}

/** Says that p99 rests on too few publishes; null when it does not. */
export function tailSentence(view: ResultView): string | null {
  const { bounded, publishes, needed } = view.tail;
  const each = publishes === 1 ? '1 publish' : `${formatCount(publishes)} publishes`;
  return bounded ? null : `† tail not bounded: ${each} a trial; from ${needed} on, p99 is.`;
}
