import type { UnitKind } from './units.js';

/** Paths whose last name does not tell the unit. */
const BY_PATH: readonly (readonly [RegExp, UnitKind])[] = [
  [/^wire\..*(?:^|\.)(?:segments|connections|syn)/u, 'ratio'],
  [/^wire\./u, 'wireBytes'],
  [/(?:Us|Micros\w*)(?:$|\.)/u, 'micros'],
  [/^throughput\.wireBytesPerSecond$/u, 'wireBytes'],
  [/PerSecond$|\.perSecond$/u, 'rate'],
  [/[bB]ytes\w*$/u, 'bytes'],
  [/Percent$/u, 'percent'],
  [/^messages\.(?:published|expected|delivered|lost|duplicated|reordered)$/u, 'count'],
];

/** What a metric of the summary counts, by its dotted path; a plain number where the name does not tell. */
export function metricKind(path: string): UnitKind {
  return BY_PATH.find(([pattern]) => pattern.test(path))?.[1] ?? 'ratio';
}

/** Base unit of a metric as other tools print it beside the number: `us`, `B`, `/s`, `%`; empty for plain numbers. */
export function metricUnit(path: string): string {
  switch (metricKind(path)) {
    case 'micros':
      return 'us';
    case 'bytes':
    case 'wireBytes':
      return 'B';
    case 'rate':
      return '/s';
    case 'percent':
      return '%';
    case 'seconds':
      return 's';
    default:
      return '';
  }
}
