import type { Chart } from 'chart.js';
import type { ChartSpec } from '../charts/spec.js';
import { type Ink, rowMiddle } from './overlay-tools.js';

const HALF_HEIGHT = 12;

/** Light bars behind the dots of rows: how far noise alone reaches. */
export function drawBands(chart: Chart, spec: ChartSpec, colours: Ink): void {
  const { ctx } = chart;
  const along = chart.scales.x!;
  ctx.fillStyle = colours.band;
  for (const { bands } of spec.series) {
    for (const [row, ends] of (bands ?? []).entries()) {
      if (!ends) continue;
      const [from, to] = [along.getPixelForValue(ends[0]), along.getPixelForValue(ends[1])];
      // One without width is a line that can still be seen.
      ctx.fillRect(
        from - 0.5,
        rowMiddle(chart, row) - HALF_HEIGHT,
        Math.max(1, to - from + 1),
        2 * HALF_HEIGHT,
      );
    }
  }
}
