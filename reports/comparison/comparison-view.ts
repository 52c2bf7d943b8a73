import { exactText, metricText } from '../gate/metric-path.js';
import { plainText } from '../plain-text.js';
import type { Result } from '../result.js';
import { median } from '../statistics.js';
import { metricName } from './metric-name.js';
import type { Comparison, ComparisonRule } from './schema.js';

export type Word = NonNullable<ComparisonRule['word']>;

/** One metric at one number of clients. Texts are plain; escape them for the medium. */
export interface ComparisonRow {
  readonly name: string;
  readonly clients: number;
  readonly level: ComparisonRule['rule']['level'];
  /** Medians with their unit. */
  readonly base: string;
  readonly head: string;
  /** Pairs, or trials of the side that has fewer. */
  readonly pairs: number;
  /** Head / base; null where one of them has no positive number. */
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The base against itself. */
  readonly aa: ComparisonRule['aa'];
  /** Neither side has a number, and the gate does not mind: a sentence tells it, and no row. */
  readonly isEmpty: boolean;
  /** `not judged` where nobody can tell for another reason than noise. */
  readonly word: Word | 'not judged';
  readonly tolerancePercent: number;
  /** The gate's own sentence. */
  readonly message: string;
}

/** A comparison as it is shown. */
export interface ComparisonView {
  readonly base: string;
  readonly head: string;
  readonly interleaved: boolean;
  /** Rounds, the most that any metric's ratio rests on; 0 where none has a ratio over pairs. */
  readonly pairs: number;
  /** Several numbers of clients. */
  readonly isSweep: boolean;
  readonly rows: readonly ComparisonRow[];
  readonly notes: readonly string[];
}

const LONGEST_LABEL = 80;

function rowOf(given: ComparisonRule): ComparisonRow {
  const { rule, clients, base, head, ratio, aa, word, message, verdict } = given;
  const [baseMedian, headMedian] = [base, head].map((values) => (values.length > 0 ? median(values) : null));
  const print = (value: number | null | undefined): string =>
    value !== null && value !== undefined && rule.level === 'exact'
      ? exactText(rule.metric, value)
      : metricText(rule.metric, value ?? null);
  return {
    name: metricName(rule.metric),
    clients,
    level: rule.level,
    base: print(baseMedian),
    head: print(headMedian),
    pairs: ratio?.pairs ?? Math.min(base.length, head.length),
    ratio: ratio?.ratio ?? ratioOf(headMedian, baseMedian),
    low: ratio?.low ?? null,
    high: ratio?.high ?? null,
    aa,
    isEmpty: verdict === 'not judged' && base.length + head.length === 0,
    word: word ?? 'not judged',
    tolerancePercent: rule.tolerancePercent,
    message: plainText(message),
  };
}

function ratioOf(head: number | null | undefined, base: number | null | undefined): number | null {
  return head && base && head > 0 && base > 0 ? head / base : null;
}

/** What is shown of a result's comparison; null for a result that compares nothing. */
export function comparisonView({ comparison }: Pick<Result, 'comparison'>): ComparisonView | null {
  if (!comparison) return null;
  const rows = comparison.rules.map(rowOf);
  return {
    base: labelOf(comparison.base),
    head: labelOf(comparison.head),
    interleaved: comparison.interleaved,
    pairs: comparison.rules.reduce((most, { ratio }) => Math.max(most, ratio?.pairs ?? 0), 0),
    isSweep: new Set(rows.map(({ clients }) => clients)).size > 1,
    // What may move comes first: of the exact metrics there are many, and most are as they were.
    rows: [
      ...rows.filter(({ level }) => level !== 'exact'),
      ...rows.filter(({ level }) => level === 'exact'),
    ],
    notes: comparison.notes.map((note) => plainText(note)),
  };
}

function labelOf(arm: Comparison['base']): string {
  return plainText(arm.label, LONGEST_LABEL) || '(no name)';
}

function isUnchanged({ level, word }: ComparisonRow): boolean {
  return level === 'exact' && word === 'same';
}

/** Rows that are worth a line: exact metrics that have not changed are counted, and those without a number left out. */
export function changedRows({ rows }: ComparisonView): readonly ComparisonRow[] {
  return rows.filter((row) => !isUnchanged(row) && !row.isEmpty && (row.level !== 'exact' || row.pairs > 0));
}

/** How many exact metrics have not changed. */
export function unchangedCount({ rows }: ComparisonView): number {
  return rows.filter(isUnchanged).length;
}
