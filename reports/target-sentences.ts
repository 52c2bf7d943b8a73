import { listed } from './listed.js';
import { formatCount, formatMicros } from './units.js';
import { type ContestantView, metricOf, type ResultView } from './view.js';

/** Stands where a number would be that nobody can know. */
export const NOT_JUDGED = '\u2013';

/** The server publishes by itself: nobody knows what it should have sent. */
export function publishesItself({ trials }: Pick<ContestantView, 'trials'>): boolean {
  return trials.some(({ measurements }) => measurements?.messages.expected === null);
}

function targetsOf(contestant: ContestantView) {
  return contestant.trials.flatMap(({ status, measurements }) =>
    status === 'completed' && measurements?.target ? [measurements.target] : [],
  );
}

function selfSentences(contestant: ContestantView, name: string): string[] {
  const gaps = metricOf(contestant, 'target.gapsUs.p50');
  const tail = metricOf(contestant, 'target.gapsUs.p99');
  const timed = metricOf(contestant, 'latencyUs.p50') !== null;
  const between =
    gaps === null
      ? ''
      : ` From one message of a client to its next it took ${formatMicros(gaps.median)} (median)${tail === null ? '' : `, ${formatMicros(tail.median)} (p99)`}.`;
  const backwards = targetsOf(contestant).reduce((sum, target) => sum + (target.backwards ?? 0), 0);
  const lateness = timed
    ? ', and how late a message is follows from the time it carries'
    : backwards > 0
      ? `, nor how late they are, as ${formatCount(backwards)} of them carried a time ahead of this machine’s clock`
      : ', and as no message carries a time, nor is how late they are';
  return [
    `${name} publishes by itself: what was lost, repeated or out of order is not judged${lateness}.${between}`,
    ...(backwards === 0 || !timed
      ? []
      : [
          `${name}: ${formatCount(backwards)} of its messages carried a time ahead of this machine’s clock, and are not in the latencies.`,
        ]),
  ];
}

function strangersOf(contestant: ContestantView, name: string): string[] {
  const targets = targetsOf(contestant);
  const unmarked = targets.reduce((sum, target) => sum + target.unmarked, 0);
  const otherRuns = targets.reduce((sum, target) => sum + target.otherRuns, 0);
  const lacks = publishesItself(contestant) ? 'without the time that is looked for' : 'without a marker';
  const parts = [
    unmarked > 0 ? `${formatCount(unmarked)} ${lacks}` : '',
    otherRuns > 0 ? `${formatCount(otherRuns)} of other runs` : '',
  ].filter((part) => part !== '');
  return parts.length === 0
    ? []
    : [`Besides, ${name} sent messages that are no deliveries: ${listed(parts)}.`];
}

/** What is to be said of targets that are not ours; empty without any. */
export function targetSentences(view: ResultView): string[] {
  return view.groups.flatMap(({ contestants }) =>
    contestants.flatMap((contestant) => {
      if (targetsOf(contestant).length === 0) return [];
      const at = view.isSweep
        ? ` at ${formatCount(contestant.clients)} ${contestant.clients === 1 ? 'client' : 'clients'}`
        : '';
      const name = `${contestant.title}${at}`;
      return [
        ...(publishesItself(contestant) ? selfSentences(contestant, name) : []),
        ...strangersOf(contestant, name),
      ];
    }),
  );
}
