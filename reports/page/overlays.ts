import type { Chart, Plugin } from 'chart.js';
import type { ChartSpec, SeriesSpec } from '../charts/spec.js';
import { drawBands } from './bands.js';
import { fitText } from './labels.js';
import { drawFreeTexts, drawLineNames } from './name-labels.js';
import { type Ink, rowMiddle, spotsOf } from './overlay-tools.js';
import { drawDotTexts, drawEndTexts } from './value-labels.js';

function drawWhiskers(chart: Chart, spec: ChartSpec, series: SeriesSpec, at: number, colours: Ink): void {
  if (!series.whiskers) return;
  const { ctx } = chart;
  const along = chart.scales[spec.valueAxis]!;
  for (const { x, y, index } of spotsOf(chart, at)) {
    const ends = series.whiskers[index];
    if (!ends) continue;
    const [from, to] = [along.getPixelForValue(ends[0]), along.getPixelForValue(ends[1])];
    // Shorter than a hair, or hidden by its own marker, it is no longer an interval but a blot.
    const covered = spec.type === 'bar' ? 1 : 14;
    if (Math.abs(to - from) < covered) continue;
    const cap = 4;
    // Of lines that meet at one place, each keeps its own colour and stands a little aside.
    const isLine = spec.type === 'line';
    const aside = isLine ? (at - (spec.series.length - 1) / 2) * 5 : 0;
    ctx.strokeStyle = isLine ? String(chart.data.datasets[at]?.borderColor) : colours.ink;
    ctx.lineWidth = 1.25;
    ctx.beginPath();
    if (spec.valueAxis === 'x') {
      ctx.moveTo(from, y);
      ctx.lineTo(to, y);
      for (const end of [from, to]) {
        ctx.moveTo(end, y - cap);
        ctx.lineTo(end, y + cap);
      }
    } else {
      ctx.moveTo(x + aside, from);
      ctx.lineTo(x + aside, to);
      for (const end of [from, to]) {
        ctx.moveTo(x + aside - cap, end);
        ctx.lineTo(x + aside + cap, end);
      }
    }
    ctx.stroke();
  }
}

function drawSpans(chart: Chart, spec: ChartSpec, colours: Ink): void {
  const { ctx } = chart;
  const rows = spec.rows ?? [];
  for (const [row] of rows.entries()) {
    const places = spec.series.flatMap((_series, at) =>
      spotsOf(chart, at).flatMap(({ x, index }) => (index === row ? [x] : [])),
    );
    if (places.length < 2) continue;
    ctx.strokeStyle = colours.muted;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(Math.min(...places), rowMiddle(chart, row));
    ctx.lineTo(Math.max(...places), rowMiddle(chart, row));
    ctx.stroke();
  }
}

function drawRule(chart: Chart, spec: ChartSpec, colours: Ink): void {
  if (!spec.rule) return;
  const { ctx, chartArea } = chart;
  const x = chart.scales.x!.getPixelForValue(spec.rule.value);
  ctx.strokeStyle = colours.muted;
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 4]);
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = colours.muted;
  ctx.textBaseline = 'bottom';
  const size = ctx.measureText(spec.rule.label).width;
  ctx.textAlign = 'left';
  const left = Math.max(chartArea.left + 4, Math.min(x - size - 6, chartArea.right - size));
  ctx.fillText(fitText(ctx, spec.rule.label, chartArea.width), left, chartArea.bottom - 6);
}

/** Radius of the ring around a mark, pixels. */
const RING = 11;

function drawRings(chart: Chart, series: SeriesSpec, at: number): void {
  if (!series.ringed) return;
  const { ctx } = chart;
  const { pointBorderColor } = chart.data.datasets[at] as { pointBorderColor?: string };
  ctx.strokeStyle = pointBorderColor ?? ctx.fillStyle;
  ctx.lineWidth = 1.5;
  for (const { x, y } of spotsOf(chart, at)) {
    ctx.beginPath();
    ctx.arc(x, y, RING, 0, 2 * Math.PI);
    ctx.stroke();
  }
}

/** Draws what Chart.js has no type for: whiskers, spans, rings, direct labels, names of lines. */
export function overlays(spec: ChartSpec, colours: Ink): Plugin {
  const drawing = (chart: Chart, draw: () => void): void => {
    chart.ctx.save();
    chart.ctx.font = colours.font;
    draw();
    chart.ctx.restore();
  };
  return {
    id: 'overlays',
    beforeDatasetsDraw(chart) {
      drawing(chart, () => {
        drawBands(chart, spec, colours);
        drawRule(chart, spec, colours);
        if (spec.spans) drawSpans(chart, spec, colours);
      });
    },
    afterDatasetsDraw(chart) {
      drawing(chart, () => {
        for (const [at, series] of spec.series.entries()) {
          drawWhiskers(chart, spec, series, at, colours);
          drawRings(chart, series, at);
          if (series.textSide === 'end') drawEndTexts(chart, spec, series, at, colours);
          if (series.textSide === 'above' || series.textSide === 'below') {
            drawDotTexts(chart, spec, series, at, colours);
          }
        }
        if (spec.series.some(({ textSide }) => textSide === 'auto')) drawFreeTexts(chart, spec, colours);
        drawLineNames(chart, spec, colours);
      });
    },
  };
}
