import type { SideCrowdMeasurements } from '../result.js';
import { formatCount } from '../units.js';
import { chartOptions } from './options.js';
import type { ChartSpec, SeriesSpec } from './spec.js';

type People = SideCrowdMeasurements['seconds'][number]['people'];

/** Where people stand, from the best to the worst, each with its fill; the worst are drawn together. */
export const STANDINGS: readonly {
  readonly key: string;
  readonly name: string;
  readonly fates: readonly (keyof People)[];
  readonly fill: string;
}[] = [
  { key: 'payload', name: 'in, on time', fates: ['onTime'], fill: '@layer-payload' },
  { key: 'header', name: 'in, but late', fates: ['late'], fill: '@layer-header' },
  { key: 'handshake', name: 'just come', fates: ['coming'], fill: '@layer-handshake' },
  { key: 'idle', name: 'told 503', fates: ['http503'], fill: '@hatch-layer-idle' },
  {
    key: 'framing',
    name: 'another error, refused, reset or timed out',
    fates: ['http5xx', 'refused', 'reset', 'timeout', 'other'],
    fill: '@layer-framing',
  },
];

/** How many people stand so at the end of a second. */
export function standing(people: People, fates: readonly (keyof People)[]): number {
  return fates.reduce((sum, fate) => sum + people[fate], 0);
}

/** People who have come, stacked by where they stand at the end of each second of the window. */
export function peopleChart({ seconds }: Pick<SideCrowdMeasurements, 'seconds'>): ChartSpec | null {
  if (seconds.every(({ people }) => STANDINGS.every(({ fates }) => standing(people, fates) === 0)))
    return null;
  const length = (seconds[1]?.second ?? 1) - (seconds[0]?.second ?? 0);
  const series: SeriesSpec[] = STANDINGS.map(({ name, fates, fill }) => ({
    label: name,
    stack: 'people',
    data: seconds.map(({ second, people }) => ({ x: second + length, y: standing(people, fates) })),
    notes: seconds.map(({ people }) => `${name}: ${formatCount(standing(people, fates))} people`),
    backgroundColor: fill,
    hoverBackgroundColor: fill,
    borderWidth: 0,
    maxBarThickness: 36,
    categoryPercentage: 0.9,
    barPercentage: 0.9,
  }));
  const x = { unit: { kind: 'seconds' as const, unit: 's', size: 1 } };
  const y = { unit: { kind: 'count' as const, unit: '', size: 1 } };
  return {
    type: 'bar',
    series,
    x,
    y,
    valueAxis: 'y',
    height: 260,
    options: chartOptions(
      {
        spec: x,
        type: 'linear',
        title: "end of the second, from the window's opening",
        grid: false,
        min: 0,
        max: (seconds.at(-1)?.second ?? 0) + 2 * length,
      },
      { spec: y, min: 0 },
    ),
  };
}
