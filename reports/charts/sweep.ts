import { formatCount, type UnitKind } from '../units.js';
import type { ResultView } from '../view.js';
import { noteOf } from './bars.js';
import { type Line, lineChart } from './lines.js';
import { intervalOf, isResolvedAt, type Row, rowsOfContestant, valueAt } from './rows.js';
import type { ChartSpec } from './spec.js';

/** A metric of one transport at each number of clients. */
export interface SweepSeries {
  readonly transport: number;
  readonly title: string;
  readonly isVoid: boolean;
  readonly points: readonly { readonly clients: number; readonly row: Row }[];
}

/** Completed trials of each transport, and a series of void ones beside it where there are any. */
export function sweepOf(view: ResultView): SweepSeries[] {
  return view.transports.flatMap(({ colourIndex, title }) =>
    (['completed', 'void'] as const).flatMap((status) => {
      const points = view.groups.flatMap(({ contestants, clients }) =>
        contestants
          .filter((contestant) => contestant.colourIndex === colourIndex)
          .flatMap(rowsOfContestant)
          .filter((row) => row.status === status)
          .map((row) => ({ clients, row })),
      );
      return points.length > 0 ? [{ transport: colourIndex, title, isVoid: status === 'void', points }] : [];
    }),
  );
}

/** A metric against the number of clients, whiskers for intervals. */
export function sweepChart(
  view: ResultView,
  series: readonly SweepSeries[],
  path: string,
  kind: UnitKind,
  logarithmic = false,
): ChartSpec | null {
  const lines: Line[] = series.map(({ transport, title, isVoid, points }) => ({
    transport,
    name: title,
    isVoid,
    points: points.map(({ clients, row }) => ({
      x: clients,
      y: valueAt(row, path),
      interval: intervalOf(row, path),
      note: noteOf(row, path, kind),
      isDoubtful: !isResolvedAt(row, path),
    })),
  }));
  const least = view.clients[0] ?? 1;
  const most = view.clients.at(-1) ?? 1;
  // Over more than a decade, equal steps would crowd the small loads at the left.
  const wide = most / least > 10;
  return lineChart(lines, {
    kind,
    logarithmic,
    markers: true,
    horizontal: {
      title: 'clients',
      unit: { kind: 'count', unit: 'clients', size: 1 },
      ticks: view.clients.map((clients) => ({ value: clients, label: formatCount(clients) })),
      logarithmic: wide,
      // A little room at the left, so that the first marks do not stand on the axis.
      min: wide ? least * 0.9 : least - 0.06 * (most - least),
      max: most,
    },
  });
}
