/** How a transport is told from the others: a colour, and beside it a dash and a marker, by place in the registry. */

const COLOURED = 6;
const GREYS = 3;

const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [14, 4]];

/** Names of Chart.js point styles; the legend draws the same. */
const MARKERS = ['circle', 'triangle', 'rect', 'rectRot', 'crossRot', 'star'] as const;

export type Marker = (typeof MARKERS)[number];

/** Name of its colour in the style sheet: six of the Okabe-Ito set, then greys. */
export function seriesName(index: number): string {
  return `series-${index < COLOURED ? index : COLOURED + ((index - COLOURED) % GREYS)}`;
}

/** Lengths of strokes and gaps in pixels; empty for a solid line. */
export function dashOf(index: number): readonly number[] {
  return DASHES[index % DASHES.length]!;
}

export function markerOf(index: number): Marker {
  return MARKERS[(index + Math.floor(index / COLOURED)) % MARKERS.length]!;
}
