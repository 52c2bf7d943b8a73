import { plainText } from '../reports/plain-text.js';
import type { Trial } from '../reports/result.js';
import { formatCount, formatMicros } from '../reports/units.js';
import { spanText } from './estimate.js';
import type { Contestant } from './plan.js';

/** Reasons hold words of servers that are not ours. */
const LONGEST_REASON = 2000;

/** The first line of a run. */
export function opening(contestants: readonly Contestant[], estimateSeconds: number): string {
  const trials = contestants.length === 1 ? '1 trial' : `${formatCount(contestants.length)} trials`;
  return `${trials}; this will take about ${spanText(estimateSeconds)}.`;
}

/** A contestant for people: `sse, 1,000 clients`. */
export function nameOf(contestant: Contestant): string {
  const clients = contestant.clients === 1 ? '1 client' : `${formatCount(contestant.clients)} clients`;
  const { scenario, arm } = contestant;
  // The arms of a comparison are named after themselves.
  if (arm?.startsWith(scenario)) return `${arm}, ${clients}`;
  return `${scenario}, ${clients}${arm === undefined ? '' : `, arm ${arm}`}`;
}

/** What came of a trial, as a phrase. */
export function outcome(trial: Trial): string {
  const reasons = trial.reasons.map(({ message }) => plainText(message, LONGEST_REASON)).join(' ');
  if (trial.status === 'failed' || trial.status === 'skipped') return `${trial.status}: ${reasons}`;
  const { messages, latencyUs, wire } = trial.measurements;
  const lost = (messages.lost ?? 0) > 0 ? `, ${formatCount(messages.lost)} lost` : '';
  const void_ = trial.status === 'void' ? ` (void: ${reasons})` : '';
  const agreed = wire.verification?.agrees ? 'all bytes agree' : 'bytes disagree';
  const found = wire.verification === undefined ? `p99 ${formatMicros(latencyUs.p99)}` : agreed;
  return `${formatCount(messages.delivered)} messages${lost}, ${found}${void_}`;
}
