import { styleText } from 'node:util';
import Table from 'cli-table3';
import { byteLines } from './byte-lines.js';
import { comparisonParagraphs } from './comparison/comparison-lines.js';
import { findingsOf } from './findings.js';
import { footnotesOf } from './footnotes.js';
import { floorLines } from './noise-sentences.js';
import { portLines } from './port-sentences.js';
import { warningSentence } from './remarks.js';
import { restartLines } from './restart-sentences.js';
import type { Result } from './result.js';
import { sideCrowdLines } from './side-crowd-sentences.js';
import { slopeLines } from './slope-sentences.js';
import { type HeadlineTable, tableOf } from './table.js';
import { displayWidth, truncate, wrap } from './text-width.js';
import { formatCount } from './units.js';
import { verificationLines } from './verification.js';
import { type ResultView, viewOf } from './view.js';

/** How the table is set. */
export interface TerminalStyle {
  /** Columns of the terminal; what is narrower than 40 is treated as 40. */
  readonly width: number;
  /** Whether escape sequences for bold type may be written. Nothing needs them to be read. */
  readonly color: boolean;
}

const LEAST_WIDTH = 40;
const LEAST_NAME = 8;

interface Layout {
  readonly gap: number;
  readonly columns: readonly number[];
  readonly name: (row: { id: string; title: string }) => string;
}

function bold(text: string, style: TerminalStyle): string {
  return style.color ? styleText('bold', text, { validateStream: false }) : text;
}

/** Sets the table without borders: names to the left, numbers to the right. */
function setTable(table: HeadlineTable, view: ResultView, layout: Layout, style: TerminalStyle): string[] {
  const bar = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '', left: '', right: '' };
  const ends = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '' };
  const feet = { bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' };
  const shown = layout.columns.map((at) => ({
    at,
    column: table.columns[at]!,
    // The mark has a place of its own, so that the figures of a column stay under each other.
    mark: table.groups.some(({ rows }) => rows.some(({ cells }) => cells[at]!.best)) ? ' ' : '',
  }));
  const set = new Table({
    chars: { ...bar, ...ends, ...feet, middle: ' '.repeat(layout.gap) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: ['left', ...(view.isSweep ? ['right' as const] : []), ...shown.map(() => 'right' as const)],
  });
  const head = (text: string): string => (text === '' ? '' : bold(text, style));
  set.push([
    head('scenario'),
    ...(view.isSweep ? [head('clients')] : []),
    ...shown.map(({ column, mark }) => head(column.head + (column.unbounded ? '†' : '')) + mark),
  ]);
  set.push(['', ...(view.isSweep ? [''] : []), ...shown.map(({ column, mark }) => head(column.unit) + mark)]);
  for (const [at, { clients, rows }] of table.groups.entries()) {
    if (at > 0) set.push(['', ...(view.isSweep ? [''] : []), ...shown.map(() => '')]);
    for (const { contestant, cells } of rows) {
      set.push([
        layout.name(contestant),
        ...(view.isSweep ? [formatCount(clients)] : []),
        ...shown.map(({ at: cell, mark }) => {
          const { text, best } = cells[cell]!;
          return best ? bold(`${text}*`, style) : text + mark;
        }),
      ]);
    }
  }
  return set
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/**
 * The widest table that fits: titles and all columns at first, then ids, fewer columns, a narrower gap. A column gives way
 * before a name is cut: the page has all columns, but a row without its name is nobody's.
 */
function fitTable(table: HeadlineTable, view: ResultView, style: TerminalStyle): string[] {
  const every = table.columns.map((_, at) => at);
  const without = (least: number): number[] => every.filter((at) => table.columns[at]!.yields < least);
  const title = (row: { title: string }): string => row.title;
  const id = (row: { id: string }): string => truncate(row.id, 20);
  const short = (row: { id: string }): string => truncate(row.id, LEAST_NAME);
  const layouts: Layout[] = [
    { gap: 2, columns: every, name: title },
    { gap: 2, columns: every, name: id },
    { gap: 2, columns: without(9), name: id },
    { gap: 2, columns: without(8), name: id },
    ...[8, 4, 3, 2, 1].map((least) => ({ gap: 1, columns: without(least), name: id })),
    { gap: 1, columns: without(1), name: short },
  ];
  let lines: string[] = [];
  for (const layout of layouts) {
    lines = setTable(table, view, layout, style);
    if (lines.every((line) => displayWidth(line) <= style.width)) return lines;
  }
  // Only numbers beyond reason come here; without colour a cut cannot leave an open escape sequence behind.
  lines = setTable(table, view, layouts.at(-1)!, { ...style, color: false });
  return lines.map((line) => truncate(line, style.width));
}

/**
 * The table that ends a run, for standard output: the question, one row a contestant, footnotes, what went wrong.
 * No line is wider than the given width. Ends with a line break.
 */
export function renderTable(result: Result, style: TerminalStyle): string {
  const fitted = { ...style, width: Math.max(LEAST_WIDTH, Math.floor(style.width) || LEAST_WIDTH) };
  const view = viewOf(result);
  const table = tableOf(view);
  const footnotes = footnotesOf(result, view, table);
  const warnings = view.warnings.map(warningSentence);
  const paragraphs = [
    wrap(view.question, fitted.width).map((line) => bold(line, fitted)),
    ...(view.comparison === null
      ? [view.groups.length > 0 ? fitTable(table, view, fitted) : []]
      : comparisonParagraphs(view.comparison, fitted.width)),
    verificationLines(result, view).flatMap((line) => wrap(line, fitted.width)),
    byteLines(result, view).flatMap((line) => wrap(line, fitted.width)),
    slopeLines(result, view).flatMap((line) => wrap(line, fitted.width)),
    restartLines(view).flatMap((line) => wrap(line, fitted.width)),
    sideCrowdLines(view).flatMap((line) => wrap(line, fitted.width)),
    portLines(result, view).flatMap((line) => wrap(line, fitted.width)),
    floorLines(result, view).flatMap((line) => wrap(line, fitted.width)),
    // A comparison says itself what its numbers are.
    (view.comparison === null ? footnotes : []).flatMap((note) => wrap(note, fitted.width)),
    [findingsOf(view).wrong, ...warnings].flatMap((sentence) => wrap(sentence, fitted.width)),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
