import { type Row, sortRows, valueAt } from '../charts/rows.js';
import type { TimelineSeries } from '../charts/timeline.js';
import { formatUnit, type UnitKind } from '../units.js';

/**
 * From the least to the most of completed trials, without a claim that they differ: 'Median: 4.6 ms (WebSocket) to 512 ms
 * (Polling).'
 */
export function rangeSentence(subject: string, rows: readonly Row[], path: string, kind: UnitKind): string {
  const known = sortRows(
    rows.filter((row) => row.status === 'completed' && valueAt(row, path) !== null),
    (row) => valueAt(row, path),
  );
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return `${subject}: no completed trial has this number.`;
  const print = (row: Row): string => formatUnit(valueAt(row, path), kind);
  if (first === last) return `${subject}: ${print(first)} (${first.title}).`;
  if (print(first) === print(last)) return `${subject}: ${print(first)}, the same with all.`;
  return `${subject}: ${print(first)} (${first.title}) to ${print(last)} (${last.title}).`;
}

/** How far the steadiest and the least steady transport move from second to second. */
export function steadinessSentence(series: readonly TimelineSeries[], kind: UnitKind): string {
  const ranges = series
    .filter(({ isVoid }) => !isVoid)
    .map(({ title, points }) => {
      const values = points.flatMap(({ value }) => value ?? []);
      return { title, low: Math.min(...values), high: Math.max(...values) };
    })
    .filter(({ low, high }) => low <= high);
  const widest = ranges.sort((a, b) => b.high - b.low - (a.high - a.low))[0];
  if (!widest) return 'No completed trial has seconds to show.';
  if (formatUnit(widest.low, kind) === formatUnit(widest.high, kind))
    return 'From second to second it does not move.';
  const which = ranges.length > 1 ? `moves most with ${widest.title}` : `moves with ${widest.title}`;
  return `From second to second it ${which}: between ${formatUnit(widest.low, kind)} and ${formatUnit(widest.high, kind)}.`;
}
