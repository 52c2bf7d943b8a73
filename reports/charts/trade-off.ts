import { formatMicros, formatWireBytes } from '../units.js';
import { markerOf, seriesName } from './encoding.js';
import { chartOptions } from './options.js';
import { basisOf, intervalOf, type Row, samplesOf, valueAt } from './rows.js';
import type { ChartSpec, SeriesSpec } from './spec.js';
import { BOTH_WAYS } from './stacked-bytes.js';
import { logAxis } from './ticks.js';

const LATE = 'latencyUs.p50';

/** One dot a transport: how late, and at how many bytes. Null where fewer than two can be placed. */
export function tradeOffChart(rows: readonly Row[]): ChartSpec | null {
  const placed = rows.filter((row) => (valueAt(row, LATE) ?? 0) > 0 && (valueAt(row, BOTH_WAYS) ?? 0) > 0);
  if (new Set(placed.map(({ transport }) => transport)).size < 2) return null;
  const late = logAxis(
    placed.flatMap((row) => [valueAt(row, LATE), ...(intervalOf(row, LATE) ?? [])]),
    'micros',
  );
  const bytes = logAxis(
    placed.map((row) => valueAt(row, BOTH_WAYS)),
    'wireBytes',
  );
  const x = { unit: { kind: 'micros' as const, unit: 'µs', size: 1 }, ticks: late.ticks };
  const y = { unit: { kind: 'wireBytes' as const, unit: 'B', size: 1 }, ticks: bytes.ticks };
  const hasCompleted = (transport: number): boolean =>
    placed.some((row) => row.transport === transport && row.status === 'completed');
  const series: SeriesSpec[] = placed.map((row) => {
    const colour = `@${seriesName(row.transport)}`;
    const name = row.mark === null ? row.title : `${row.title} (${row.mark})`;
    const interval = intervalOf(row, LATE);
    return {
      label: name,
      transport: row.transport,
      data: [{ x: valueAt(row, LATE)!, y: valueAt(row, BOTH_WAYS)! }],
      whiskers: [interval],
      texts: [name],
      // Beside a mark of completed trials, that of void ones is told by its ring.
      shortTexts: [row.mark !== null && hasCompleted(row.transport) ? null : row.title],
      ringed: row.status === 'void',
      textSide: 'auto',
      notes: [
        `late by ${formatMicros(valueAt(row, LATE))}, ${formatWireBytes(valueAt(row, BOTH_WAYS))} a message; ${basisOf(row, LATE)}; ${samplesOf(row)}`,
      ],
      pointStyle: markerOf(row.transport),
      pointRadius: 7,
      pointHoverRadius: 9,
      pointBorderWidth: 2,
      pointBorderColor: colour,
      pointBackgroundColor: row.status === 'void' ? '@page' : colour,
    };
  });
  return {
    type: 'scatter',
    series,
    x,
    y,
    valueAxis: 'x',
    height: 300,
    options: chartOptions(
      { spec: x, type: 'logarithmic', min: late.min, max: late.max, title: 'late by (median)' },
      { spec: y, type: 'logarithmic', min: bytes.min, max: bytes.max, title: 'bytes a message, both ways' },
    ),
  };
}
