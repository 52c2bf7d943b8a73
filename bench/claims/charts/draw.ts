import type { Chart, Language } from '../contract.js';
import { drawBars } from './bars.js';
import { drawLines } from './lines.js';

/** A chart as a whole SVG document, readable on light and dark pages. Pure. */
export function drawChart(chart: Chart, language: Language): string {
  return chart.kind === 'bars' ? drawBars(chart, language) : drawLines(chart, language);
}
