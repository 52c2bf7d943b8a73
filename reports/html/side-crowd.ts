import { peopleChart, STANDINGS, standing } from '../charts/people.js';
import type { SideCrowdMeasurements } from '../result.js';
import { failuresText, type SideRow, sideCrowdLines, sideRows } from '../side-crowd-sentences.js';
import { median } from '../statistics.js';
import {
  formatBytes,
  formatCount,
  formatMicros,
  formatRate,
  formatWireBytes,
  NOT_AVAILABLE,
} from '../units.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section } from './report.js';
import { renderTable, type Table } from './table.js';

/** A column: its head, and what stands in it. */
type Cell = readonly [head: string, text: (row: SideRow) => string];

const micros = (us: number | null | undefined): string => (us == null ? NOT_AVAILABLE : formatMicros(us));

function middle(
  row: SideRow,
  read: (crowd: SideCrowdMeasurements) => number | null | undefined,
): number | null {
  const known = row.crowds.map(read).filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : median(known);
}

/** Bytes before a visitor is in, over all the connections that takes: socket.io has three. */
function handshakeOf(
  { handshakePerDial, dials, connects }: SideCrowdMeasurements,
  way: 'up' | 'down',
): number | null {
  return connects === 0 ? null : (handshakePerDial[way] * dials) / connects;
}

const PEOPLE: Cell = ['people', ({ clients }) => formatCount(clients)];
const FAILURES: Cell = ['failures', ({ failures }) => failuresText(failures)];
const CONNECT_COST: readonly Cell[] = [
  ['connected after, median', ({ connectP50Us }) => micros(connectP50Us)],
  ['p99', ({ connectP99Us }) => micros(connectP99Us)],
  ['handshake up', (row) => formatWireBytes(middle(row, (crowd) => handshakeOf(crowd, 'up')))],
  ['handshake down', (row) => formatWireBytes(middle(row, (crowd) => handshakeOf(crowd, 'down')))],
  ['server CPU of a connect', ({ serverMicrosPerConnect }) => micros(serverMicrosPerConnect)],
];

const COLUMNS: Readonly<Record<SideCrowdMeasurements['kind'], readonly Cell[]>> = {
  visitors: [
    PEOPLE,
    ['asked for', (row) => formatRate(middle(row, ({ askedPerSecond }) => askedPerSecond))],
    ['connected', (row) => formatRate(middle(row, ({ connectsPerSecond }) => connectsPerSecond))],
    ...CONNECT_COST,
    ['missed', ({ missed }) => formatCount(missed)],
    ['heard nothing', ({ neverIn }) => formatCount(neverIn)],
    FAILURES,
  ],
  'slow readers': [
    PEOPLE,
    ['heard', ({ delivered }) => formatCount(delivered)],
    ['late', ({ late }) => formatCount(late)],
    ['missed', ({ missed }) => formatCount(missed)],
    ['not read', (row) => formatCount(row.crowds.reduce((sum, { unread }) => sum + (unread ?? 0), 0))],
    ['cut off', ({ cutOff }) => (cutOff === null ? NOT_AVAILABLE : formatCount(cutOff))],
    [
      'server memory for each, at most',
      (row) => formatBytes(middle(row, ({ slow }) => slow?.serverGrowthBytesPerClient)),
    ],
    ['TCP buffers grew by', (row) => formatBytes(middle(row, ({ slow }) => slow?.kernelGrowthBytes))],
    FAILURES,
  ],
  newcomers: [
    PEOPLE,
    ['never let in', ({ neverIn }) => formatCount(neverIn)],
    ['heard', ({ delivered }) => formatCount(delivered)],
    ['late', ({ late }) => formatCount(late)],
    ['missed', ({ missed }) => formatCount(missed)],
    ['connections begun', (row) => formatCount(row.crowds.reduce((sum, { dials }) => sum + dials, 0))],
    FAILURES,
  ],
};

const QUESTIONS: Readonly<Record<SideCrowdMeasurements['kind'], string>> = {
  visitors: 'What do comings and goings cost?',
  'slow readers': 'What do slow readers cost?',
  newcomers: 'What do people see past the limit?',
};

