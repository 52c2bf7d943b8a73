import { slopeLines, slopeParts, slopeRows } from '../slope-sentences.js';
import { formatCount } from '../units.js';
import { type Html, html } from './markup.js';
import type { Report } from './report.js';
import { renderTable } from './table.js';

const METRICS = ['heap', 'process', 'kernel'] as const;

/** Server memory a client as slopes of a sweep; nothing where there are none and none were asked for. */
export function slopeTable({ result, view }: Report): Html | null {
  const [sentence] = slopeLines(result, view);
  if (sentence === undefined) return null;
  const rows = slopeRows(result, view);
  const title = html`<h3>What does one client more cost the server?</h3><p>${sentence.replace('in brackets', 'below each').replace(/:$/u, '.')}</p>`;
  if (rows.length === 0) return title;
  return html`${title}${renderTable({
    caption: 'Server memory a client: the slope, and below it its 99 % interval',
    columns: [
      { head: 'Transport', isText: true },
      { head: 'JavaScript (heap and external)' },
      { head: 'process (resident)' },
      { head: 'kernel (sockets)' },
      { head: 'trials' },
    ],
    rows: rows.map(({ title: head, colourIndex, slopes }) => ({
      head,
      transport: colourIndex,
      cells: [
        ...METRICS.map((metric) => {
          const slope = slopes.find((each) => each.metric === metric);
          if (!slope) return 'n/a';
          const { value, interval } = slopeParts(slope);
          return interval === null ? value : html`${value} <span class="under">${interval}</span>`;
        }),
        formatCount(Math.min(...slopes.map(({ points }) => points))),
      ],
    })),
  })}`;
}
