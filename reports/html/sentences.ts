import { isResolvedAt, type Row, sortRows, valueAt } from '../charts/rows.js';
import { inWindow, type TimelineSeries } from '../charts/timeline.js';
import { listed } from '../listed.js';
import { formatUnit, type UnitKind } from '../units.js';

/**
 * From the least to the most of completed trials, without a claim that they differ: 'Median: 4.6 ms (WebSocket) to 512 ms
 * (Polling).' With single trials the ends are not named, for another run might name others. What is within the noise of a
 * process is named instead of numbered.
 */
export function rangeSentence(subject: string, rows: readonly Row[], path: string, kind: UnitKind): string {
  const completed = rows.filter((row) => row.status === 'completed' && valueAt(row, path) !== null);
  const known = sortRows(
    completed.filter((row) => isResolvedAt(row, path)),
    (row) => valueAt(row, path),
  );
  const hidden = completed.filter((row) => !isResolvedAt(row, path)).map(({ title }) => title);
  const [first, last] = [known[0], known.at(-1)];
  if (hidden.length > 0) {
    const rest = first && last ? ` ${rangeSentence(subject, known, path, kind)}` : '';
    return `Not resolved with ${listed(hidden)}: the difference is within the noise of a process's resident set.${rest}`;
  }
  if (!first || !last) return `${subject}: no completed trial has this number.`;
  const print = (row: Row): string => formatUnit(valueAt(row, path), kind);
  if (first === last) return `${subject}: ${print(first)} (${first.title}).`;
  if (print(first) === print(last)) return `${subject}: ${print(first)}, the same with all.`;
  if (kind !== 'wireBytes' && known.some(({ trials }) => trials < 2))
    return `${subject}: ${print(first)} to ${print(last)}.`;
  return `${subject}: ${print(first)} (${first.title}) to ${print(last)} (${last.title}).`;
}

/** CPU time is read in ticks of 10 ms on both sides of a second and by several processes: less than this is their rounding. */
const LEAST_POINTS = 3;

/** How far the least steady transport moves from second to second of the window. */
export function steadinessSentence(series: readonly TimelineSeries[], kind: UnitKind): string {
  const ranges = series
    .filter(({ isVoid }) => !isVoid)
    .map(({ title, points }) => {
      const values = inWindow(points).flatMap(({ value }) => value ?? []);
      return { title, low: Math.min(...values), high: Math.max(...values) };
    })
    .filter(({ low, high }) => low <= high);
  const widest = ranges.sort((a, b) => b.high - b.low - (a.high - a.low))[0];
  if (!widest) return 'No completed trial has seconds to show.';
  if (kind === 'percent' && widest.high - widest.low < LEAST_POINTS)
    return 'From second to second it moves by less than 3 percentage points, the step of the clock that it is read from.';
  if (formatUnit(widest.low, kind) === formatUnit(widest.high, kind))
    return 'From second to second it does not move.';
  const which = ranges.length > 1 ? `moves most with ${widest.title}` : `moves with ${widest.title}`;
  return `From second to second it ${which}: between ${formatUnit(widest.low, kind)} and ${formatUnit(widest.high, kind)}.`;
}
