import { formatWireBytes } from '../units.js';
import { axisUnit } from './bars.js';
import { chartOptions } from './options.js';
import { labelOf, type Row, sortRows, valueAt } from './rows.js';
import type { ChartSpec, SeriesSpec } from './spec.js';

/** Layers from the useful bytes outwards, each with its tint. */
export const LAYERS = [
  { key: 'payload', name: 'payload' },
  { key: 'header', name: 'header' },
  { key: 'framing', name: 'framing' },
  { key: 'idle', name: 'empty polls and heartbeats' },
  { key: 'handshake', name: 'reconnects' },
] as const;

export const BOTH_WAYS = 'wire.perDelivery.bothWays';

const SIDES = ['down', 'up'] as const;

const pathOf = (side: string, layer: string): string => `wire.perDelivery.${side}.${layer}`;

/** The layers that any row has bytes in; payload, header and framing always. */
export function layersIn(rows: readonly Row[]): (typeof LAYERS)[number][] {
  return LAYERS.filter(
    ({ key }, at) =>
      at < 3 || rows.some((row) => SIDES.some((side) => (valueAt(row, pathOf(side, key)) ?? 0) > 0)),
  );
}

/** Bytes per delivered message, a stack down and a stack up for each transport, sorted by both together. */
export function stackedBytesChart(rows: readonly Row[]): ChartSpec | null {
  const sorted = sortRows(rows, (row) => valueAt(row, BOTH_WAYS));
  if (sorted.every((row) => valueAt(row, BOTH_WAYS) === null)) return null;
  const layers = layersIn(rows);
  const totals = sorted.flatMap((row) => SIDES.map((side) => valueAt(row, pathOf(side, 'total'))));
  const unit = axisUnit(totals, 'wireBytes');
  const series: SeriesSpec[] = SIDES.flatMap((side) =>
    layers.map(({ key, name }, at) => {
      const fill = (row: Row): string =>
        row.status === 'void' || key === 'idle' ? `@hatch-layer-${key}` : `@layer-${key}`;
      return {
        label: `${name}, ${side}`,
        stack: side,
        data: sorted.map((row) => valueAt(row, pathOf(side, key))),
        backgroundColor: sorted.map(fill),
        hoverBackgroundColor: sorted.map(fill),
        borderColor: '@page',
        borderWidth: { right: 1 },
        maxBarThickness: 18,
        categoryPercentage: 0.8,
        barPercentage: 0.9,
        ...(at === layers.length - 1
          ? {
              texts: sorted.map((row) => {
                const total = valueAt(row, pathOf(side, 'total'));
                if (total !== null) return `${side} ${formatWireBytes(total)}`;
                return side === 'down' ? (row.reason ?? 'not measured') : null;
              }),
              textSide: 'end' as const,
            }
          : {}),
      };
    }),
  );
  const x = { unit };
  const y = { unit: { kind: 'count' as const, unit: '', size: 1 } };
  return {
    type: 'bar',
    series,
    rows: sorted.map((row) => ({ label: labelOf(row), transport: row.transport })),
    x,
    y,
    valueAxis: 'x',
    height: 64,
    options: chartOptions(
      { spec: x },
      { spec: y, type: 'category', grid: false },
      {
        indexAxis: 'y',
        interaction: { mode: 'index', axis: 'y', intersect: false },
      },
    ),
  };
}
