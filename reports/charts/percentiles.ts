import { formatMicros } from '../units.js';
import { noteOf } from './bars.js';
import { seriesName } from './encoding.js';
import { chartOptions } from './options.js';
import { intervalOf, labelOf, type Row, sortRows, valueAt } from './rows.js';
import type { ChartSpec } from './spec.js';
import { logAxis } from './ticks.js';

/** The percentiles shown, each with its marker. */
export const PERCENTILES = [
  { path: 'latencyUs.p50', name: 'median', marker: 'circle' },
  { path: 'latencyUs.p90', name: 'p90', marker: 'triangle' },
  { path: 'latencyUs.p99', name: 'p99', marker: 'rectRot' },
  { path: 'latencyUs.p999', name: 'p99.9', marker: 'rect' },
  { path: 'latencyUs.max', name: 'max', marker: 'crossRot' },
] as const;

const TEXT_SIDES: Readonly<Record<string, 'above' | 'below'>> = { median: 'above', p99: 'below' };

/** A row of dots for each transport, from median to maximum, on a logarithmic axis. */
export function percentileChart(rows: readonly Row[]): ChartSpec | null {
  const sorted = sortRows(rows, (row) => valueAt(row, 'latencyUs.p50'));
  const values = sorted.flatMap((row) => PERCENTILES.map(({ path }) => valueAt(row, path)));
  if (!values.some((value) => value !== null && value > 0)) return null;
  const axis = logAxis(values, 'micros');
  const x = { unit: { kind: 'micros' as const, unit: 'µs', size: 1 }, ticks: axis.ticks };
  const y = { unit: { kind: 'count' as const, unit: '', size: 1 } };
  return {
    type: 'scatter',
    spans: true,
    series: PERCENTILES.map(({ path, name, marker }) => ({
      label: name,
      data: sorted.map((row, at) => {
        const value = valueAt(row, path);
        return { x: value !== null && value > 0 ? value : null, y: at };
      }),
      whiskers: sorted.map((row) => intervalOf(row, path)),
      notes: sorted.map((row) => noteOf(row, path, 'micros')),
      ...(TEXT_SIDES[name]
        ? {
            textSide: TEXT_SIDES[name],
            texts: sorted.map((row) => {
              const value = valueAt(row, path);
              if (value !== null) return formatMicros(value);
              return name === 'median' ? (row.reason ?? 'not measured') : null;
            }),
          }
        : {}),
      pointStyle: marker,
      pointRadius: 5.5,
      pointHoverRadius: 7,
      pointBorderWidth: 2,
      pointBorderColor: sorted.map((row) => `@${seriesName(row.transport)}`),
      // A void trial is hollow: its dots are there to be seen, not to be trusted.
      pointBackgroundColor: sorted.map((row) =>
        row.status === 'void' ? '@page' : `@${seriesName(row.transport)}`,
      ),
    })),
    rows: sorted.map((row) => ({ label: labelOf(row), transport: row.transport })),
    x,
    y,
    valueAxis: 'x',
    height: 66,
    options: chartOptions(
      { spec: x, type: 'logarithmic', min: axis.min, max: axis.max },
      { spec: y, grid: false, min: -0.5, max: sorted.length - 0.5, reverse: true },
    ),
  };
}
