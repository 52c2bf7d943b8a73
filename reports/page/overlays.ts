import type { Chart, Plugin } from 'chart.js';
import type { ChartSpec, SeriesSpec } from '../charts/spec.js';
import { fitText, NARROW } from './labels.js';

/** What an overlay draws with. */
export interface Ink {
  readonly ink: string;
  readonly muted: string;
  readonly page: string;
  readonly font: string;
  /** The hatched colour of a transport. */
  hatch(transport: number): string | CanvasPattern;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const LINE = 17;

/** The drawn elements of a series that have a place, with their index. */
function spotsOf(chart: Chart, at: number): (Spot & { index: number })[] {
  return chart.getDatasetMeta(at).data.flatMap((element, index) => {
    const { x, y } = element.getProps(['x', 'y'], true);
    return Number.isFinite(x) && Number.isFinite(y) ? [{ x, y, index }] : [];
  });
}

/** Where rows of dots have their middle. */
function rowMiddle(chart: Chart, row: number): number {
  return chart.scales.y!.getPixelForValue(row);
}

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
    ctx.strokeStyle = colours.ink;
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
      ctx.moveTo(x, from);
      ctx.lineTo(x, to);
      for (const end of [from, to]) {
        ctx.moveTo(x - cap, end);
        ctx.lineTo(x + cap, end);
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
function drawEndTexts(chart: Chart, spec: ChartSpec, series: SeriesSpec, at: number, colours: Ink): void {
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
function drawDotTexts(chart: Chart, spec: ChartSpec, series: SeriesSpec, at: number, colours: Ink): void {
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

/** Names beside free dots, each where it covers nothing: right, left, above or below. */
function drawFreeTexts(chart: Chart, spec: ChartSpec, colours: Ink): void {
  const { ctx, width, chartArea } = chart;
  const dots = spec.series.map((series, at) => ({ series, spot: spotsOf(chart, at)[0] }));
  const taken: Box[] = dots.flatMap(({ spot }) =>
    spot ? [{ left: spot.x - 8, right: spot.x + 8, top: spot.y - 8, bottom: spot.y + 8 }] : [],
  );
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = colours.ink;
  for (const { series, spot } of dots) {
    const whole = series.texts?.[0];
    if (!spot || !whole) continue;
    const text = fitText(ctx, whole, chartArea.width * 0.6);
    const size = ctx.measureText(text).width;
    const boxAt = (left: number, middle: number): Box => ({
      left,
      right: left + size,
      top: middle - LINE / 2,
      bottom: middle + LINE / 2,
    });
    const choices = [
      boxAt(spot.x + 13, spot.y),
      boxAt(spot.x - 13 - size, spot.y),
      boxAt(spot.x - size / 2, spot.y - 20),
      boxAt(spot.x - size / 2, spot.y + 20),
      boxAt(spot.x + 8, spot.y - 20),
      boxAt(spot.x + 8, spot.y + 20),
      boxAt(spot.x - 8 - size, spot.y - 20),
      boxAt(spot.x - 8 - size, spot.y + 20),
    ];
    const isFree = (box: Box): boolean =>
      box.left >= chartArea.left &&
      box.right <= width &&
      box.top >= 0 &&
      box.bottom <= chartArea.bottom &&
      taken.every(
        (other) =>
          box.right < other.left ||
          box.left > other.right ||
          box.bottom < other.top ||
          box.top > other.bottom,
      );
    const box = choices.find(isFree);
    // Where all is taken, the legend and the table name it.
    if (!box) continue;
    taken.push(box);
    ctx.fillText(text, box.left, (box.top + box.bottom) / 2);
  }
}

/** Names at the ends of lines, moved apart where they would cover each other. */
function drawLineNames(chart: Chart, spec: ChartSpec, colours: Ink): void {
  const { ctx, chartArea, width } = chart;
  if (width < NARROW) return;
  const names = spec.series
    .flatMap((series, at) => {
      const last = series.named ? spotsOf(chart, at).at(-1) : undefined;
      return last ? [{ text: series.label, x: last.x, at: last.y, y: last.y }] : [];
    })
    .sort((a, b) => a.y - b.y);
  for (const [index, name] of names.entries()) {
    const above = names[index - 1];
    if (above) name.y = Math.max(name.y, above.y + LINE);
  }
  let floor = chartArea.bottom;
  for (const name of names.toReversed()) {
    name.y = Math.min(name.y, floor);
    floor = name.y - LINE;
  }
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = 1;
  for (const { text, x, at, y } of names) {
    ctx.strokeStyle = colours.muted;
    ctx.beginPath();
    ctx.moveTo(x + 7, at);
    ctx.lineTo(chartArea.right + 16, y);
    if (Math.abs(at - y) > 3 || chartArea.right - x > 12) ctx.stroke();
    ctx.fillStyle = colours.ink;
    ctx.fillText(fitText(ctx, text, width - chartArea.right - 20), chartArea.right + 20, y);
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

/** Draws what Chart.js has no type for: whiskers, spans, direct labels, names of lines. */
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
        drawRule(chart, spec, colours);
        if (spec.spans) drawSpans(chart, spec, colours);
      });
    },
    afterDatasetsDraw(chart) {
      drawing(chart, () => {
        for (const [at, series] of spec.series.entries()) {
          drawWhiskers(chart, spec, series, at, colours);
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
