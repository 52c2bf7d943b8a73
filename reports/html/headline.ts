import { atLeastSentence } from '../censored.js';
import { tradeOffChart } from '../charts/trade-off.js';
import { linkSentence } from '../link-remarks.js';
import { plainText } from '../plain-text.js';
import { autoSentence, markSentence, memorySentence, tailSentence, withinRunSentence } from '../remarks.js';
import { type HeadlineTable, tableOf } from '../table.js';
import { formatCount } from '../units.js';
import { workloadSentences } from '../workload-remarks.js';
import { comparisonFigure } from './comparison.js';
import { percentileFigure } from './latency.js';
import { legend } from './marks.js';
import { type Html, html } from './markup.js';
import { figure, type Report } from './report.js';
import { rowTable } from './row-tables.js';
import { renderTable, type Table } from './table.js';

/** Heads of the columns, spelt out: there is more room than in a terminal. */
const HEADS: Readonly<Record<string, string>> = {
  p50: 'late by, median',
  p99: 'p99',
  max: 'max',
  up: 'bytes up',
  down: 'bytes down',
  requests: 'requests',
  cpu: 'server CPU',
  memory: 'server memory',
  rate: 'delivered',
  lost: 'lost',
};

function headlineTable(table: HeadlineTable, clients: readonly number[], isMeasured: boolean): Table {
  const sweep = clients.length > 1;
  return {
    caption: sweep
      ? 'Medians of the completed trials at each number of clients'
      : `Medians of the completed trials at ${formatCount(clients[0] ?? 0)} clients`,
    columns: [
      { head: 'Transport', isText: true },
      ...(sweep ? [{ head: 'clients' }] : []),
      ...table.columns.map(({ key, head, unit, unbounded }) => ({
        head: `${HEADS[key] ?? head}${unbounded && isMeasured ? '\u00a0†' : ''}${unit.startsWith('/') ? unit : unit && `, ${unit}`}`,
      })),
    ],
    rows: table.groups
      .filter((group) => clients.includes(group.clients))
      .flatMap((group) =>
        group.rows.map(({ contestant, cells }) => ({
          head: contestant.title,
          transport: contestant.colourIndex,
          cells: [
            ...(sweep ? [formatCount(group.clients)] : []),
            ...cells.map(({ text, best }) =>
              best
                ? html`<strong class="best">${text}<span aria-hidden="true">*</span><span class="unseen"> (lowest)</span></strong>`
                : text,
            ),
          ],
        })),
      ),
  };
}

function picture(report: Report): Html {
  const { rows, view } = report;
  if (view.comparison !== null) return comparisonFigure(report, view.comparison);
  const tradeOff = tradeOffChart(rows);
  const table = rowTable('lateness and bytes', rows, [
    { name: 'late by, median', path: 'latencyUs.p50', kind: 'micros' },
    { name: 'bytes a message', path: 'wire.perDelivery.bothWays', kind: 'wireBytes' },
  ]);
  if (tradeOff) {
    return figure(report, {
      title: 'What does a message cost, and how late is it?',
      sentence: `Each mark is a transport; nearer to the lower left corner is sooner and smaller. Both axes are logarithmic.${rows.some(({ status }) => status === 'void') ? ' A mark in a ring is of void trials.' : ''}`,
      chart: tradeOff,
      table,
    });
  }
  return percentileFigure(report);
}

function when(report: Report): string {
  const { startedAt, tool } = report.result;
  const date = plainText(startedAt, 40).replace(/T(\d\d:\d\d).*$/u, ' at $1 UTC');
  return `${plainText(tool.name, 60)} ${plainText(tool.version, 40)}, ${date}`;
}

/** The first screen: the question, what was found, the picture that carries it, and the numbers. */
export function headline(report: Report): Html {
  const { view, findings, focus, result } = report;
  const table = tableOf(view);
  const all = table.groups.map(({ clients }) => clients);
  const isMeasured = view.groups.some(({ contestants }) =>
    contestants.some(({ completed }) => completed > 0),
  );
  const notes = !isMeasured
    ? []
    : [
        markSentence(result, view, table.marked),
        ...workloadSentences(result, view),
        atLeastSentence(view),
        tailSentence(view),
        memorySentence(view),
        linkSentence(result, view),
        withinRunSentence(view),
        autoSentence(result),
      ].filter((note) => note !== null);
  return html`<header>
<div class="top"><p class="dateline">${when(report)}</p><button type="button" id="theme">Dark theme</button></div>
<h1>${view.question}</h1>
${view.complete ? null : html`<p class="warnings-line"><strong>${view.interrupted ? 'Interrupted.' : 'Not finished.'}</strong> ${view.interrupted ? 'The run was stopped before its end; this is what it had measured.' : 'The run goes on, or ended without saying so; this is what it has measured.'}</p>`}
<div class="findings">${findings.headline.map((sentence) => html`<p>${sentence}</p>`)}</div>
${findings.caution === null ? null : html`<p class="note">${findings.caution}</p>`}
</header>
${legend(view.transports)}
<section id="summary" aria-label="Summary">
${picture(report)}
${focus && table.groups.length > 0 ? renderTable(headlineTable(table, [focus.clients], isMeasured)) : html`<p class="note">There are no trials to show.</p>`}
${notes.map((note) => html`<p class="note">${note}</p>`)}
${view.isSweep && all.length > 1 ? html`<details><summary>The same for each number of clients</summary>${renderTable(headlineTable(table, all, isMeasured))}</details>` : null}
</section>
`;
}
