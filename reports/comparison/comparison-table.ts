import { formatCount } from '../units.js';
import { intervalText, ratioText } from './comparison-sentences.js';
import { type ComparisonRow, type ComparisonView, changedRows } from './comparison-view.js';

/** The comparison as a table of plain texts, the same for terminal, Markdown and page. */
export interface ComparisonTable {
  readonly heads: readonly string[];
  /** The first cell is the metric's name. */
  readonly rows: readonly (readonly string[])[];
}

/** @param all also exact metrics that have not changed */
export function comparisonTable(view: ComparisonView, all = false): ComparisonTable {
  const rows = all ? view.rows : changedRows(view);
  const hasAA = rows.some(({ aa }) => aa !== null);
  const cells = (row: ComparisonRow): string[] => [
    row.name,
    ...(view.isSweep ? [formatCount(row.clients)] : []),
    row.base,
    row.head,
    ratioText(row.ratio),
    intervalText(row),
    ...(hasAA ? [row.aa === null ? '\u2013' : intervalText(row.aa)] : []),
    row.word,
  ];
  return {
    heads: [
      'metric',
      ...(view.isSweep ? ['clients'] : []),
      'base',
      'head',
      'ratio',
      'interval',
      ...(hasAA ? ['base / base'] : []),
      'head is',
    ],
    rows: rows.map(cells),
  };
}
