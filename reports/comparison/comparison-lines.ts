import { displayWidth, truncate, wrap } from '../text-width.js';
import { basisSentence, comparisonSentences } from './comparison-sentences.js';
import { type ComparisonTable, comparisonTable } from './comparison-table.js';
import type { ComparisonView } from './comparison-view.js';

/** Columns that stand to the left of their place; the others are numbers. */
const TEXT_HEADS = ['metric', 'head is'];

function setTable({ heads, rows }: ComparisonTable, gap: number, without: readonly string[]): string[] {
  const shown = heads.map((_head, at) => at).filter((at) => !without.includes(heads[at]!));
  const widths = shown.map((at) => Math.max(...[heads, ...rows].map((row) => displayWidth(row[at]!))));
  return [heads, ...rows].map((row) =>
    shown
      .map((at, place) => {
        const room = ' '.repeat(Math.max(0, widths[place]! - displayWidth(row[at]!)));
        return TEXT_HEADS.includes(heads[at]!) ? row[at]! + room : room + row[at]!;
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

/** The table in the widest form that fits; what cannot be fitted is cut. */
function fitTable(table: ComparisonTable, width: number): string[] {
  const layouts: [number, readonly string[]][] = [
    [2, []],
    [2, ['base / base']],
    [1, ['base / base']],
    [1, ['base / base', 'base', 'head']],
  ];
  for (const [gap, without] of layouts) {
    const lines = setTable(table, gap, without);
    if (lines.every((line) => displayWidth(line) <= width)) return lines;
  }
  return setTable(table, ...layouts.at(-1)!).map((line) => truncate(line, width));
}

/** A comparison for a terminal, in paragraphs: what is compared, the table, what was found, what it rests on. */
export function comparisonParagraphs(view: ComparisonView, width: number): string[][] {
  const told = (sentence: string): string[] => wrap(sentence, width);
  return [
    [...told(`base: ${view.base}`), ...told(`head: ${view.head}`)],
    fitTable(comparisonTable(view), width),
    comparisonSentences(view).flatMap(told),
    [basisSentence(view), ...view.notes].flatMap(told),
  ];
}