const NOTES: Readonly<Record<SideCrowdMeasurements['kind'], string>> = {
  visitors:
    'A connect lasts from the start of TCP to the open transport, for pollers to the TCP connection. Its CPU is that of the connect phase before the window, in which nothing is published.',
  'slow readers':
    'Memory: resident, from all connected to its peak in the window, by slow reader. TCP buffers: of the whole machine, both ends.',
  newcomers:
    'A server counts connections. Clients that connect for each poll are counted while a poll lasts, so many more of them fit.',
};

function tableOf(report: Report, rows: readonly SideRow[], kind: SideRow['kind']): Table {
  const { isSweep } = report.view;
  const columns = COLUMNS[kind];
  return {
    caption: `${kind[0]!.toUpperCase()}${kind.slice(1)}: counts over all completed trials, times and rates as medians`,
    columns: [
      { head: 'Transport', isText: true },
      ...(isSweep ? [{ head: 'clients' }] : []),
      ...columns.map(([head]) => ({ head, ...(head === 'failures' ? { isText: true } : {}) })),
    ],
    rows: rows.map((row) => ({
      head: row.contestant.title,
      transport: row.contestant.colourIndex,
      cells: [
        ...(isSweep ? [formatCount(row.contestant.clients)] : []),
        ...columns.map(([, text]) => text(row)),
      ],
    })),
    note: NOTES[kind],
  };
}

function secondsTable(title: string, { seconds }: SideCrowdMeasurements): Table {
  return {
    caption: `newcomers of the first completed trial, second by second, ${title}`,
    columns: [
      { head: 'Second', isText: true },
      ...STANDINGS.map(({ name }) => ({ head: name })),
      ...[
        'connections begun',
        '503',
        'other 5xx',
        'refused',
        'reset',
        'timed out',
        'heard on time',
        'heard late',
      ].map((head) => ({ head })),
    ],
    rows: seconds.map(({ second, people, events }) => ({
      head: formatCount(second),
      cells: [
        ...STANDINGS.map(({ fates }) => formatCount(standing(people, fates))),
        ...[
          events.dials,
          events.http503,
          events.http5xx,
          events.refused,
          events.reset,
          events.timeout,
          events.delivered,
          events.deliveredLate,
        ].map(formatCount),
      ],
    })),
    note: 'People by where they stand at the end of the second; connections, answers and messages within it.',
  };
}

const KEY = html`<ul class="key">${STANDINGS.map(
  ({ key, name }) =>
    html`<li><svg class="patch layer-${key}" viewBox="0 0 18 14" width="18" height="14" aria-hidden="true"><path d="M0 0H18V14H0z" fill="currentColor"/>${key === 'idle' ? html`<path class="stripes" d="M-2 14L12 0M6 16L22 0M-8 8L4 -4" stroke-width="2.5" fill="none"/>` : null}</svg>${name}</li>`,
)}</ul>`;

function peopleFigures(report: Report, rows: readonly SideRow[]): Html[] {
  const focus = report.focus;
  return rows
    .filter(({ contestant }) => focus?.contestants.includes(contestant))
    .map(({ contestant, crowds }) => {
      const crowd = crowds[0]!;
      const last = crowd.seconds.at(-1)?.people;
      const inside = last === undefined ? 0 : standing(last, ['onTime', 'late']);
      const all =
        last === undefined ? 0 : STANDINGS.reduce((sum, { fates }) => sum + standing(last, fates), 0);
      return figure(report, {
        title: `Who is in, and what do the others meet: ${contestant.title}?`,
        sentence: `At the end of the window ${formatCount(inside)} of ${formatCount(all)} newcomers are in, in the first completed trial.`,
        chart: peopleChart(crowd),
        key: KEY,
        table: secondsTable(contestant.title, crowd),
      });
    });
}

/** What became of the people beside the clients? Nothing for workloads that have none. */
export function sideCrowdSection(report: Report): Html | null {
  const rows = sideRows(report.view);
  const kind = rows[0]?.kind;
  const [first, ...rest] = sideCrowdLines(report.view);
  if (kind === undefined || first === undefined) return null;
  return section(
    'side-crowd',
    QUESTIONS[kind],
    first,
    rest.length > 0 ? html`<p>${rest.join(' ')}</p>` : null,
    renderTable(tableOf(report, rows, kind)),
    ...(kind === 'newcomers' ? peopleFigures(report, rows) : []),
  );
}
