import type { Chart } from 'chart.js';

/** What an overlay draws with. */
export interface Ink {
  readonly ink: string;
  readonly muted: string;
  readonly page: string;
  /** Of bands behind dots. */
  readonly band: string;
  readonly font: string;
  /** The hatched colour of a transport. */
  hatch(transport: number): string | CanvasPattern;
}

/** A place on the canvas, pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Height of a line of text, pixels. */
export const LINE = 17;

/** Whether a datum is a value: Chart.js gives a missing one a place too, at the foot of its axis. */
function isValue(datum: unknown): boolean {
  if (typeof datum !== 'object' || datum === null) return datum !== null && datum !== undefined;
  const { x, y } = datum as { x?: unknown; y?: unknown };
  return x !== null && y !== null;
}

/** The drawn elements of a series that stand for a value, with their index. */
export function spotsOf(chart: Chart, at: number): (Spot & { index: number })[] {
  const data: readonly unknown[] = chart.data.datasets[at]?.data ?? [];
  return chart.getDatasetMeta(at).data.flatMap((element, index) => {
    const { x, y } = element.getProps(['x', 'y'], true);
    return isValue(data[index]) && Number.isFinite(x) && Number.isFinite(y) ? [{ x, y, index }] : [];
  });
}

/** Where rows of dots have their middle. */
export function rowMiddle(chart: Chart, row: number): number {
  return chart.scales.y!.getPixelForValue(row);
}
