import type { AxisSpec, Json } from './spec.js';

const FONT = { size: 14 };

interface Axis {
  readonly title?: string;
  readonly type?: 'linear' | 'logarithmic' | 'category';
  readonly min?: number;
  readonly max?: number;
  readonly grid?: boolean;
  readonly reverse?: boolean;
  readonly spec: AxisSpec;
}

function scale(axis: Axis): Json {
  return {
    type: axis.type ?? 'linear',
    ...(axis.min === undefined ? {} : { min: axis.min }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    reverse: axis.reverse ?? false,
    border: { display: false },
    grid: { display: axis.grid ?? true, color: '@grid', drawTicks: false },
    ticks: { color: '@muted', font: FONT, padding: 8, maxRotation: 0, autoSkipPadding: 16, maxTicksLimit: 8 },
    title: { display: axis.title !== undefined, text: axis.title ?? '', color: '@muted', font: FONT },
  };
}

/** Options that all charts share: no animation, quiet grid, explicit colours. */
export function chartOptions(
  x: Axis,
  y: Axis,
  more: { readonly [key: string]: Json } = {},
): { readonly [key: string]: Json } {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    locale: 'en-US',
    clip: false,
    color: '@ink',
    interaction: { mode: 'nearest', axis: 'xy', intersect: false },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: '@ink',
        titleColor: '@page',
        bodyColor: '@page',
        titleFont: FONT,
        bodyFont: FONT,
        padding: 10,
        cornerRadius: 2,
        boxPadding: 4,
        displayColors: false,
      },
    },
    scales: { x: scale(x), y: scale(y) },
    ...more,
  };
}
