import { basisOf, intervalOf, isResolvedAt, type Row, sortRows, valueAt } from '../charts/rows.js';
import type { SweepSeries } from '../charts/sweep.js';
import type { TimelineSeries } from '../charts/timeline.js';
import { UNRESOLVED_MARK } from '../memory-resolution.js';
import { chooseUnit, formatCount, NOT_AVAILABLE, type UnitKind } from '../units.js';
import type { ResultView } from '../view.js';
import { type Fragment, html } from './markup.js';
import type { Table } from './table.js';

/** A metric of a table: its name and its dotted path. */
export interface TableMetric {
  readonly name: string;
  readonly path: string;
  readonly kind: UnitKind;
}

const headOf = (name: string, unit: string): string => (unit === '' ? name : `${name}, ${unit}`);

/** The name of a row: the transport, and which of its trials. */
export function nameOf(row: Row): Fragment {
  return row.mark === null ? row.title : html`${row.title} <span class="mark-text">(${row.mark})</span>`;
}

/** What the mark means, below a table that has one. */
const UNRESOLVED_NOTE = `${UNRESOLVED_MARK} not resolved: the difference is within the noise of a process's resident set.`;

/** Median and interval of metrics for each row. */
export function rowTable(
  caption: string,
  rows: readonly Row[],
  metrics: readonly TableMetric[],
  descending = false,
): Table {
  const first = metrics[0]!;
  const sorted = sortRows(rows, (row) => valueAt(row, first.path), descending);
  const units = metrics.map(({ path, kind }) =>
    chooseUnit(
      sorted.map((row) => valueAt(row, path)),
      kind,
    ),
  );
  return {
    caption,
    columns: [
      { head: 'Transport', isText: true },
      ...metrics.flatMap(({ name }, at) => [
        { head: headOf(name, units[at]!.unit) },
        { head: `interval${units[at]!.unit === '' ? '' : `, ${units[at]!.unit}`}` },
      ]),
      { head: 'rests on', isText: true },
      { head: 'deliveries' },
    ],
    rows: sorted.map((row) => ({
      transport: row.transport,
      head: nameOf(row),
      cells: [
        ...metrics.flatMap(({ path }, at) => {
          const unit = units[at]!;
          const interval = intervalOf(row, path);
          return [
            (isResolvedAt(row, path) ? '' : UNRESOLVED_MARK) + unit.format(valueAt(row, path)),
            interval ? `${unit.format(interval[0])} to ${unit.format(interval[1])}` : NOT_AVAILABLE,
          ];
        }),
        row.status === 'failed' ? (row.reason ?? 'failed') : basisOf(row, first.path),
        formatCount(row.deliveries),
      ],
    })),
    ...(sorted.every((row) => metrics.every(({ path }) => isResolvedAt(row, path)))
      ? {}
      : { note: UNRESOLVED_NOTE }),
  };
}

const MOST_ROWS = 60;

/** Seconds down, transports across; every n-th second of a long run. */
export function timelineTable(caption: string, series: readonly TimelineSeries[], kind: UnitKind): Table {
  const seconds = [...new Set(series.flatMap(({ points }) => points.map(({ second }) => second)))].sort(
    (a, b) => a - b,
  );
  const drained = new Set(
    series.flatMap(({ points }) => points.flatMap(({ second, isDrain }) => (isDrain ? [second] : []))),
  );
  const step = Math.ceil(seconds.length / MOST_ROWS);
  const shown = seconds.filter((_second, at) => at % step === 0);
  const unit = chooseUnit(
    series.flatMap(({ points }) => points.map(({ value }) => value)),
    kind,
  );
  const values = series.map(({ points }) => new Map(points.map(({ second, value }) => [second, value])));
  return {
    caption: unit.unit === '' ? caption : `${caption}, ${unit.unit}`,
    columns: [
      { head: 'Second', isText: true },
      ...series.map(({ title, transport, isVoid }) => ({
        head: isVoid ? `${title} (void)` : title,
        transport,
      })),
    ],
    rows: shown.map((second) => ({
      head: drained.has(second) ? `${formatCount(second)} (after the window)` : formatCount(second),
      cells: values.map((value) => unit.format(value.get(second) ?? null)),
    })),
    ...(step > 1
      ? {
          note: `Every ${formatCount(step)} steps of ${formatCount(seconds.length)}; results.json holds all.`,
        }
      : {}),
  };
}

/** Numbers of clients down, transports across. */
export function sweepTable(
  caption: string,
  view: ResultView,
  series: readonly SweepSeries[],
  path: string,
  kind: UnitKind,
): Table {
  const rows = series.map(({ points }) => new Map(points.map(({ clients, row }) => [clients, row])));
  const unit = chooseUnit(
    rows.flatMap((byClients) => [...byClients.values()].map((row) => valueAt(row, path))),
    kind,
  );
  return {
    caption: `${headOf(caption, unit.unit)}: median, and interval in brackets`,
    columns: [
      { head: 'Clients', isText: true },
      ...series.map(({ title, transport, isVoid }) => ({
        head: isVoid ? `${title} (void)` : title,
        transport,
      })),
    ],
    rows: view.clients.map((clients) => ({
      head: formatCount(clients),
      cells: rows.map((byClients) => {
        const row = byClients.get(clients);
        const interval = row ? intervalOf(row, path) : null;
        const mark = !row || isResolvedAt(row, path) ? '' : UNRESOLVED_MARK;
        const value = mark + unit.format(row ? valueAt(row, path) : null);
        return interval ? `${value} (${unit.format(interval[0])} to ${unit.format(interval[1])})` : value;
      }),
    })),
    ...(series.every(({ points }) => points.every(({ row }) => isResolvedAt(row, path)))
      ? {}
      : { note: UNRESOLVED_NOTE }),
  };
}
