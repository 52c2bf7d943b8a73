import type { Result } from './result.js';
import { formatCount, formatMicros } from './units.js';
import { metricOf, type ResultView } from './view.js';

/** Who is held up by slow handlers, transport by transport; null for a run without them. */
export function handlerSentence(result: Result, view: ResultView): string | null {
  const { handlers } = result.plan;
  if (handlers === undefined) return null;
  // A sweep is spoken of at its largest load, as in the findings.
  const spoken = view.groups.findLast(({ contestants }) =>
    contestants.some(({ completed }) => completed > 0),
  );
  const parts = (spoken?.contestants ?? []).flatMap((contestant) => {
    const served = metricOf(contestant, 'handlers.served')?.median;
    if (served === undefined) return [];
    if (served === 0) return [`with ${contestant.title} none after connecting`];
    const p50 = metricOf(contestant, 'handlers.waitedUs.p50')?.median ?? 0;
    const max = metricOf(contestant, 'handlers.waitedUs.max')?.median ?? 0;
    if (max === 0) return [`with ${contestant.title} none of ${formatCount(Math.round(served))} requests`];
    return [
      `with ${contestant.title} ${formatMicros(p50)} (median of ${formatCount(Math.round(served))} requests), up to ${formatMicros(max)}`,
    ];
  });
  const at = view.isSweep && spoken ? ` at ${formatCount(spoken.clients)} clients` : '';
  const many = handlers.count === 1 ? 'one handler' : `${formatCount(handlers.count)} handlers`;
  const head = `Who is held up by ${many} of ${formatCount(handlers.delayMs)} ms${at}`;
  return parts.length === 0
    ? null
    : `${head}, by how long a request of the window waited for one: ${parts.join('; ')}.`;
}
