import type { TimelineRow } from '../result.js';
import { median } from '../statistics.js';
import { formatCount, type UnitKind } from '../units.js';
import type { ContestantView, GroupView } from '../view.js';
import { type Line, lineChart } from './lines.js';
import type { ChartSpec } from './spec.js';

export type TimelineField = Exclude<keyof TimelineRow, 'second'>;

/** Most points a line has; longer runs are drawn in wider steps. */
const MOST_POINTS = 240;

/** The transport over the seconds of its trials: the median over trials of each second. The drain comes last. */
export interface TimelineSeries {
  readonly transport: number;
  readonly title: string;
  readonly isVoid: boolean;
  readonly trials: number;
  readonly points: readonly {
    readonly second: number;
    readonly value: number | null;
    readonly delivered: number;
    /** It begins at the planned end of the window or later: what was still on its way then. */
    readonly isDrain: boolean;
  }[];
}

function seriesOf(contestant: ContestantView, field: TimelineField): TimelineSeries {
  const isVoid = contestant.completed === 0;
  const trials = contestant.trials.flatMap(({ status, measurements }) =>
    status === (isVoid ? 'void' : 'completed') && measurements ? [measurements] : [],
  );
  const rows = trials.flatMap(({ timeline }) => timeline);
  const longest = rows.reduce((most, { second }) => Math.max(most, second + 1), 1);
  const step = Math.max(1, Math.ceil(longest / MOST_POINTS));
  const bySecond = new Map<number, TimelineRow[]>();
  for (const row of rows) {
    // A step that the window's end divides keeps to the window; the drain begins a step of its own.
    const from = row.second >= contestant.windowSeconds ? contestant.windowSeconds : 0;
    const second = from + Math.floor((row.second - from) / step) * step;
    bySecond.set(second, [...(bySecond.get(second) ?? []), row]);
  }
  const points = [...bySecond]
    .sort(([a], [b]) => a - b)
    .map(([second, at]) => {
      const values = at.flatMap((row) => row[field] ?? []);
      return {
        second,
        value: values.length > 0 ? median(values) : null,
        delivered: at.reduce((sum, { delivered }) => sum + delivered, 0),
        isDrain: second >= contestant.windowSeconds,
      };
    });
  return {
    transport: contestant.colourIndex,
    title: contestant.title,
    isVoid,
    trials: trials.length,
    points,
  };
}

/** One series a transport that has a timeline, from its completed trials or, where there is none, its void ones. */
export function timelineOf(group: GroupView, field: TimelineField): TimelineSeries[] {
  return group.contestants
    .map((contestant) => seriesOf(contestant, field))
    .filter(({ points }) => points.some(({ value }) => value !== null));
}

/** The points of the window, without the drain: its last row is rarely a whole second, and nothing is published in it. */
export function inWindow(points: TimelineSeries['points']): TimelineSeries['points'] {
  return points.filter(({ isDrain }) => !isDrain);
}

/** A metric over the seconds of the planned window. */
export function timelineChart(
  series: readonly TimelineSeries[],
  kind: UnitKind,
  logarithmic = false,
): ChartSpec | null {
  const lines: Line[] = series.map(({ transport, title, isVoid, trials, points }) => ({
    transport,
    name: title,
    isVoid,
    points: inWindow(points).map(({ second, value, delivered }) => ({
      x: second,
      y: value,
      note: `${formatCount(delivered)} deliveries in ${formatCount(trials)} ${trials === 1 ? 'trial' : 'trials'}`,
    })),
  }));
  const seconds = series.flatMap(({ points }) => inWindow(points).map(({ second }) => second));
  const last = seconds.reduce((most, second) => Math.max(most, second), 0);
  return lineChart(lines, {
    kind,
    logarithmic,
    // A run of a second or two would else be an invisible line.
    markers: last < 12,
    horizontal: {
      title: 'seconds into the measured window',
      unit: { kind: 'seconds', unit: 's', size: 1 },
      min: 0,
      max: Math.max(1, last),
    },
  });
}
