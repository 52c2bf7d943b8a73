import { restartsOf } from '../restart-sentences.js';
import { formatCount } from '../units.js';
import type { GroupView } from '../view.js';
import { type Line, lineChart } from './lines.js';
import type { ChartSpec } from './spec.js';
import type { TimelineSeries } from './timeline.js';

/** Clients that came back, over the seconds of the window: a line a transport, of its first completed trial. */
export function herdChart(group: GroupView): ChartSpec | null {
  const lines: Line[] = group.contestants.flatMap((contestant) => {
    const herd = restartsOf(contestant)[0]?.herd;
    if (!herd || herd.back.length === 0) return [];
    const second = herd.everyMs / 1000;
    return [
      {
        transport: contestant.colourIndex,
        name: contestant.title,
        isVoid: false,
        points: herd.back.map((back, at) => ({
          x: at * second,
          y: back / second,
          note: `${formatCount(herd.left[at] ?? 0)} left, ${formatCount(herd.failed[at] ?? 0)} attempts failed`,
        })),
      },
    ];
  });
  return lineChart(lines, {
    kind: 'rate',
    markers: false,
    horizontal: {
      title: 'seconds into the measured window',
      unit: { kind: 'seconds', unit: 's', size: 1 },
      min: 0,
    },
  });
}

/** Returns in each whole second, for the table behind the chart. */
export function herdBySecond(group: GroupView): TimelineSeries[] {
  return group.contestants.flatMap((contestant) => {
    const herd = restartsOf(contestant)[0]?.herd;
    if (!herd || herd.back.length === 0) return [];
    const seconds = new Map<number, number>();
    herd.back.forEach((back, at) => {
      const second = Math.floor((at * herd.everyMs) / 1000);
      seconds.set(second, (seconds.get(second) ?? 0) + back);
    });
    return [
      {
        transport: contestant.colourIndex,
        title: contestant.title,
        isVoid: false,
        trials: 1,
        points: [...seconds].map(([second, value]) => ({ second, value, delivered: value, isDrain: false })),
      },
    ];
  });
}
