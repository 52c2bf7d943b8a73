import { listed } from '../listed.js';
import { formatCount, formatPercent } from '../units.js';
import type { ComparisonRow, ComparisonView } from './comparison-view.js';
import { unchangedCount } from './comparison-view.js';

/** Metrics that a sentence names; the others are counted. */
const NAMED = 4;

/** A ratio of two measurements: `1.23`, `0.987`; three digits behind the point near 1, where they tell something. */
export function ratioText(ratio: number | null): string {
  if (ratio === null) return 'n/a';
  if (ratio >= 100) return formatCount(ratio);
  return ratio.toFixed(ratio >= 10 ? 1 : ratio >= 2 ? 2 : 3);
}

/** `1.15 to 1.31`; a dash where there is no interval. */
export function intervalText({ low, high }: Pick<ComparisonRow, 'low' | 'high'>): string {
  return low === null || high === null ? '\u2013' : `${ratioText(low)} to ${ratioText(high)}`;
}

/** From what to what an exact metric went, or how many times the base, as surely as the interval says. */
function change(row: ComparisonRow): string {
  if (row.level === 'exact' || row.ratio === null) return `${row.base} to ${row.head}`;
  const interval = row.low === null ? '' : `, ${intervalText(row)}`;
  return `${ratioText(row.ratio)} times${interval}`;
}

function place(row: ComparisonRow, view: ComparisonView): string {
  return view.isSweep ? `${row.name} at ${formatCount(row.clients)} clients` : row.name;
}

function names(
  rows: readonly ComparisonRow[],
  view: ComparisonView,
  detail: (row: ComparisonRow) => string,
): string {
  const shown = rows.length > NAMED + 1 ? rows.slice(0, NAMED) : rows;
  const rest = rows.length - shown.length;
  const parts = shown.map((row) => `${place(row, view)}${detail(row)}`);
  return listed(rest > 0 ? [...parts, `${formatCount(rest)} others`] : parts);
}

/** What was found, in sentences; none claims more than its interval. */
export function comparisonSentences(view: ComparisonView): readonly string[] {
  const having = (word: ComparisonRow['word']): readonly ComparisonRow[] =>
    view.rows.filter((row) => row.word === word);
  const [worse, better, unsure] = [having('worse'), having('better'), having('cannot tell')];
  const same = having('same').filter(({ level }) => level !== 'exact');
  const unjudged = having('not judged').filter(({ level }) => level !== 'exact');
  const told = (row: ComparisonRow): string => ` (${change(row)})`;
  const sentences: string[] = [];
  if (worse.length > 0) sentences.push(`The head is worse than the base in ${names(worse, view, told)}.`);
  if (better.length > 0) {
    const who = worse.length > 0 ? 'It is better in' : 'The head is better than the base in';
    sentences.push(`${who} ${names(better, view, told)}.`);
  }
  const isJudged = view.rows.some(({ word }) => word !== 'not judged');
  if (!isJudged) sentences.push('Nothing could be judged.');
  else if (worse.length + better.length === 0) {
    sentences.push('No difference between head and base was shown.');
  }
  if (same.length > 0) {
    const within = (row: ComparisonRow): string => ` (within ${formatPercent(row.tolerancePercent)})`;
    sentences.push(`About the same: ${names(same, view, within)}.`);
  }
  if (unsure.length > 0) {
    const range = (row: ComparisonRow): string => (row.low === null ? '' : ` (${intervalText(row)} times)`);
    sentences.push(`Nothing can be told of ${names(unsure, view, range)}.`);
  }
  if (isJudged && unjudged.length > 0) sentences.push(`Not judged: ${names(unjudged, view, () => '')}.`);
  const exact = unchangedCount(view);
  if (exact > 0) {
    sentences.push(
      `${formatCount(exact)} ${exact === 1 ? 'count is' : 'counts of bytes and messages are'} the same to the last digit.`,
    );
  }
  return sentences;
}

/** Sentences for the first screen. */
const IN_HEADLINE = 3;

/** The first of {@link comparisonSentences}. */
export function comparisonHeadline(view: ComparisonView): readonly string[] {
  return comparisonSentences(view).slice(0, IN_HEADLINE);
}

/** Those behind the headline. */
export function furtherSentences(view: ComparisonView): readonly string[] {
  return comparisonSentences(view).slice(IN_HEADLINE);
}

/** What the numbers rest on. */
export function basisSentence(view: ComparisonView): string {
  const pairs = `${formatCount(view.pairs)} ${view.pairs === 1 ? 'pair' : 'pairs'}`;
  if (view.interleaved && view.pairs === 0) {
    return 'No ratio rests on pairs of trials: where there is one, it is of medians.';
  }
  return view.interleaved
    ? `Ratios are head / base over ${pairs} of fresh processes in the same rounds, in balanced random order.`
    : `The base is an earlier run: nothing that its machine did then cancels out, and ratios are of medians.`;
}
