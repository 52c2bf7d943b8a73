import { contestantName } from '../gate/contestant-name.js';
import type { GateOutcome, Rule, RuleVerdict, Verdict } from '../gate/contract.js';
import { exactText, metricText } from '../gate/metric-path.js';
import { ratioText } from '../gate/words.js';
import { escapeMarkdown } from '../markdown.js';
import { median } from '../statistics.js';
import { formatCount } from '../units.js';

/** GitHub refuses a job summary of more than 1 MiB a step ("Workflow commands": step isolation and limits). */
export const JOB_SUMMARY_BYTES = 1024 * 1024;

/** What needs a person first stands first. */
const ORDER: readonly Verdict[] = ['fail', 'inconclusive', 'pass', 'not judged'];

/** Room for the sentence that says what was left out. */
const RESERVE_BYTES = 400;

const HEADLINES: Readonly<Record<GateOutcome['outcome'], string>> = {
  pass: 'The gate passes.',
  fail: 'The gate fails.',
  inconclusive: 'The gate is inconclusive: the noise hides what it should judge.',
};

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** The median, of an exact rule in all its digits: two that differ must not read the same. */
function middle(values: readonly number[], { metric, level }: Rule): string {
  if (values.length === 0) return 'n/a';
  const value = median(values);
  return level === 'exact' ? exactText(metric, value) : metricText(metric, value);
}

function rowOf(verdict: RuleVerdict): string {
  const { rule, ratio } = verdict;
  const said = verdict.verdict === 'fail' ? '**fail**' : verdict.verdict;
  const cells = [
    said,
    escapeMarkdown(contestantName(verdict)),
    escapeMarkdown(rule.metric),
    middle(verdict.base, rule),
    middle(verdict.head, rule),
    ratio === null ? '' : ratioText(ratio),
    escapeMarkdown(verdict.message),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function countsOf(rules: readonly RuleVerdict[]): string {
  const parts = ORDER.flatMap((verdict) => {
    const count = rules.filter((rule) => rule.verdict === verdict).length;
    return count === 0 ? [] : [`${formatCount(count)} ${verdict}`];
  });
  return parts.length === 0 ? 'No rule was judged.' : `Of the rules: ${parts.join(', ')}.`;
}

/** As many lines as fit, and how many did not. */
function fitting(lines: readonly string[], room: number): { readonly text: string; readonly left: number } {
  let text = '';
  let used = 0;
  for (const [at, line] of lines.entries()) {
    used += bytesOf(line);
    if (used > room) return { text, left: lines.length - at };
    text += line;
  }
  return { text, left: 0 };
}

/**
 * A gate in Markdown for the summary page of a GitHub Actions job: the outcome, the notes, and a table of the rules,
 * what failed first. Texts are escaped: none can end a cell, make markup, or mention somebody.
 *
 * @param limitBytes of UTF-8. Rows that do not fit are left out, and their number is told. What the step has written to
 *   its summary before counts towards GitHub's limit.
 * @returns text that ends with a line break; empty where not even the first lines fit
 */
export function renderJobSummary(outcome: GateOutcome, limitBytes: number = JOB_SUMMARY_BYTES): string {
  const room = limitBytes - RESERVE_BYTES;
  const head =
    `## pushbench: ${HEADLINES[outcome.outcome]}\n\n` +
    `Base: ${escapeMarkdown(outcome.base)}; head: ${escapeMarkdown(outcome.head)}. ${countsOf(outcome.rules)}\n\n`;
  if (bytesOf(head) > room) return '';
  const notes = outcome.notes.map((note) => `- ${escapeMarkdown(note)}\n`);
  // The table matters more than the last of many notes.
  const shownNotes = fitting(notes, (room - bytesOf(head)) / 2);
  const noteText =
    (shownNotes.left > 0
      ? `${shownNotes.text}- ${formatCount(shownNotes.left)} more notes are left out.\n`
      : shownNotes.text) + (notes.length > 0 ? '\n' : '');
  const columns =
    '| verdict | contestant | metric | base | head | change (interval) | why |\n' +
    '| :--- | :--- | :--- | ---: | ---: | ---: | :--- |\n';
  const ordered = [...outcome.rules].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const start = head + noteText;
  if (ordered.length === 0) return start;
  const rows = fitting(ordered.map(rowOf), room - bytesOf(start) - bytesOf(columns));
  const left =
    rows.left > 0
      ? `\n${formatCount(rows.left)} more ${rows.left === 1 ? 'rule is' : 'rules are'} left out: GitHub shows at most 1 MiB a step.\n`
      : '';
  return `${start}${rows.text === '' ? '' : columns + rows.text}${left}`;
}
