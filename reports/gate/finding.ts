import { plainText } from '../plain-text.js';
import type { Trial } from '../result.js';
import type { GateContestant } from './contestants.js';
import type { Rule } from './contract.js';
import { type Finding, judgeExact } from './judge-exact.js';
import { type Candidate, candidateOf } from './judge-ratio.js';
import { numberAt } from './metric-path.js';

/** What the completed trials of a side have of a metric, in their order. */
export function valuesOf(trials: readonly Trial[], metric: string): number[] {
  return trials.flatMap((trial) =>
    trial.status === 'completed' ? (numberAt(trial.measurements, metric) ?? []) : [],
  );
}

/** Parts of the measurements that a transport, a plan or a machine may be without. */
const OPTIONAL_PARTS =
  /^(wire\.(exchange|identity|growth|verification)|memory\.|cpu\.|link|ports|sideCrowd|restarts|proxy|handlers)(\.|$)/;

/** Workloads that lose, cut off or reconnect by design: how many is no matter of zero tolerance. */
const UNRULY: ReadonlySet<string> = new Set(['churn', 'restart', 'slow-readers', 'overload']);
const COUNTED = /^(messages|clients)\.|^wire\.handshakePerClient\./;

/** A finding at once, a candidate for the family of intervals, or null where a default rule means nothing here. */
export function findingOf(
  rule: Rule,
  contestant: GateContestant,
  isOwn: boolean,
  confidence: number,
  unlike: string | null,
): Candidate | Finding | null {
  const { metric, level } = rule;
  const cannot = (why: string, always: 'fail' | 'inconclusive' | null = null): Finding => ({
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
  if (base.length === 0 && head.length === 0 && (!isOwn || OPTIONAL_PARTS.test(metric))) {
    return isOwn ? cannot('Not judged: neither side has a number of this metric.') : null;
  }
  const missing = headWithoutNumber(contestant, metric);
  if (missing !== null) return cannot(missing, 'fail');
  if (base.length === 0) return cannot('The base has no number of this metric in any trial.', 'fail');
  if (level !== 'exact') return candidateOf(rule, contestant, confidence, unlike);
  if (/^wire\.perDelivery\.(up|down)\.total$/.test(metric) && hasHeartbeats(contestant, metric)) {
    return cannot(
      'Not judged: heartbeats or reconnects fell into the window of the base; payload, header and framing are judged by themselves.',
    );
  }
  return judgeExact(rule, contestant.base, contestant.head);
}

/** A side that cannot be compared at all. */
function sideFault({
  base,
  head,
}: GateContestant): { verdict: 'fail' | 'inconclusive'; message: string } | null {
  const isMeasured = ({ status }: Trial): boolean => status === 'completed';
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
  return [...base, ...head].some(
    (trial) => trial.status === 'completed' && trial.measurements.wire.exchange !== null,
  );
}

/** Whether idle or handshake bytes are part of the base's total: how many fall into a window is chance. */
function hasHeartbeats({ base }: GateContestant, metric: string): boolean {
  const way = metric.includes('.up.') ? 'up' : 'down';
  return base.some((trial) => {
    if (trial.status !== 'completed') return false;
    const layers = trial.measurements.wire.perDelivery?.[way];
    return layers !== undefined && layers.idle + layers.handshake > 0;
  });
}

/** A sentence where the head lacks a number that the base has. */
function headWithoutNumber({ base, head }: GateContestant, metric: string): string | null {
  const without = head.filter(
    (trial) => trial.status === 'completed' && numberAt(trial.measurements, metric) === null,
  );
  if (without.length === 0) return null;
  // Whether a poll brings just one message, or none, is chance: one such exchange is enough.
  const isChance = metric.startsWith('wire.exchange.');
  if (isChance && without.length < head.filter(({ status }) => status === 'completed').length) return null;
  const had = valuesOf(base, metric).length > 0;
  if (isChance && !had) return null;
  const rounds = without
    .slice(0, 5)
    .map(({ trial }) => trial)
    .join(', ');
  return `The head has no number of this metric in round ${rounds}${without.length > 5 ? ` and ${without.length - 5} more` : ''}.`;
}
