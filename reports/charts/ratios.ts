import { intervalText, ratioText } from '../comparison/comparison-sentences.js';
import type { ComparisonRow, ComparisonView } from '../comparison/comparison-view.js';
import { formatCount } from '../units.js';
import { chartOptions } from './options.js';
import { ratioAxis } from './ratio-ticks.js';
import type { ChartSpec } from './spec.js';

/** No transport's place: these rows are metrics, and hide with nobody. */
const NOBODY = -1;
const ROW_HEIGHT = 46;

/** Ink, for colours are transports; a mark is filled where a difference was shown. */
const fillOf = ({ word }: ComparisonRow): string =>
  word === 'worse' || word === 'better' ? '@ink' : '@page';

/** A row a metric: head / base with its interval, over the interval of the base against itself. Null without a ratio. */
export function ratioChart(view: ComparisonView, rows: readonly ComparisonRow[]): ChartSpec | null {
  const shown = rows.filter(({ ratio }) => ratio !== null);
  if (shown.length === 0) return null;
  const axis = ratioAxis(shown.flatMap(({ ratio, low, high, aa }) => [ratio, low, high, aa?.low, aa?.high]));
  const x = { unit: { kind: 'ratio' as const, unit: '', size: 1 }, ticks: axis.ticks };
  const y = { unit: { kind: 'count' as const, unit: '', size: 1 } };
  const within = (value: number): number => Math.min(axis.max, Math.max(axis.min, value));
  return {
    type: 'scatter',
    series: [
      {
        label: 'head / base',
        data: shown.map(({ ratio }, row) => ({ x: within(ratio!), y: row })),
        whiskers: shown.map(({ low, high }) =>
          low === null || high === null ? null : ([within(low), within(high)] as const),
        ),
        bands: shown.map(({ aa }) =>
          aa === null || aa.low === null || aa.high === null
            ? null
            : ([within(aa.low), within(aa.high)] as const),
        ),
        texts: shown.map(({ ratio, word }) => `${ratioText(ratio)}, ${word}`),
        textSide: 'above',
        notes: shown.map(noteOf),
        pointStyle: 'circle',
        pointRadius: 6,
        pointHoverRadius: 8,
        pointBorderWidth: 2,
        pointBorderColor: '@ink',
        pointBackgroundColor: shown.map(fillOf),
      },
    ],
    rows: shown.map((row) => ({
      label: view.isSweep ? [row.name, `${formatCount(row.clients)} clients`] : [row.name],
      transport: NOBODY,
    })),
    x,
    y,
    valueAxis: 'x',
    rule: { value: 1, label: '' },
    height: ROW_HEIGHT,
    options: chartOptions(
      { spec: x, type: 'logarithmic', min: axis.min, max: axis.max, title: 'head / base (1: no change)' },
      { spec: y, grid: false, reverse: true },
    ),
  };
}

function noteOf(row: ComparisonRow): string {
  const parts = [
    `base ${row.base}, head ${row.head}`,
    row.low === null ? '' : `interval ${intervalText(row)}`,
    row.aa === null ? '' : `base / base ${intervalText(row.aa)}`,
    `${formatCount(row.pairs)} ${row.level === 'exact' ? 'trials' : 'pairs'}`,
    row.word,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
