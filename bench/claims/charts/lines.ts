import { number } from '../../trials/plain-number.js';
import type { Language, LineChart } from '../contract.js';
import { linearScale, logScale, type Scale, tickText } from './axis.js';
import { MARGIN, picture, TEXT_SIZE, TOP, WIDTH } from './frame.js';
import { element, label, widthOf } from './svg.js';

const HEIGHT = 280;
const GAP = 10;
const AXIS = 48;
/** Names at the ends of lines are at least so far apart. */
const LEADING = 17;
/** A piece of the line before its name. */
const SAMPLE = 22;

/** Draws lines, each with its name at its end. Pure. */
export function drawLines(chart: LineChart, language: Language): string {
  const lines = chart.lines.filter(({ points }) => points.length > 0);
  const scaleOf = (axis: 'x' | 'y'): Scale => {
    const values = lines.flatMap(({ points }) => points.map((point) => point[axis === 'x' ? 0 : 1]));
    return chart[axis].scale === 'log' ? logScale(values) : linearScale(values);
  };
  const [horizontal, vertical] = [scaleOf('x'), scaleOf('y')];
  const names = lines.map(({ name }) => name[language]);
  const widest = (texts: readonly string[]): number =>
    Math.max(0, ...texts.map((text) => widthOf(text, TEXT_SIZE)));
  const left = MARGIN + widest(vertical.ticks.map(tickText)) + GAP;
  const right = WIDTH - MARGIN - widest(names) - SAMPLE - 2 * GAP;
  const top = TOP + 14;
  const bottom = top + HEIGHT;
  const x = (value: number): number => left + horizontal.place(value) * (right - left);
  const y = (value: number): number => bottom - vertical.place(value) * HEIGHT;
  const ends = apart(
    lines.map(({ points }) => y(points.at(-1)![1])),
    top,
    bottom,
  );
  const content = [
    label(chart.y.label[language], { class: 'soft', x: MARGIN, y: TOP - 2 }),
    ...vertical.ticks.map((tick) =>
      [
        element('line', { class: 'grid', x1: left, x2: right, y1: y(tick), y2: y(tick) }),
        label(tickText(tick), { class: 'soft', x: left - GAP, y: y(tick) + 4, 'text-anchor': 'end' }),
      ].join(''),
    ),
    ...horizontal.ticks.map((tick) =>
      label(tickText(tick), { class: 'soft', x: x(tick), y: bottom + 18, 'text-anchor': 'middle' }),
    ),
    label(chart.x.label[language], {
      class: 'soft',
      x: (left + right) / 2,
      y: bottom + 38,
      'text-anchor': 'middle',
    }),
    element('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom }),
    ...lines.map(({ points, transport, dashed }, at) => {
      const path = points
        .map(([px, py], n) => `${n === 0 ? 'M' : 'L'}${tenth(x(px))} ${tenth(y(py))}`)
        .join('');
      const tone = transport ?? 'other';
      return [
        element('path', { class: `line ${tone}`, d: path, ...(dashed ? { 'stroke-dasharray': '6 4' } : {}) }),
        // Many points are a curve; few are measurements.
        ...(points.length > 12
          ? []
          : points.map(([px, py]) =>
              element('circle', { class: `dot ${tone}`, cx: x(px), cy: y(py), r: 3 }),
            )),
        element('line', {
          class: `line ${tone}`,
          ...(dashed ? { 'stroke-dasharray': '6 4' } : {}),
          x1: right + GAP,
          x2: right + GAP + SAMPLE,
          y1: ends[at]!,
          y2: ends[at]!,
        }),
        label(names[at]!, { x: right + 1.5 * GAP + SAMPLE, y: ends[at]! + 4 }),
      ].join('');
    }),
  ];
  const description = lines
    .map(({ points }, at) => {
      const [[x0, y0], [x1, y1]] = [points[0]!, points.at(-1)!];
      return `${names[at]}: ${number(y0)} (${number(x0)}) – ${number(y1)} (${number(x1)})`;
    })
    .join('; ');
  return picture(chart.title[language], description, bottom + AXIS, content);
}

/** Heights for names: as near to their lines as may be, a line of text apart, and within the drawing where they have room. */
export function apart(wanted: readonly number[], top: number, bottom: number): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => wanted[a]! - wanted[b]!);
  const heights = [...wanted];
  let limit = bottom;
  for (const at of [...order].reverse()) {
    heights[at] = Math.min(wanted[at]!, limit);
    limit = heights[at]! - LEADING;
  }
  limit = top;
  for (const at of order) {
    heights[at] = Math.max(heights[at]!, limit);
    limit = heights[at]! + LEADING;
  }
  return heights;
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
