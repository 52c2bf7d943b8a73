import type { Series, TrendGroup } from '../history/contract.js';
import { changeText, shortInstant } from '../history/sentences.js';
import { metricKind } from '../metric-kind.js';
import { formatCount, formatUnit, type UnitKind } from '../units.js';
import { dashOf, markerOf, seriesName } from './encoding.js';
import { type Line, lineChart } from './lines.js';
import type { ChartSpec, SeriesSpec, Tick } from './spec.js';

/** Labels of the horizontal axis; the page leaves out those that find no room. */
const MOST_TICKS = 8;
/** From here on markers would cover each other. */
const MOST_MARKED_RUNS = 60;

function ticksOf({ runs }: TrendGroup): Tick[] {
  const step = Math.max(1, Math.ceil(runs.length / MOST_TICKS));
  return runs.flatMap(({ startedAt }, at) =>
    at % step === 0 ? [{ value: at + 1, label: startedAt.slice(0, 10) }] : [],
  );
}

/** What a line is called: with the clients, where a transport has several. */
export function seriesTitle(series: Series, all: readonly Series[]): string {
  const isSweep = all.some((other) => other.scenario === series.scenario && other.clients !== series.clients);
  return isSweep ? `${series.title}, ${formatCount(series.clients)}` : series.title;
}

/** Runs with which the level of a series changes, as rings upon its line. */
function ringsOf(
  series: Series,
  group: TrendGroup,
  scale: (value: number) => number,
  index: number,
): SeriesSpec {
  return {
    label: `${series.title}: the level changes`,
    transport: series.order,
    ringed: true,
    order: -100 - index,
    data: series.changes.map(({ point, run }) => ({ x: run + 1, y: scale(series.points[point]!.value) })),
    notes: series.changes.map((change) => changeText(series, change, group)),
    borderColor: `@${seriesName(series.order)}`,
    backgroundColor: `@${seriesName(series.order)}`,
    pointBorderColor: `@${seriesName(series.order)}`,
    pointBackgroundColor: `@${seriesName(series.order)}`,
    pointStyle: markerOf(series.order),
    borderDash: dashOf(series.order),
    pointRadius: 4.5,
    pointHoverRadius: 6,
    pointHitRadius: 8,
    showLine: false,
  };
}

/** How a chart of several transports is scaled: each to its first level, in percent. */
export function isRelative(all: readonly Series[]): boolean {
  return all.length > 1;
}

/**
 * One metric of all contestants of a group over its runs, a ring where a level changes. Several contestants are drawn in
 * percent of their own first level, so that a step of one is not lost beside the size of another; one whose first level is
 * zero then has no line. Null when there is nothing to draw.
 */
export function historyChart(group: TrendGroup, all: readonly Series[]): ChartSpec | null {
  const relative = isRelative(all);
  const kind: UnitKind = relative ? 'percent' : metricKind(all[0]?.metric ?? '');
  const drawn = all.filter(({ levels }) => !relative || levels[0]!.median > 0);
  const scaleOf = (series: Series) => (value: number) =>
    relative ? (value / series.levels[0]!.median) * 100 : value;
  const lines = drawn.map((series): Line => {
    const scale = scaleOf(series);
    return {
      transport: series.order,
      name: seriesTitle(series, all),
      isVoid: false,
      points: series.points.map(({ run, value }) => ({
        x: run + 1,
        y: scale(value),
        note: `${formatUnit(value, metricKind(series.metric))}; ${shortInstant(group.runs[run]!.startedAt)} UTC`,
      })),
    };
  });
  const chart = lineChart(lines, {
    kind,
    markers: group.runs.length <= MOST_MARKED_RUNS,
    horizontal: {
      title: 'runs, the oldest first',
      unit: { kind: 'count', unit: 'runs', size: 1 },
      ticks: ticksOf(group),
      min: 0.5,
      max: group.runs.length + 0.5,
    },
  });
  if (chart === null) return null;
  const { size } = chart.y.unit;
  const rings = drawn.flatMap((series, index) =>
    series.changes.length === 0
      ? []
      : [ringsOf(series, group, (value) => scaleOf(series)(value) / size, index)],
  );
  return { ...chart, series: [...chart.series, ...rings] };
}
