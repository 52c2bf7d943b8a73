import { UNRESOLVED_MARK } from '../memory-resolution.js';
import { chooseUnit, formatUnit, NOT_AVAILABLE, type UnitKind } from '../units.js';
import { seriesName } from './encoding.js';
import { chartOptions } from './options.js';
import {
  basisOf,
  intervalOf,
  isResolvedAt,
  labelOf,
  type Row,
  samplesOf,
  sortRows,
  valueAt,
} from './rows.js';
import type { AxisUnit, ChartSpec, SeriesSpec } from './spec.js';

/** One metric of a bar chart. */
export interface BarMetric {
  /** For hover: 'server'. */
  readonly name: string;
  /** Dotted path in the summary. */
  readonly path: string;
  /** The second of two is drawn as an outline. */
  readonly outlined?: boolean;
}

const ROW_HEIGHT = 46;
const ROW_HEIGHT_OF_TWO = 62;

/** Hover text beside a value: interval, its basis, samples. */
export function noteOf(row: Row, path: string, kind: UnitKind): string {
  const interval = intervalOf(row, path);
  const range = interval ? `${formatUnit(interval[0], kind)} to ${formatUnit(interval[1], kind)}` : '';
  const basis = row.status === 'void' ? `void: ${row.reason ?? 'no reason given'}` : basisOf(row, path);
  const doubt = isResolvedAt(row, path) ? '' : 'not resolved: within the noise of a process';
  return [doubt, range, basis, samplesOf(row)].filter((part) => part !== '').join('; ');
}

/** The unit of a linear axis, after its largest value. */
export function axisUnit(values: readonly (number | null)[], kind: UnitKind): AxisUnit {
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
  const { unit, size } = chooseUnit([largest], kind);
  return { kind, unit, size };
}

/** Text in place of a bar that cannot be drawn. */
function absence(row: Row): string {
  return row.status === 'failed' ? (row.reason ?? 'no reason given') : NOT_AVAILABLE;
}

function seriesOf(metric: BarMetric, rows: readonly Row[], unit: AxisUnit): SeriesSpec {
  const values = rows.map((row) => valueAt(row, metric.path));
  const fill = (row: Row): string => {
    if (row.status === 'void' || !isResolvedAt(row, metric.path))
      return `@hatch-${seriesName(row.transport)}`;
    return metric.outlined ? '@page' : `@${seriesName(row.transport)}`;
  };
  return {
    label: metric.name,
    data: values.map((value) => (value === null ? null : value / unit.size)),
    whiskers: rows.map((row) => {
      const interval = intervalOf(row, metric.path);
      return interval ? ([interval[0] / unit.size, interval[1] / unit.size] as const) : null;
    }),
    texts: rows.map((row, at) => {
      const value = values[at] ?? null;
      if (value === null) return absence(row);
      return `${isResolvedAt(row, metric.path) ? '' : UNRESOLVED_MARK}${formatUnit(value, unit.kind)}`;
    }),
    textSide: 'end',
    notes: rows.map((row) => noteOf(row, metric.path, unit.kind)),
    backgroundColor: rows.map(fill),
    hoverBackgroundColor: rows.map(fill),
    borderColor: rows.map((row) => `@${seriesName(row.transport)}`),
    borderWidth: 1.5,
    borderSkipped: false,
    maxBarThickness: 20,
    categoryPercentage: 0.8,
    barPercentage: 0.85,
  };
}

/**
 * Horizontal bars from zero, sorted by the first metric; whiskers are intervals; void trials are hatched and named, as are
 * values that are not resolved; failed ones are named. Null when no row has a value.
 */
export function barChart(
  rows: readonly Row[],
  metrics: readonly BarMetric[],
  kind: UnitKind,
  descending = false,
): ChartSpec | null {
  const first = metrics[0]!;
  const sorted = sortRows(rows, (row) => valueAt(row, first.path), descending);
  const values = sorted.flatMap((row) => metrics.map(({ path }) => valueAt(row, path)));
  if (values.every((value) => value === null)) return null;
  const unit = axisUnit(values, kind);
  const x = { unit };
  const y = { unit: { kind: 'count' as const, unit: '', size: 1 } };
  return {
    type: 'bar',
    series: metrics.map((metric) => seriesOf(metric, sorted, unit)),
    rows: sorted.map((row) => ({ label: labelOf(row), transport: row.transport })),
    x,
    y,
    valueAxis: 'x',
    height: metrics.length > 1 ? ROW_HEIGHT_OF_TWO : ROW_HEIGHT,
    options: chartOptions(
      { spec: x },
      { spec: y, type: 'category', grid: false },
      {
        indexAxis: 'y',
        interaction: { mode: 'index', axis: 'y', intersect: false },
      },
    ),
  };
}
