import { linkPhrase } from './link-phrase.js';
import type { Result } from './result.js';
import { formatMicros, formatPercent, formatRate } from './units.js';
import { metricOf, type ResultView } from './view.js';

/** What the link added beside its delay, and how far it was from its limit; null for a run without one. */
export function linkSentence(result: Result, view: ResultView): string | null {
  const phrase = linkPhrase(result.plan);
  if (phrase === null) return null;
  const contestants = view.groups.flatMap((group) => group.contestants);
  const medians = (path: string): number[] =>
    contestants.flatMap((contestant) => metricOf(contestant, path)?.median ?? []);
  const late = medians('link.errorUs.p99');
  const loads = contestants.flatMap((contestant) => {
    const ceiling = metricOf(contestant, 'link.ceilingPerSecond')?.median;
    const rate = metricOf(contestant, 'link.releasesPerSecond')?.median;
    return ceiling === undefined || rate === undefined ? [] : [{ ceiling, part: rate / ceiling }];
  });
  const busiest = loads.reduce<(typeof loads)[number] | null>(
    (most, load) => (most === null || load.part > most.part ? load : most),
    null,
  );
  const error =
    late.length === 0 ? '' : ` It released bytes up to ${formatMicros(Math.max(...late))} late (p99).`;
  const ceiling =
    busiest === null
      ? ''
      : ` It could release about ${formatRate(busiest.ceiling)} and did ${formatPercent(busiest.part * 100)} of that at most.`;
  return `Link between clients and server: ${phrase}; latency contains its one-way delay.${error}${ceiling}`;
}
