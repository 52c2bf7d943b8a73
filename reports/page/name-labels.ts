import type { Chart } from 'chart.js';
import type { ChartSpec } from '../charts/spec.js';
import { fitText, NARROW } from './labels.js';
import { type Ink, LINE, spotsOf } from './overlay-tools.js';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Names beside free dots, each where it covers nothing: right, left, above or below. */
export function drawFreeTexts(chart: Chart, spec: ChartSpec, colours: Ink): void {
  const { ctx, width, chartArea } = chart;
  const dots = spec.series.map((series, at) => ({ series, spot: spotsOf(chart, at)[0] }));
  const along = chart.scales.x!;
  const taken: Box[] = dots.flatMap(({ series, spot }) => {
    if (!spot) return [];
    const reach = series.ringed ? 12 : 8;
    const around = {
      left: spot.x - reach,
      right: spot.x + reach,
      top: spot.y - reach,
      bottom: spot.y + reach,
    };
    const ends = series.whiskers?.[0]?.map((end) => along.getPixelForValue(end));
    if (!ends) return [around];
    const [left, right] = [Math.min(...ends), Math.max(...ends)];
    return [around, { left, right, top: spot.y - 4, bottom: spot.y + 4 }];
  });
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = colours.ink;
  // Those in a ring come last: a name that finds no place is then one of void trials.
  const order = dots.toSorted((a, b) => Number(a.series.ringed ?? false) - Number(b.series.ringed ?? false));
  for (const { series, spot } of order) {
    const whole = (width < NARROW ? (series.shortTexts ?? series.texts) : series.texts)?.[0];
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
      boxAt(spot.x + 15, spot.y),
      boxAt(spot.x - 15 - size, spot.y),
      boxAt(spot.x - size / 2, spot.y - 20),
      boxAt(spot.x - size / 2, spot.y + 20),
      boxAt(spot.x + 8, spot.y - 20),
      boxAt(spot.x + 8, spot.y + 20),
      boxAt(spot.x - 8 - size, spot.y - 20),
      boxAt(spot.x - 8 - size, spot.y + 20),
      // On a narrow page names crowd: farther off, and pushed in from an edge, they are still nearest to their mark.
      ...[-20, 20, -37, 37].flatMap((down) => [
        boxAt(Math.max(chartArea.left, Math.min(spot.x - size / 2, width - size)), spot.y + down),
        boxAt(spot.x - size / 4, spot.y + down),
        boxAt(spot.x - (3 * size) / 4, spot.y + down),
      ]),
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
export function drawLineNames(chart: Chart, spec: ChartSpec, colours: Ink): void {
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
