import { ratioChart } from '../charts/ratios.js';
import { basisSentence, furtherSentences } from '../comparison/comparison-sentences.js';
import { comparisonTable } from '../comparison/comparison-table.js';
import { type ComparisonView, changedRows } from '../comparison/comparison-view.js';
import { type Html, html } from './markup.js';
import { figure, type Report } from './report.js';
import type { Table } from './table.js';

const TEXT_HEADS = ['metric', 'head is'];

function tableOf(view: ComparisonView): Table {
  const { heads, rows } = comparisonTable(view, true);
  return {
    caption: `head (${view.head}) against base (${view.base})`,
    columns: heads.map((head) => ({ head, isText: TEXT_HEADS.includes(head) })),
    rows: rows.map(([name, ...cells]) => ({ head: name!, cells })),
  };
}

const MARKS =
  'Each mark is the ratio of one metric, with its interval; a filled one is a difference that was shown.';
const BANDS = 'The bar behind it is how far the same base was from itself in the same run.';

/** Head against base, metric by metric: the picture that carries the findings of a comparison. */
export function comparisonFigure(report: Report, view: ComparisonView): Html {
  const rows = changedRows(view);
  const hasBands = rows.some(({ aa }) => aa !== null && aa.low !== null);
  return html`${figure(report, {
    title: 'How many times the base is the head?',
    sentence: hasBands ? `${MARKS} ${BANDS}` : MARKS,
    chart: ratioChart(view, rows),
    table: tableOf(view),
  })}<p class="note">Base: ${view.base}. Head: ${view.head}.</p>
${[...furtherSentences(view), basisSentence(view), ...view.notes].map((note) => html`<p class="note">${note}</p>`)}`;
}
