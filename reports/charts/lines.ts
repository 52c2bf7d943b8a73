import type { UnitKind } from '../units.js';
import { axisUnit } from './bars.js';
import { dashOf, markerOf, seriesName } from './encoding.js';
import { chartOptions } from './options.js';
import type { AxisSpec, AxisUnit, ChartSpec, RuleSpec, SeriesSpec } from './spec.js';
import { logAxis } from './ticks.js';

/** A line of a chart, before it is scaled. Values in the base unit of the chart's kind. */
export interface Line {
  /** Place of the transport in the registry. */
  readonly transport: number;
  readonly name: string;
  /** A line of void trials is thin and its markers are hollow. */
  readonly isVoid: boolean;
  readonly points: readonly {
    readonly x: number;
    readonly y: number | null;
    readonly interval?: readonly [number, number] | null;
    readonly note?: string;
    /** Its marker is hollow: the value is within the noise. */
    readonly isDoubtful?: boolean;
  }[];
}

export interface LineChartOptions {
  readonly kind: UnitKind;
  /** A logarithmic value axis; else it starts at zero. */
  readonly logarithmic?: boolean;
  readonly horizontal: AxisSpec & {
    readonly title: string;
    readonly logarithmic?: boolean;
    readonly min?: number;
    readonly max?: number;
  };
  /** Marks every point; for few points only. */
  readonly markers: boolean;
  readonly rule?: RuleSpec;
}

function seriesOf(line: Line, size: number, positive: boolean, markers: boolean): SeriesSpec {
  const colour = `@${seriesName(line.transport)}`;
  const shown = (y: number | null): number | null => (y === null || (positive && y <= 0) ? null : y / size);
  const alone = line.points.length === 1;
  return {
    label: line.isVoid ? `${line.name} (void)` : line.name,
    transport: line.transport,
    named: true,
    // Dashed lines lie on solid ones, so that equal values show all of their lines.
    order: -line.transport,
    data: line.points.map(({ x, y }) => ({ x, y: shown(y) })),
    whiskers: line.points.map(({ interval }) =>
      interval && (!positive || interval[0] > 0) ? ([interval[0] / size, interval[1] / size] as const) : null,
    ),
    notes: line.points.map(({ note }) => note ?? null),
    borderColor: colour,
    backgroundColor: line.isVoid ? '@page' : colour,
    borderWidth: line.isVoid ? 1 : 2,
    borderDash: line.isVoid ? [1, 3] : dashOf(line.transport),
    pointStyle: markerOf(line.transport),
    pointRadius: markers || alone ? 4.5 : 0,
    pointHoverRadius: 6,
    pointHitRadius: 8,
    pointBorderWidth: 1.5,
    pointBorderColor: colour,
    pointBackgroundColor: line.points.map(({ isDoubtful }) => (line.isVoid || isDoubtful ? '@page' : colour)),
    spanGaps: false,
    tension: 0,
  };
}

/** One line a transport. Null when there is nothing to draw. */
export function lineChart(lines: readonly Line[], chart: LineChartOptions): ChartSpec | null {
  const drawn = lines.filter(({ points }) => points.some(({ y }) => y !== null));
  const ends = drawn.flatMap(({ points }) => points.flatMap(({ y, interval }) => [y, ...(interval ?? [])]));
  if (drawn.length === 0) return null;
  const logarithmic = chart.logarithmic ?? false;
  const axis = logarithmic ? logAxis(ends, chart.kind) : null;
  const unit: AxisUnit = axis ? { kind: chart.kind, unit: '', size: 1 } : axisUnit(ends, chart.kind);
  const y = axis ? { unit, ticks: axis.ticks } : { unit };
  const { title, logarithmic: logX, min, max, ...x } = chart.horizontal;
  return {
    type: 'line',
    series: drawn.map((line) => seriesOf(line, unit.size, logarithmic, chart.markers)),
    x,
    y,
    valueAxis: 'y',
    height: 320,
    ...(chart.rule ? { rule: chart.rule } : {}),
    options: chartOptions(
      {
        spec: x,
        type: logX ? 'logarithmic' : 'linear',
        title,
        grid: false,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
      },
      { spec: y, ...(axis ? { type: 'logarithmic' as const, min: axis.min, max: axis.max } : { min: 0 }) },
    ),
  };
}
