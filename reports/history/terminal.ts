import { metricKind } from '../metric-kind.js';
import { displayWidth, truncate, wrap } from '../text-width.js';
import { chooseUnit, formatCount } from '../units.js';
import type { Series, TrendDocument, TrendGroup } from './contract.js';
import { changeSentence, groupSentence, methodSentence, percentText, skippedSentence } from './sentences.js';

/** Files that are named; the document has all. */
const MOST_SKIPPED = 10;

function pad(text: string, width: number, right = false): string {
  const room = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? room + text : text + room;
}

/** Rows of one metric: contestant, number of runs, the first level and the last. */
function metricLines(metric: string, series: readonly Series[], width: number): string[] {
  const unit = chooseUnit(
    series.flatMap(({ levels }) => levels.map(({ median }) => median)),
    metricKind(metric),
  );
  const head = unit.unit === '' ? metric : `${metric} (${unit.unit})`;
  const names = series.map(({ title, clients }) => `${title}, ${formatCount(clients)}`);
  const nameWidth = Math.min(Math.max(...names.map(displayWidth)), Math.max(20, width - 46));
  const rows = series.map(({ points, levels, changes }, at) => {
    const first = levels[0]!.median;
    const last = levels.at(-1)!.median;
    const levelText =
      changes.length === 0
        ? pad(unit.format(last), 10, true)
        : `${pad(unit.format(first), 10, true)} -> ${unit.format(last)} ${percentText(first === 0 ? null : (last / first - 1) * 100)}`;
    const marks =
      changes.length === 0 ? '' : `  ${changes.length === 1 ? '1 change' : `${changes.length} changes`}`;
    const name = pad(truncate(names[at]!, nameWidth), nameWidth);
    return truncate(
      `  ${name} ${pad(formatCount(points.length), 6, true)} ${points.length === 1 ? 'run ' : 'runs'} ${levelText.trimEnd()}${marks}`,
      width,
    );
  });
  return [truncate(head, width), ...rows];
}

function groupLines(
  group: TrendGroup,
  metrics: readonly string[],
  leastValues: number,
  width: number,
): string[] {
  const lines = [
    ...wrap(`${group.load}; on ${group.machine}`, width),
    ...wrap(groupSentence(group, leastValues), width),
  ];
  for (const metric of metrics) {
    const series = group.series.filter((each) => each.metric === metric);
    if (series.length > 0) lines.push('', ...metricLines(metric, series, width));
  }
  const changes = group.series.flatMap((series) =>
    series.changes.map((change) => changeSentence(series, change, group)),
  );
  if (changes.length > 0) lines.push('', ...changes.flatMap((sentence) => wrap(`* ${sentence}`, width)));
  return lines;
}

/** A trend as text for a terminal; ends with a line break. Texts of results are printable already. */
export function renderTrend(document: TrendDocument, width: number): string {
  const { groups, metrics, skipped, method } = document;
  const lines = groups.flatMap((group, at) => [
    ...(at === 0 ? [] : ['']),
    ...groupLines(group, metrics, method.leastValues, width),
  ]);
  if (groups.length === 0) lines.push('There is no result to draw a trend of.');
  else lines.push('', ...wrap(methodSentence(document), width));
  if (skipped.length > 0) {
    lines.push('', skippedSentence(document));
    lines.push(...skipped.slice(0, MOST_SKIPPED).flatMap((sentence) => wrap(`- ${sentence}`, width)));
    const more = skipped.length - MOST_SKIPPED;
    if (more > 0) lines.push(`- and ${formatCount(more)} more; --json names them all.`);
  }
  return `${lines.join('\n')}\n`;
}
