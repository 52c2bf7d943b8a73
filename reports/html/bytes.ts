import { byteLines } from '../byte-lines.js';
import { type Row, sortRows, valueAt } from '../charts/rows.js';
import { BOTH_WAYS, layersIn, stackedBytesChart } from '../charts/stacked-bytes.js';
import { sweepOf } from '../charts/sweep.js';
import { formatPercent, formatWireBytes } from '../units.js';
import { verificationLines } from '../verification.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section, warnings } from './report.js';
import { nameOf } from './row-tables.js';
import { sweepFigures } from './sweep-figures.js';
import { renderTable, type Table } from './table.js';

/** Bytes that stand in one of the layers, too. */
const APART = [
  { head: 'of which cookie, up', path: 'wire.identity.perDelivery' },
  { head: 'of which base64, down', path: 'wire.growth.perDelivery' },
] as const;

function layerTable(rows: readonly Row[]): Table {
  const layers = layersIn(rows);
  const sides = ['down', 'up'] as const;
  const apart = APART.filter(({ path }) => rows.some((row) => valueAt(row, path) !== null));
  return {
    caption: 'bytes per delivered message, B',
    columns: [
      { head: 'Transport', isText: true },
      ...sides.flatMap((side) => [
        ...layers.map(({ name }) => ({ head: `${name}, ${side}` })),
        { head: `all ${side}` },
      ]),
      { head: 'both ways' },
      ...apart.map(({ head }) => ({ head })),
    ],
    rows: sortRows(rows, (row) => valueAt(row, BOTH_WAYS)).map((row) => ({
      transport: row.transport,
      head: nameOf(row),
      cells: [
        ...sides.flatMap((side) =>
          [...layers.map(({ key }) => key), 'total'].map((layer) =>
            formatWireBytes(valueAt(row, `wire.perDelivery.${side}.${layer}`)),
          ),
        ),
        formatWireBytes(valueAt(row, BOTH_WAYS)),
        ...apart.map(({ path }) => formatWireBytes(valueAt(row, path))),
      ],
    })),
  };
}

function exchangeTable(rows: readonly Row[]): Table {
  const paths = [
    ['handshake, up', 'wire.handshakePerClient.up'],
    ['handshake, down', 'wire.handshakePerClient.down'],
    ['answer with a message, up', 'wire.exchange.hit.up'],
    ['answer with a message, down', 'wire.exchange.hit.down'],
    ['empty answer, up', 'wire.exchange.empty.up'],
    ['empty answer, down', 'wire.exchange.empty.down'],
    ['idle in the window, up', 'wire.idle.up'],
    ['idle in the window, down', 'wire.idle.down'],
    ...(rows.some((row) => valueAt(row, 'wire.identity.handshakePerClient') !== null)
      ? [['cookie in the handshake, up', 'wire.identity.handshakePerClient'] as const]
      : []),
  ] as const;
  return {
    caption: 'Bytes of one handshake, of one exchange, and of all idle traffic',
    columns: [{ head: 'Transport', isText: true }, ...paths.map(([head]) => ({ head }))],
    rows: rows
      .filter(({ status }) => status !== 'failed')
      .map((row) => ({
        transport: row.transport,
        head: nameOf(row),
        cells: paths.map(([, path]) => {
          const value = valueAt(row, path);
          return value === null ? '\u2013' : formatWireBytes(value);
        }),
      })),
    note: 'A dash: the transport has no such exchange, or none was seen. Medians over trials.',
  };
}

function shareSentence(rows: readonly Row[]): string {
  const shares = rows.flatMap((row) => {
    const total = valueAt(row, BOTH_WAYS);
    const payload = valueAt(row, 'wire.perDelivery.down.payload');
    return row.status === 'completed' && total && payload !== null
      ? [{ title: row.title, part: (100 * payload) / total }]
      : [];
  });
  const sorted = shares.sort((a, b) => a.part - b.part);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (!least || !most) return 'No completed trial has counted bytes.';
  if (least === most) return `${formatPercent(least.part)} of the bytes are payload.`;
  return `Payload is ${formatPercent(least.part)} of the bytes with ${least.title} and ${formatPercent(most.part)} with ${most.title}. Lengths of TCP and IP headers are not contained.`;
}

/** How many bytes? */
export function bytesSection(report: Report): Html {
  const { view, findings, rows } = report;
  const measured = rows.some(({ status }) => status !== 'failed');
  return section(
    'bytes',
    'How many bytes?',
    findings.bytes,
    warnings(report, ['bytes']),
    ...[...verificationLines(report.result, view), ...byteLines(report.result, view)].map(
      (line) => html`<p class="note">${line}</p>`,
    ),
    figure(report, {
      title: 'How much of a message on the wire is the message?',
      sentence: shareSentence(rows),
      chart: stackedBytesChart(rows),
      key: html`<ul class="key">${layersIn(rows).map(
        ({ key, name }) =>
          html`<li><svg class="patch layer-${key}" viewBox="0 0 18 14" width="18" height="14" aria-hidden="true"><path d="M0 0H18V14H0z" fill="currentColor"/>${key === 'idle' ? html`<path class="stripes" d="M-2 14L12 0M6 16L22 0M-8 8L4 -4" stroke-width="2.5" fill="none"/>` : null}</svg>${name}</li>`,
      )}</ul>`,
      table: layerTable(rows),
    }),
    measured
      ? html`<h3>What does a client cost before its first message, and between messages?</h3>${renderTable(exchangeTable(rows))}`
      : null,
    ...sweepFigures(report, sweepOf(view), [
      {
        title: 'Do bytes per message depend on the number of clients?',
        name: 'bytes per message, both ways',
        path: BOTH_WAYS,
        kind: 'wireBytes',
        logarithmic: true,
      },
    ]),
  );
}
