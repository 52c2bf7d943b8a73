import { plainText } from '../plain-text.js';
import type { Trial } from '../result.js';
import { heartbeatsIn, isNoExchange, oneSidedExchange } from './chance.js';
import { completedOf, type GateContestant } from './contestants.js';
import type { Rule, Verdict } from './contract.js';
import { type Finding, judgeExact } from './judge-exact.js';
import { type Candidate, candidateOf } from './judge-ratio.js';
import { numberAt } from './metric-path.js';

/** What the completed trials of a side have of a metric, in their order. */
export function valuesOf(trials: readonly Trial[], metric: string): number[] {
  return completedOf(trials).flatMap(({ measurements }) => numberAt(measurements, metric) ?? []);
}

/** Parts of the measurements that a transport, a plan or a machine may be without. */
const OPTIONAL_PARTS =
  /^(wire\.(exchange|identity|growth|verification)|memory\.|cpu\.|link|ports|sideCrowd|restarts|proxy|handlers)(\.|$)/;

/** Workloads that lose, cut off or reconnect by design: how many is no matter of zero tolerance. */
const UNRULY: ReadonlySet<string> = new Set(['churn', 'restart', 'slow-readers', 'overload']);
const COUNTED = /^(messages|clients)\.|^wire\.handshakePerClient\./;

/**
 * A finding at once, a candidate for the family of intervals, or null where a default rule means nothing here: the transport
 * or the workload has no such thing. What merely has no number is told.
 */
export function findingOf(
  rule: Rule,
  contestant: GateContestant,
  isOwn: boolean,
  confidence: number,
  unlike: string | null,
): Candidate | Finding | null {
  const { metric, level } = rule;
  const cannot = (why: string, always: Verdict | null = null): Finding => ({
    verdict: always ?? (rule.required ? 'inconclusive' : 'not judged'),
    message: why,
    word: null,
    ratio: null,
    aa: null,
  });
  if (!isOwn && UNRULY.has(contestant.workload) && COUNTED.test(metric)) return null;
  const fault = sideFault(contestant);
  if (fault !== null) return cannot(fault.message, fault.verdict);
  if (level === 'exact' && metric.startsWith('wire.perDelivery.') && isPolling(contestant)) {
    if (!isOwn) return null;
    return cannot(
      'Not judged: bytes per delivery of a transport that polls depend on when its polls fall; wire.exchange has those of one exchange.',
    );
  }
  const base = valuesOf(contestant.base, metric);
  const head = valuesOf(contestant.head, metric);
  if (base.length === 0 && head.length === 0) {
    if (isOwn && OPTIONAL_PARTS.test(metric))
      return cannot('Not judged: neither side has a number of this metric.');
    if (!isOwn && isNoExchange(contestant, metric)) return null;
    if (!isOwn && rule.required && isSilent(contestant)) {
      return cannot(
        'Cannot be judged, and is required: neither side has a number of this metric, for nothing was delivered.',
      );
    }
    if (!isOwn) return cannot('Not judged: neither side has a number of this metric.', 'not judged');
  }
  const chance =
    oneSidedExchange(contestant, metric) ?? (level === 'exact' ? heartbeatsIn(contestant, metric) : null);
  if (chance !== null)
    return cannot(chance.message, chance.verdict === 'inconclusive' ? 'inconclusive' : null);
  const missing = headWithoutNumber(contestant, metric);
  if (missing !== null) return cannot(missing, 'fail');
  if (base.length === 0) return cannot('The base has no number of this metric in any trial.', 'fail');
  if (level !== 'exact') return candidateOf(rule, contestant, confidence, unlike);
  return judgeExact(rule, contestant.base, contestant.head);
}

/** A side that cannot be compared at all. */
function sideFault({
  base,
  head,
}: GateContestant): { verdict: 'fail' | 'inconclusive'; message: string } | null {
  const isMeasured = ({ status }: Trial): boolean => status === 'completed';
  if (base.length + head.length === 0)
    return { verdict: 'inconclusive', message: 'The plan has it, and neither side has a trial of it.' };
  if (!base.some(isMeasured)) return { verdict: 'inconclusive', message: 'The base has no completed trial.' };
  const broken = head.find(({ status }) => status === 'failed');
  if (broken !== undefined) {
    const why = broken.reasons[0] === undefined ? '.' : `: ${plainText(broken.reasons[0].message, 200)}`;
    return {
      verdict: 'fail',
      message: `The head has no number in round ${broken.trial}, where its trial failed${why}`,
    };
  }
  if (head.some(isMeasured)) return null;
  return { verdict: 'inconclusive', message: 'The head has no completed trial.' };
}

function isPolling({ base, head }: GateContestant): boolean {
  return completedOf([...base, ...head]).some(({ measurements }) => measurements.wire.exchange !== null);
}

/** Whether no message came through in any trial. */
function isSilent({ base, head }: GateContestant): boolean {
  return completedOf([...base, ...head]).every(
    ({ measurements }) => numberAt(measurements, 'messages.delivered') === 0,
  );
}

/** A sentence where the head lacks a number. */
function headWithoutNumber({ head }: GateContestant, metric: string): string | null {
  const measured = completedOf(head);
  const without = measured.filter(({ measurements }) => numberAt(measurements, metric) === null);
  if (without.length === 0) return null;
  // Whether a poll brings just one message, or none, is chance: one such exchange is enough.
  if (metric.startsWith('wire.exchange.') && without.length < measured.length) return null;
  const rounds = without
    .slice(0, 5)
    .map(({ trial }) => trial)
    .join(', ');
  return `The head has no number of this metric in round ${rounds}${without.length > 5 ? ` and ${without.length - 5} more` : ''}.`;
}
