import { dashOf, type Marker, markerOf, seriesName } from '../charts/encoding.js';
import type { TransportView } from '../view.js';
import { type Html, html } from './markup.js';

/** The point styles of Chart.js, about the origin, 5 pixels in radius. */
const SHAPES: Readonly<Record<Marker, string>> = {
  circle: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z',
  triangle: 'M0 -5L4.5 3.5L-4.5 3.5z',
  rect: 'M-4 -4H4V4H-4z',
  rectRot: 'M0 -5.5L5.5 0L0 5.5L-5.5 0z',
  crossRot: 'M-4 -4L4 4M-4 4L4 -4',
  star: 'M-4 -4L4 4M-4 4L4 -4M0 -5.5V5.5M-5.5 0H5.5',
};

/** A marker alone, in the colour of the text. */
export function marker(shape: Marker): Html {
  return html`<svg class="mark" viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true"><path d="${SHAPES[shape]}" fill="currentColor" stroke="currentColor" stroke-width="1.75"/></svg>`;
}

/** Line, dash and marker of a transport, in its colour. */
export function swatch(index: number): Html {
  return html`<svg class="swatch ${seriesName(index)}" viewBox="-18 -7 36 14" width="36" height="14" aria-hidden="true"><path d="M-18 0H18" stroke="currentColor" stroke-width="2" stroke-dasharray="${dashOf(index).join(' ') || 'none'}"/><path d="${SHAPES[markerOf(index)]}" fill="currentColor" stroke="currentColor" stroke-width="1.75"/></svg>`;
}

/** The one legend of the page: a press hides a transport in every chart and table. */
export function legend(transports: readonly TransportView[]): Html {
  return html`<nav class="legend" aria-label="Transports: press one to hide it everywhere, press again to show it"><ul>${transports.map(
    ({ colourIndex, title }) =>
      html`<li><button type="button" aria-pressed="true" data-toggle="${colourIndex}">${swatch(colourIndex)}${title}</button></li>`,
  )}</ul></nav>`;
}

/** The names of the lines of one chart, for widths at which they do not fit at the ends of the lines. */
export function lineKey(transports: readonly { readonly transport: number; readonly title: string }[]): Html {
  return html`<ul class="key lines" aria-hidden="true">${transports.map(
    ({ transport, title }) => html`<li data-transport="${transport}">${swatch(transport)}${title}</li>`,
  )}</ul>`;
}
