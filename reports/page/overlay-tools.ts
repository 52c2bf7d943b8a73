import type { Chart } from 'chart.js';

/** What an overlay draws with. */
export interface Ink {
  readonly ink: string;
  readonly muted: string;
  readonly page: string;
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

/** The drawn elements of a series that have a place, with their index. */
export function spotsOf(chart: Chart, at: number): (Spot & { index: number })[] {
  return chart.getDatasetMeta(at).data.flatMap((element, index) => {
    const { x, y } = element.getProps(['x', 'y'], true);
    return Number.isFinite(x) && Number.isFinite(y) ? [{ x, y, index }] : [];
  });
}

/** Where rows of dots have their middle. */
export function rowMiddle(chart: Chart, row: number): number {
  return chart.scales.y!.getPixelForValue(row);
}
