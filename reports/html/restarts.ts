import { herdBySecond, herdChart } from '../charts/herd.js';
import { restartLines, restartRows } from '../restart-sentences.js';
import { formatCount, formatMicros, NOT_AVAILABLE } from '../units.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section } from './report.js';
import { timelineTable } from './row-tables.js';
import { renderTable, type Table } from './table.js';

const micros = (us: number | null): string => (us === null ? NOT_AVAILABLE : formatMicros(us));

function restartTable({ view }: Report): Table {
  return {
    caption: 'Each kind of restart, counts over all completed trials, times as medians',
    columns: [
      { head: 'Transport', isText: true },
      ...(view.isSweep ? [{ head: 'clients' }] : []),
      { head: 'log in', isText: true },
      { head: 'server away' },
      { head: 'client away, median' },
      { head: 'all back after' },
      { head: 'expected' },
      { head: 'lost' },
      { head: 'of them due while away' },
      { head: 'resumed' },
      { head: 'twice' },
      { head: 'left' },
      { head: 'came back' },
    ],
    rows: restartRows(view).map((row) => ({
      head: row.contestant.title,
      transport: row.contestant.colourIndex,
      cells: [
        ...(view.isSweep ? [formatCount(row.contestant.clients)] : []),
        row.log,
        micros(row.awayMs * 1000),
        micros(row.clientAwayP50Us),
        micros(row.allBackAfterMs === null ? null : row.allBackAfterMs * 1000),
        formatCount(row.expected),
        formatCount(row.lost),
        formatCount(row.lostWhileAway),
        formatCount(row.resumed),
        formatCount(row.duplicated),
        formatCount(row.left),
        formatCount(row.back),
      ],
    })),
    note: 'Resumed: deliveries of messages that were due before their client came back. A broker keeps what is published while no server listens and hands it to the new one; what lies in the memory of the killed server is gone, and nobody publishes until the next one listens.',
  };
}

/** What does a restart cost? Nothing for any other workload. */
export function restartsSection(report: Report): Html | null {
  const [first, ...rest] = restartLines(report.view);
  if (first === undefined || report.focus === null) return null;
  return section(
    'restart',
    'What does a restart cost?',
    `${first} ${rest[0] ?? ''}`,
    rest.length > 1 ? html`<p>${rest.slice(1).join(' ')}</p>` : null,
    renderTable(restartTable(report)),
    figure(report, {
      title: 'When does the herd come back?',
      sentence:
        'Clients that were connected again, a second, in the first completed trial: back-offs drawn by lot spread a herd, clients that all return at once do not.',
      chart: herdChart(report.focus),
      table: timelineTable('clients that came back in each second', herdBySecond(report.focus), 'count'),
    }),
  );
}
