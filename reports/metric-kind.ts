import type { UnitKind } from './units.js';

/** The first that fits tells the unit. */
const KINDS: readonly (readonly [RegExp, UnitKind])[] = [
  [/^(latencyUs|generatorShareUs)\.(count|censored)$/u, 'count'],
  [/^(latencyUs|generatorShareUs)\.|Us(\.|$)|Micros/u, 'micros'],
  [/PerSecond$|\.perSecond$/u, 'rate'],
  [/^wire\.verification\.(.*\.)?(segments|connections|syn)/u, 'ratio'],
  [/^wire\.|^sideCrowd\.(bytes|sockets|handshake)/u, 'wireBytes'],
  [/Bytes|^memory\./u, 'bytes'],
  [/Percent$/u, 'percent'],
  [/Seconds$/u, 'seconds'],
  [/^(messages|clients|failures)\.(?!perResponse)/u, 'count'],
];

/** What a metric of the summary counts, by its dotted path; a plain number where the name does not tell. */
export function metricKind(path: string): UnitKind {
  return KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? 'ratio';
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
