import type { Chart } from 'chart.js';
import type { ChartSpec, SeriesSpec } from '../charts/spec.js';
import { fitText } from './labels.js';
import { type Ink, LINE, rowMiddle, spotsOf } from './overlay-tools.js';

/** What stands in a row that has no value: a hatched stub that claims no length, and why. */
function drawAbsence(
  chart: Chart,
  spec: ChartSpec,
  row: number,
  text: string,
  middle: number,
  colours: Ink,
): void {
  const { ctx, chartArea, width } = chart;
  const transport = spec.rows?.[row]?.transport;
  if (transport !== undefined) {
    ctx.fillStyle = colours.hatch(transport);
    ctx.fillRect(chartArea.left + 1, middle - 8, 16, 16);
  }
  ctx.fillStyle = colours.muted;
  ctx.fillText(fitText(ctx, text, width - chartArea.left - 26), chartArea.left + 26, middle);
}

/** Text after the end of a bar and its whisker, or where a bar would begin when there is none. */
export function drawEndTexts(
  chart: Chart,
  spec: ChartSpec,
  series: SeriesSpec,
  at: number,
  colours: Ink,
): void {
  const { ctx, chartArea, width } = chart;
  const along = chart.scales.x!;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const [index, text] of (series.texts ?? []).entries()) {
    if (!text) continue;
    const element = chart.getDatasetMeta(at).data[index];
    if (!element) continue;
    const { x, y } = element.getProps(['x', 'y'], true);
    const value = series.data[index];
    const end = value === null || !Number.isFinite(x) ? chartArea.left : x;
    const whisker = series.whiskers?.[index];
    const place = Math.max(end, whisker ? along.getPixelForValue(whisker[1]) : 0) + 8;
    const middle = Number.isFinite(y) ? y : chart.scales.y!.getPixelForValue(index);
    if (value === null) drawAbsence(chart, spec, index, text, middle, colours);
    else {
      ctx.fillStyle = colours.ink;
      ctx.fillText(fitText(ctx, text, width - place), place, middle);
    }
  }
}

/** Text above or below dots; where there is no dot, at the start of the row. */
export function drawDotTexts(
  chart: Chart,
  spec: ChartSpec,
  series: SeriesSpec,
  at: number,
  colours: Ink,
): void {
  const { ctx, chartArea, width } = chart;
  const above = series.textSide === 'above';
  const places = new Map(spotsOf(chart, at).map((spot) => [spot.index, spot]));
  for (const [row, text] of (series.texts ?? []).entries()) {
    if (!text) continue;
    const spot = places.get(row);
    ctx.textBaseline = 'middle';
    if (spot) {
      const half = ctx.measureText(text).width / 2;
      ctx.textAlign = 'center';
      ctx.fillStyle = colours.ink;
      const x = Math.min(Math.max(spot.x, chartArea.left + half), width - half);
      ctx.fillText(text, x, spot.y + (above ? -LINE : LINE));
    } else {
      ctx.textAlign = 'left';
      drawAbsence(chart, spec, row, text, rowMiddle(chart, row), colours);
    }
  }
}
