import { FLOOR_NAMES, floorLines, floorRows } from '../noise-sentences.js';
import type { NoiseFloor } from '../result.js';
import { formatCount, formatPercent, NOT_AVAILABLE } from '../units.js';
import { type Fragment, type Html, html } from './markup.js';
import type { Report } from './report.js';
import { renderTable } from './table.js';

/** The floor, and below it the interval of the ratio of the arms. */
function cell(entry: NoiseFloor['entries'][number] | undefined): Fragment {
  if (!entry) return NOT_AVAILABLE;
  const { floorPercent, low, high, least, most } = entry;
  const [from, to] = low === null || high === null ? [least, most] : [low, high];
  return html`${formatPercent(floorPercent)} <span class="under">${from.toFixed(3)} to ${to.toFixed(3)}</span>`;
}

/** How far two identical arms were apart, by contestant; nothing where no floor is known. */
export function noiseTable({ result, view }: Report): Html | null {
  const { noiseFloor } = result;
  const lines = floorLines(result, view);
  if (lines.length === 0) return null;
  const title = html`<h3>How far apart does this machine set two identical contestants?</h3>`;
  if (!noiseFloor || noiseFloor.entries.length === 0) return html`${title}<p>${lines[0]!}</p>`;
  const rows = floorRows(noiseFloor, view);
  const rest = lines.slice(rows.length + 1);
  return html`${title}<p>${lines[0] ?? ''} ${rest.join(' ')}</p>${renderTable({
    caption: 'Noise floor, and below it the ratio of the identical arms',
    columns: [
      { head: 'Transport', isText: true },
      { head: 'clients' },
      ...FLOOR_NAMES.map(([, name]) => ({ head: name })),
    ],
    rows: rows.map(({ title, colourIndex, clients, entries }) => ({
      head: title,
      ...(colourIndex === null ? {} : { transport: colourIndex }),
      cells: [
        formatCount(clients),
        ...FLOOR_NAMES.map(([path]) => cell(entries.find(({ metric }) => metric === path))),
      ],
    })),
  })}`;
}
