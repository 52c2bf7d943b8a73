import { LEAST_FOR_INTERVAL } from './median-interval.js';
import { isResolved, LEAST_CLIENTS_FOR_MEMORY, UNRESOLVED_MARK } from './memory-resolution.js';
import { plainText } from './plain-text.js';
import type { RequestCeiling, Result } from './result.js';
import { formatCount, formatMicros, formatPercent, formatRate, formatSeconds } from './units.js';
import { metricOf, type ResultView, type WarningView } from './view.js';

/** Places that are named before the rest is counted. */
const NAMED_PLACES = 3;

const HEADINGS = { completed: 'Warning', void: 'Void', failed: 'Failed', skipped: 'Skipped' } as const;

/** What became of the trials that gave a warning, in a word or two. */
export function warningHeading({ code, status }: WarningView): string {
  return status === 'void' && code === 'interrupted' ? 'Cut short' : HEADINGS[status];
}

/** `Void (WebSocket, round 2; and 3 more): what happened. What to do.` */
export function warningSentence(warning: WarningView): string {
  const places = warning.where.slice(0, NAMED_PLACES);
  const rest = warning.where.length - places.length;
  if (rest > 0) places.push(`and ${formatCount(rest)} more`);
  const message = /[.!?…]$/u.test(warning.message) ? warning.message : `${warning.message}.`;
  const advice = warning.nextStep ? ` ${warning.nextStep}` : '';
  return `${warningHeading(warning)} (${places.join('; ')}): ${message}${advice}`;
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
  // Without a completed trial there is nothing to mark, and what went wrong says so.
  if (!rivals || counts.every((count) => count === 0)) return null;
  if (!marked) {
    return counts.every((count) => count < 2)
      ? `No value is marked as the best: one trial does not show the noise${result.plan.trials < 2 ? ' (try --trials 5)' : ''}.`
      : null;
  }
  return Math.min(...counts) >= LEAST_FOR_INTERVAL
    ? '* lower than all others beyond the noise (99 % intervals apart).'
    : '* lower than all others beyond the noise (no two trials overlap).';
}

/** What a single trial knows of its medians, and that this is all it knows; null with more trials or few publishes. */
export function withinRunSentence(view: ResultView): string | null {
  if (!view.timed) return null;
  // A sweep is spoken of at its largest load, as in the findings.
  const spoken = view.groups.findLast(({ contestants }) =>
    contestants.some(({ completed }) => completed > 0),
  );
  const known = (spoken ? [spoken] : []).flatMap(({ contestants, clients }) =>
    contestants.flatMap((contestant) => {
      const within = metricOf(contestant, 'latencyUs.p50')?.withinRun;
      if (!within) return [];
      const at = view.isSweep ? ` at ${formatCount(clients)}` : '';
      return [`${contestant.title}${at} ${formatMicros(within.low)} to ${formatMicros(within.high)}`];
    }),
  );
  if (known.length === 0) return null;
  return `99 % intervals of p50 within the run, from its publishes (another run may lie outside): ${known.join('; ')}.`;
}

/** How far `--trials auto` came; null for any other run. */
export function autoSentence({ plan }: Result): string | null {
  if (!plan.auto?.stopped) return null;
  const { stopped, precisionPercent, budgetSeconds } = plan.auto;
  const rounds = `${formatCount(plan.trials)} ${plan.trials === 1 ? 'round' : 'rounds'}`;
  if (stopped === 'precise')
    return `Stopped after ${rounds}: every p50 and byte count is known to ${formatPercent(precisionPercent)}.`;
  if (stopped === 'interrupted') return null;
  const why =
    stopped === 'budget' ? `the budget of ${formatSeconds(budgetSeconds)} was spent` : 'more are not run';
  return `Stopped after ${rounds}, as ${why}, before every p50 and byte count was known to ${formatPercent(precisionPercent)}; use a larger --budget or a longer --duration.`;
}

/** Says which numbers of memory are marked, and why they prove nothing; null where none is. */
export function memorySentence(view: ResultView): string | null {
  const path = 'memory.server.bytesPerClient';
  const isMarked = view.groups.some(({ contestants, clients }) =>
    contestants.some((contestant) => {
      const metric = metricOf(contestant, path);
      return metric !== null && !isResolved(path, metric, clients);
    }),
  );
  return isMarked
    ? `${UNRESOLVED_MARK} not resolved: below ${formatCount(LEAST_CLIENTS_FOR_MEMORY)} clients, or 4 MiB beyond the spread between trials, the difference is within the noise of a process's resident set.`
    : null;
}

/** Says that p99 rests on too few publishes; null when it does not, or when no trial has one. */
export function tailSentence(view: ResultView): string | null {
  const { bounded, publishes, needed } = view.tail;
  const isMeasured = view.groups.some(({ contestants }) =>
    contestants.some(({ completed }) => completed > 0),
  );
  if (!view.timed || !isMeasured) return null;
  const each = publishes === 1 ? '1 publish' : `${formatCount(publishes)} publishes`;
  return bounded ? null : `† tail not bounded: ${each} a trial; from ${needed} on, p99 is.`;
}
