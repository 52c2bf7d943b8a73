import { ratioChart } from '../charts/ratios.js';
import { basisSentence, comparisonSentences } from '../comparison/comparison-sentences.js';
import { comparisonTable } from '../comparison/comparison-table.js';
import { type ComparisonView, changedRows } from '../comparison/comparison-view.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section } from './report.js';
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

/** Is head better or worse? Nothing for a result that compares nothing. */
export function comparisonSection(report: Report): Html | null {
  const view = report.view.comparison;
  if (view === null) return null;
  const [answer = '', ...more] = comparisonSentences(view);
  const rows = changedRows(view);
  const hasBands = rows.some(({ aa }) => aa !== null && aa.low !== null);
  return section(
    'comparison',
    'Is the head better or worse than the base?',
    answer,
    more.length > 0 ? html`<p>${more.join(' ')}</p>` : null,
    html`<p class="note">Base: ${view.base}. Head: ${view.head}. ${basisSentence(view)}</p>`,
    figure(report, {
      title: 'How many times the base is the head?',
      sentence: hasBands
        ? 'Each mark is the ratio of one metric, with its interval; the bar behind it is how far the same base was from itself in the same run. A filled mark is a difference that was shown.'
        : 'Each mark is the ratio of one metric, with its interval. A filled mark is a difference that was shown.',
      chart: ratioChart(view, rows),
      table: tableOf(view),
    }),
    view.notes.length > 0
      ? html`<ul class="prose">${view.notes.map((note) => html`<li>${note}</li>`)}</ul>`
      : null,
  );
}
