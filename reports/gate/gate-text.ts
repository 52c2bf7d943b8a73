import { styleText } from 'node:util';
import { plainText } from '../plain-text.js';
import { median } from '../statistics.js';
import type { TerminalStyle } from '../terminal.js';
import { displayWidth, truncate, wrap } from '../text-width.js';
import { formatCount } from '../units.js';
import type { GateOutcome, RuleVerdict, Verdict } from './contract.js';
import { metricText } from './metric-path.js';
import { changeText } from './words.js';

const LEAST_WIDTH = 60;
/** Columns of a row: verdict, metric, base, head, change. */
const VERDICT_WIDTH = 12;
const VALUE_WIDTH = 9;
const CHANGE_WIDTH = 8;
const GAP = '  ';

/** As a row begins: what passed is quiet. */
const LABELS: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'FAIL',
  inconclusive: 'inconclusive',
  'not judged': 'not judged',
};

/** How the whole is called. */
export const OUTCOME_WORDS = { pass: 'pass', fail: 'FAIL', inconclusive: 'inconclusive' } as const;

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

function bold(text: string, style: TerminalStyle): string {
  return style.color ? styleText('bold', text, { validateStream: false }) : text;
}

/** Rows of the same scenario, workload and number of clients, in their order. */
function contestantsOf(rules: readonly RuleVerdict[]): RuleVerdict[][] {
  const groups = new Map<string, RuleVerdict[]>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.scenario, rule.workload, rule.clients]);
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()];
}

function middle(metric: string, values: readonly number[]): string {
  return metricText(metric, values.length === 0 ? null : median(values));
}

function rowOf(verdict: RuleVerdict, style: TerminalStyle): string {
  const { rule, ratio } = verdict;
  const label = LABELS[verdict.verdict].padEnd(VERDICT_WIDTH);
  const change = ratio === null ? '' : changeText(ratio.ratio);
  const cells = [
    padStart(middle(rule.metric, verdict.base), VALUE_WIDTH),
    padStart(middle(rule.metric, verdict.head), VALUE_WIDTH),
    padStart(change, CHANGE_WIDTH),
  ].join(GAP);
  const room = Math.max(8, style.width - VERDICT_WIDTH - displayWidth(cells) - 2 * GAP.length);
  const metric = truncate(plainText(rule.metric, 120), room);
  const gap = ' '.repeat(Math.max(0, room - displayWidth(metric)));
  const shown = verdict.verdict === 'fail' ? bold(label, style) : label;
  return `${shown}${GAP}${metric}${gap}${GAP}${cells}`.trimEnd();
}

/** A row without values, for metrics that are all the same. */
function shortRow(label: string, text: string): string {
  return `${label.padEnd(VERDICT_WIDTH)}${GAP}${text}`;
}

/** Metrics with the same sentence that have rows of their own before it; of more there are only the names. */
const MOST_ROWS_ALIKE = 4;

function namesOf(verdicts: readonly RuleVerdict[], style: TerminalStyle): string[] {
  return indented(verdicts.map(({ rule }) => plainText(rule.metric, 120)).join(', '), style);
}

function indented(text: string, style: TerminalStyle): string[] {
  const indent = ' '.repeat(VERDICT_WIDTH + GAP.length);
  return wrap(text, style.width - indent.length).map((line) => indent + line);
}

function sentenceOf({ message, word }: RuleVerdict, style: TerminalStyle): string[] {
  return indented(plainText(`${message}${word === null ? '' : ` In a word: ${word}.`}`, 600), style);
}

/**
 * Judged rows, with a sentence where they did not pass, once for all that have the same one; in one line what is exact and
 * passed.
 */
function rowsOf(verdicts: readonly RuleVerdict[], style: TerminalStyle): string[] {
  const isQuiet = ({ rule, verdict }: RuleVerdict): boolean => rule.level === 'exact' && verdict === 'pass';
  const alike = new Map<string, RuleVerdict[]>();
  for (const verdict of verdicts.filter((each) => !isQuiet(each))) {
    const key = JSON.stringify(
      verdict.ratio === null ? [verdict.verdict, verdict.message] : verdict.rule.metric,
    );
    alike.set(key, [...(alike.get(key) ?? []), verdict]);
  }
  const rows = [...alike.values()].flatMap((same) => {
    const [first] = same;
    const isPlain = first!.verdict === 'pass' && first!.word === 'same';
    const heads =
      same.length > MOST_ROWS_ALIKE
        ? [shortRow(LABELS[first!.verdict], `${same.length} metrics`), ...namesOf(same, style)]
        : same.map((each) => rowOf(each, style));
    return [...heads, ...(isPlain ? [] : sentenceOf(first!, style))];
  });
  const quiet = verdicts.filter(isQuiet).length;
  if (quiet === 0) return rows;
  return [...rows, shortRow('pass', quiet === 1 ? '1 exact metric' : `${quiet} exact metrics`)];
}

/** The sentence that ends a gate. */
export function gateSentence({ outcome, rules }: GateOutcome): string {
  const count = (verdict: Verdict): number => rules.filter((rule) => rule.verdict === verdict).length;
  const parts = (['fail', 'inconclusive', 'not judged', 'pass'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${formatCount(count(verdict))} ${PARTICIPLES[verdict]}`);
  return `Gate: ${OUTCOME_WORDS[outcome]}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}.`;
}

const PARTICIPLES: Readonly<Record<Verdict, string>> = {
  fail: 'failed',
  inconclusive: 'inconclusive',
  'not judged': 'not judged',
  pass: 'passed',
};

/** The verdicts for standard output, no line wider than the given width (60 at least). Ends with a line break. */
export function renderGate(outcome: GateOutcome, given: TerminalStyle): string {
  const style = { ...given, width: Math.max(LEAST_WIDTH, Math.floor(given.width) || LEAST_WIDTH) };
  const head = `Base: ${plainText(outcome.base, 120)}. Head: ${plainText(outcome.head, 120)}.`;
  const room = style.width - VERDICT_WIDTH - 2 * VALUE_WIDTH - CHANGE_WIDTH - 4 * GAP.length;
  const heads = [
    'verdict'.padEnd(VERDICT_WIDTH),
    'metric'.padEnd(room),
    padStart('base', VALUE_WIDTH),
    padStart('head', VALUE_WIDTH),
    padStart('change', CHANGE_WIDTH),
  ].join(GAP);
  const paragraphs = [
    wrap(head, style.width),
    ...contestantsOf(outcome.rules).map((verdicts) => {
      const { scenario, workload, clients } = verdicts[0]!;
      const title = `${plainText(scenario, 60)}, ${plainText(workload, 40)}, ${formatCount(clients)} ${clients === 1 ? 'client' : 'clients'}`;
      return [
        ...wrap(title, style.width).map((line) => bold(line, style)),
        heads,
        ...rowsOf(verdicts, style),
      ];
    }),
    outcome.notes.flatMap((note) => wrap(plainText(note, 600), style.width)),
    wrap(gateSentence(outcome), style.width).map((line) => bold(line, style)),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
