import type { Chart } from 'chart.js';
import { expect, test } from 'vitest';
import { spotsOf } from './overlay-tools.js';

/** A chart of one series whose every element has a place, as Chart.js gives it also to missing values. */
function chartOf(data: readonly unknown[]): Chart {
  const elements = data.map((_datum, at) => ({ getProps: () => ({ x: 10 * at, y: 7 }) }));
  return {
    data: { datasets: [{ data }] },
    getDatasetMeta: () => ({ data: elements }),
  } as unknown as Chart;
}

test.each([
  [
    'points',
    [
      { x: 0, y: 5 },
      { x: 1, y: null },
      { x: null, y: 3 },
      { x: 3, y: 0 },
    ],
  ],
  ['numbers', [5, null, undefined, 0]],
])('a missing value has no place, so that nothing is tied to it: %s', (_name, data) => {
  expect(spotsOf(chartOf(data), 0)).toEqual([
    { x: 0, y: 7, index: 0 },
    { x: 30, y: 7, index: 3 },
  ]);
});
