import type { ChartSpec, SeriesSpec } from '../charts/spec.js';

/** The chart without the hidden transports: series that are theirs vanish, and so do rows. */
export function withoutHidden(spec: ChartSpec, hidden: ReadonlySet<number>): ChartSpec {
  const series = spec.series.filter(({ transport }) => transport === undefined || !hidden.has(transport));
  const { rows } = spec;
  if (!rows) return { ...spec, series };
  const keep = rows.map(({ transport }) => !hidden.has(transport));
  const shown = rows.filter((_row, at) => keep[at]);
  return { ...spec, rows: shown, series: series.map((each) => withRows(each, keep)) };
}

/** Whatever a series holds for each row loses the same entries; dots move up to the rows that are left. */
function withRows(series: SeriesSpec, keep: readonly boolean[]): SeriesSpec {
  const kept = Object.entries(series).map(([name, value]) => [
    name,
    Array.isArray(value) && value.length === keep.length ? value.filter((_each, at) => keep[at]) : value,
  ]);
  const copy = Object.fromEntries(kept) as SeriesSpec;
  return {
    ...copy,
    data: copy.data.map((datum, at) => (typeof datum === 'object' && datum ? { ...datum, y: at } : datum)),
  };
}
