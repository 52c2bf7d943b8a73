import { portLines, portRows } from '../port-sentences.js';
import { formatCount, NOT_AVAILABLE } from '../units.js';
import { type Html, html } from './markup.js';
import { type Report, section } from './report.js';
import { renderTable } from './table.js';

const count = (value: number | null): string => (value === null ? NOT_AVAILABLE : formatCount(value));

/** What does a connection for each poll leave behind? Nothing for transports that keep theirs. */
export function portsSection(report: Report): Html | null {
  const { view, result } = report;
  const [first, ...rest] = portLines(result, view);
  if (first === undefined) return null;
  return section(
    'ports',
    'What does a connection for each poll leave behind?',
    `${first} ${rest[0] ?? ''}`,
    rest.length > 1 ? html`<p>${rest.slice(1).join(' ')}</p>` : null,
    renderTable({
      caption: 'Connections, TIME_WAIT and client ports, the most that was seen in a trial',
      columns: [
        { head: 'Transport', isText: true },
        ...(view.isSweep ? [{ head: 'clients' }] : []),
        { head: 'connections a second' },
        { head: 'in TIME_WAIT' },
        { head: "of them at clients' ends" },
        { head: 'client ports taken' },
        { head: 'client ports there are' },
      ],
      rows: portRows(view).map((row) => ({
        head: row.contestant.title,
        transport: row.contestant.colourIndex,
        cells: [
          ...(view.isSweep ? [formatCount(row.contestant.clients)] : []),
          count(Math.round(row.connectionsPerSecond)),
          count(row.timeWaitPeak),
          count(row.timeWaitAtClients),
          count(row.portsUsedPeak),
          count(row.ephemeralPorts),
        ],
      })),
    }),
  );
}
