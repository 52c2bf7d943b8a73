import { isResolvedAt, valueAt } from '../charts/rows.js';
import { type SweepSeries, sweepChart } from '../charts/sweep.js';
import { formatCount, formatUnit, type UnitKind } from '../units.js';
import { lineKey } from './marks.js';
import type { Html } from './markup.js';
import { figure, type Report } from './report.js';
import { sweepTable } from './row-tables.js';

export interface SweepFigure {
  readonly title: string;
  /** For the caption: 'p99 lateness'. */
  readonly name: string;
  readonly path: string;
  readonly kind: UnitKind;
  readonly logarithmic?: boolean;
}

/** Where the transport that changes most begins and ends. */
function growthSentence(series: readonly SweepSeries[], { path, kind }: SweepFigure): string {
  const grown = series
    .filter(({ isVoid }) => !isVoid)
    .flatMap(({ title, points }) => {
      const known = points.flatMap(({ clients, row }) => {
        const value = valueAt(row, path);
        return value === null || !isResolvedAt(row, path) ? [] : [{ clients, value }];
      });
      const [first, last] = [known[0], known.at(-1)];
      return first && last && first !== last
        ? [{ title, first, last, by: Math.abs(last.value - first.value) }]
        : [];
    })
    .sort((a, b) => b.by - a.by)[0];
  const isHidden = series.some(({ points }) => points.some(({ row }) => !isResolvedAt(row, path)));
  const hidden = isHidden ? ' Hollow marks are within the noise of a process.' : '';
  if (!grown) return `There are too few loads with a completed trial to see a change.${hidden}`;
  const { title, first, last } = grown;
  return `It changes most with ${title}: from ${formatUnit(first.value, kind)} at ${formatCount(first.clients)} clients to ${formatUnit(last.value, kind)} at ${formatCount(last.clients)}.${hidden}`;
}

/** Each metric against the number of clients; nothing where there was one load. */
export function sweepFigures(
  report: Report,
  series: readonly SweepSeries[],
  figures: readonly SweepFigure[],
): Html[] {
  if (!report.view.isSweep) return [];
  return figures.map((each) =>
    figure(report, {
      title: each.title,
      sentence: growthSentence(series, each),
      chart: sweepChart(report.view, series, each.path, each.kind, each.logarithmic),
      key: lineKey(series.filter(({ isVoid }) => !isVoid)),
      table: sweepTable(each.name, report.view, series, each.path, each.kind),
    }),
  );
}
