import type { MeasuredTrial } from '../result.js';
import { completedOf, type GateContestant } from './contestants.js';
import type { Verdict } from './contract.js';
import { numberAt } from './metric-path.js';

/**
 * Trials of each side from which on it is no chance that one side has something in all of them and the other in none:
 * whatever the part of trials that have it, that happens at most once in 4^5 = 1,024 gates.
 */
const LEAST_FOR_ALL_OR_NONE = 5;

/** What can be said of a metric where chance decides whether a trial has it. */
export interface Chance {
  readonly verdict: Extract<Verdict, 'inconclusive' | 'not judged'>;
  readonly message: string;
}

function isBeyondChance(having: readonly boolean[], others: readonly unknown[]): boolean {
  return (
    having.every((has) => has) &&
    having.length >= LEAST_FOR_ALL_OR_NONE &&
    others.length >= LEAST_FOR_ALL_OR_NONE
  );
}

/** Whether a trial surely had such an exchange, whatever is known of its bytes. */
function hadExchange({ measurements }: MeasuredTrial, kind: 'hit' | 'empty'): boolean {
  const empty = numberAt(measurements, 'requests.empty') ?? 0;
  if (kind === 'empty') return empty > 0;
  const answered = (numberAt(measurements, 'requests.total') ?? 0) - empty;
  const each = numberAt(measurements, 'messages.perResponse');
  return answered > 0 && each !== null && each <= 1;
}

/** `hit` or `empty` of a metric of one exchange, null of any other. */
function exchangeKind(metric: string): 'hit' | 'empty' | null {
  const [, kind] = /^wire\.exchange\.(hit|empty)\./.exec(metric) ?? [];
  return kind === 'hit' || kind === 'empty' ? kind : null;
}

/**
 * Whether a poll brings one message, or none, is chance: what to say of the bytes of such an exchange where only one side
 * had any. Null where both had, or where a side had some and knows no bytes of them.
 */
export function oneSidedExchange({ base, head }: GateContestant, metric: string): Chance | null {
  const kind = exchangeKind(metric);
  if (kind === null) return null;
  const sides = { base: completedOf(base), head: completedOf(head) };
  const has = (trial: MeasuredTrial): boolean => numberAt(trial.measurements, metric) !== null;
  const some = { base: sides.base.filter(has).length, head: sides.head.filter(has).length };
  if (some.base > 0 === some.head > 0) return null;
  const [having, lacking] = some.base > 0 ? (['base', 'head'] as const) : (['head', 'base'] as const);
  if (sides[lacking].some((trial) => hadExchange(trial, kind))) return null;
  const what = kind === 'empty' ? 'empty poll' : 'exchange with a single message';
  const facts = `the ${lacking} had no ${what} in ${trials(sides[lacking])}, the ${having} in ${some[having]} of ${trials(sides[having])}`;
  return isBeyondChance(sides[having].map(has), sides[lacking])
    ? { verdict: 'inconclusive', message: `Cannot be judged: ${facts}, which is hardly chance.` }
    : { verdict: 'not judged', message: `Not judged: ${facts}, which may be chance.` };
}

function trials({ length }: readonly unknown[]): string {
  return length === 1 ? '1 trial' : `${length} trials`;
}

/** Whether no trial had an exchange of that kind, so that there are no bytes of it; false of any other metric. */
export function isNoExchange({ base, head }: GateContestant, metric: string): boolean {
  const measured = completedOf([...base, ...head]);
  if (!metric.startsWith('wire.exchange.')) return false;
  if (measured.every(({ measurements }) => measurements.wire.exchange === null)) return true;
  return exchangeKind(metric) === 'empty' && !measured.some((trial) => hadExchange(trial, 'empty'));
}

/**
 * Heartbeats and reconnects are part of the total bytes per delivery, and how many fall into a window is chance: what to
 * say of a total because of them. Null of any other metric, and where none did. Reconnects of the head alone are no chance.
 */
export function heartbeatsIn({ base, head }: GateContestant, metric: string): Chance | null {
  const way = /^wire\.perDelivery\.(up|down)\.total$/.exec(metric)?.[1];
  if (way !== 'up' && way !== 'down') return null;
  const has = (part: 'idle' | 'handshake', { measurements }: MeasuredTrial): boolean =>
    (measurements.wire.perDelivery?.[way][part] ?? 0) > 0;
  const [old, fresh] = [completedOf(base), completedOf(head)];
  const apart = 'payload, header and framing are judged by themselves.';
  if (old.some((trial) => has('idle', trial) || has('handshake', trial))) {
    return {
      verdict: 'not judged',
      message: `Not judged: heartbeats or reconnects fell into the window of the base; ${apart}`,
    };
  }
  const beating = fresh.map((trial) => has('idle', trial));
  const count = beating.filter((beats) => beats).length;
  if (count === 0 || isBeyondChance(beating, old) || fresh.some((trial) => has('handshake', trial)))
    return null;
  return {
    verdict: 'inconclusive',
    message: `Heartbeats fell into the window of ${count} of ${trials(fresh)} of the head and of none of the base, which may be chance; ${apart}`,
  };
}
