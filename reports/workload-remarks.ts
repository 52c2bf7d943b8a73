import { listed } from './listed.js';
import type { Result } from './result.js';
import { formatCount, formatPercent, formatWireBytes } from './units.js';
import { type ContestantView, metricOf, type ResultView } from './view.js';

/** From this part of a message's bytes on, empty polls are what the number shows. */
const NOTEWORTHY = 0.2;

function emptyBytes(contestant: ContestantView): { readonly idle: number; readonly all: number } | null {
  const read = (path: string): number | null => metricOf(contestant, path)?.median ?? null;
  const all = read('wire.perDelivery.bothWays');
  const up = read('wire.perDelivery.up.idle');
  const down = read('wire.perDelivery.down.idle');
  return all === null || up === null || down === null || all === 0 ? null : { idle: up + down, all };
}

/** What must be known of a workload to read the table; empty for those that need no word. */
export function workloadSentences({ plan }: Result, view: ResultView): string[] {
  if (plan.workload === 'echo') {
    return [
      'Times are round trips: from the instant a client was to speak until it had parsed the answer. Requests and bytes are those of an exchange, both ways.',
    ];
  }
  if (plan.workload === 'burst')
    return ['The messages of a burst share an instant, so most of them wait for those before them.'];
  if (plan.workload !== 'unicast') return [];
  const polls = view.groups.flatMap(({ contestants, clients }) =>
    contestants.flatMap((contestant) => {
      const bytes = emptyBytes(contestant);
      if (bytes === null || bytes.idle < NOTEWORTHY * bytes.all) return [];
      const at = view.isSweep ? ` at ${formatCount(clients)}` : '';
      return [
        `${formatWireBytes(bytes.idle)} of ${formatWireBytes(bytes.all)} a message with ${contestant.title}${at} (${formatPercent((100 * bytes.idle) / bytes.all)})`,
      ];
    }),
  );
  return polls.length === 0
    ? []
    : [`Every poll pays and few messages share it: polls that brought nothing are ${listed(polls)}.`];
}
