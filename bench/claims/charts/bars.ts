import type { BarChart, Language } from '../contract.js';
import { linearScale, tickText } from './axis.js';
import { MARGIN, picture, TEXT_SIZE, TOP, WIDTH } from './frame.js';
import { element, label, widthOf } from './svg.js';

const ROW = 26;
const BAR = 15;
const GAP = 10;
const LEGEND = 24;
const AXIS = 30;

/** Draws bars. Pure. */
export function drawBars(chart: BarChart, language: Language): string {
  const { bars, parts, mark } = chart;
  const names = bars.map((bar) => bar.label[language]);
  const shown = bars.map((bar) => bar.shown[language]);
  const left = MARGIN + widest(names) + GAP;
  const right = WIDTH - MARGIN - widest(shown) - GAP;
  const legend = parts === undefined ? 0 : LEGEND;
  const top = TOP + legend;
  const bottom = top + bars.length * ROW;
  const sums = bars.map(({ values }) => (values ?? []).reduce((sum, value) => sum + value, 0));
  const scale = linearScale([...sums, ...(mark === undefined ? [] : [mark.at])]);
  const at = (value: number): number => left + Math.max(0, scale.place(value)) * (right - left);
  const content = [
    ...(parts === undefined ? [] : [legendOf(parts.map((part) => part[language]))]),
    ...scale.ticks.map((tick) =>
      [
        element('line', { class: 'grid', x1: at(tick), x2: at(tick), y1: top, y2: bottom }),
        label(tickText(tick), { class: 'soft', x: at(tick), y: bottom + 18, 'text-anchor': 'middle' }),
      ].join(''),
    ),
    ...bars.map(({ values, transport }, row) => {
      const middle = top + (row + 0.5) * ROW;
      let from = 0;
      const rects = (values ?? []).map((value, part) => {
        const x = at(from);
        from += value;
        const tone = parts === undefined ? (transport ?? 'other') : `part-${part}`;
        return element('rect', {
          class: `bar ${tone}`,
          x,
          y: middle - BAR / 2,
          width: Math.max(0, at(from) - x),
          height: BAR,
        });
      });
      const baseline = middle + TEXT_SIZE * 0.35;
      return [
        label(names[row]!, { x: left - GAP, y: baseline, 'text-anchor': 'end' }),
        ...rects,
        label(shown[row]!, { x: at(from) + 6, y: baseline }),
      ].join('');
    }),
    element('line', { class: 'axis', x1: left, x2: left, y1: top, y2: bottom }),
    ...(mark === undefined
      ? []
      : [
          element('line', { class: 'mark', x1: at(mark.at), x2: at(mark.at), y1: top - 4, y2: bottom }),
          label(mark.label[language], { x: at(mark.at), y: top - 8, 'text-anchor': 'middle' }),
        ]),
  ];
  const description = names.map((name, row) => `${name}: ${shown[row]}`).join('; ');
  return picture(chart.title[language], description, bottom + AXIS, content);
}

function legendOf(parts: readonly string[]): string {
  let x = MARGIN;
  return parts
    .map((part, at) => {
      const from = x;
      x += 18 + widthOf(part, TEXT_SIZE) + 24;
      return [
        element('rect', { class: `bar part-${at}`, x: from, y: TOP - 10, width: 12, height: 12 }),
        label(part, { x: from + 18, y: TOP }),
      ].join('');
    })
    .join('');
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => widthOf(text, TEXT_SIZE)));
}
