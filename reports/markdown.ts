import { byteLines } from './byte-lines.js';
import { basisSentence, furtherSentences } from './comparison/comparison-sentences.js';
import { comparisonTable } from './comparison/comparison-table.js';
import type { ComparisonView } from './comparison/comparison-view.js';
import { findingsOf } from './findings.js';
import { footnotesOf } from './footnotes.js';
import { floorLines } from './noise-sentences.js';
import { plainText } from './plain-text.js';
import { portLines } from './port-sentences.js';
import { warningSentence } from './remarks.js';
import { restartLines } from './restart-sentences.js';
import type { Result } from './result.js';
import { sideCrowdLines } from './side-crowd-sentences.js';
import { slopeLines } from './slope-sentences.js';
import { type HeadlineTable, tableOf } from './table.js';
import { formatBytes, formatCount, formatSeconds } from './units.js';
import { verificationLines } from './verification.js';
import { type ResultView, viewOf } from './view.js';

/**
 * One line of text that GitHub's Markdown shows as it is, within a table too: what has a meaning becomes a character
 * reference, and what would turn into a mention, a reference to an issue or a link is broken up in the same way.
 */
export function escapeMarkdown(text: string): string {
  return plainText(text, 2_000)
    .replace(/[&<>`|*_[\]#~\\@$]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll('://', '&#58;//')
    .replace(/(www)\./giu, '$1&#46;');
}

/** A fence longer than any run of backticks within. */
function codeBlock(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${code}\n${fence}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function markdownTable(table: HeadlineTable, view: ResultView): string {
  const heads = table.columns.map(({ head, unit, unbounded }) => {
    const name = unbounded ? `${head}†` : head;
    return unit === '' ? name : `${name} (${unit})`;
  });
  const clients = view.isSweep ? ['clients'] : [];
  const lines = [
    row(['scenario', ...clients, ...heads]),
    row([':---', ...clients.map(() => '---:'), ...heads.map(() => '---:')]),
  ];
  for (const group of table.groups) {
    for (const { contestant, cells } of group.rows) {
      lines.push(
        row([
          escapeMarkdown(contestant.title),
          ...(view.isSweep ? [formatCount(group.clients)] : []),
          ...cells.map(({ text, best }) => (best ? `**${text}**\\*` : text)),
        ]),
      );
    }
  }
  return lines.join('\n');
}

function comparisonPart(view: ComparisonView | null): string {
  if (view === null) return '';
  const { heads, rows } = comparisonTable(view);
  const isText = (head: string): boolean => head === 'metric' || head === 'head is';
  return [
    '## Is the head better or worse than the base?',
    escapeMarkdown(`Base: ${view.base}. Head: ${view.head}.`),
    furtherSentences(view).map(escapeMarkdown).join(' '),
    [
      row(heads),
      row(heads.map((head) => (isText(head) ? ':---' : '---:'))),
      ...rows.map((cells) => row(cells.map(escapeMarkdown))),
    ].join('\n'),
    [basisSentence(view), ...view.notes].map((note) => `- ${escapeMarkdown(note)}`).join('\n'),
    '## What was measured?',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A section of a sentence and a list; nothing without lines. */
function linesSection(title: string, [first, ...rest]: readonly string[]): string {
  if (first === undefined) return '';
  const list = rest.map((line) => `- ${escapeMarkdown(line)}`).join('\n');
  return [`## ${title}`, escapeMarkdown(first), list].filter((part) => part !== '').join('\n\n');
}

function machine(result: Result): string {
  const { cores, cpuModel, memoryBytes, node, os, kernel, pinned } = result.environment;
  const parts = [
    cpuModel,
    `${formatCount(cores)} ${cores === 1 ? 'core' : 'cores'}`,
    formatBytes(memoryBytes),
    `${os} ${kernel}`,
    `Node ${node}`,
    pinned ? 'server pinned apart from the generators' : 'processes not pinned',
  ];
  return escapeMarkdown(parts.join(', '));
}

/** summary.md: question, findings, the headline table, doubts, how to repeat it. Ends with a line break. */
export function renderMarkdown(result: Result): string {
  const view = viewOf(result);
  const table = tableOf(view);
  const findings = findingsOf(view);
  const { durationSeconds, warmupSeconds, trials, seed } = result.plan;
  const notes = footnotesOf(result, view, table);
  const doubts = view.warnings.map(warningSentence);
  const sections = [
    `# ${escapeMarkdown(view.question)}`,
    findings.headline.map(escapeMarkdown).join(' '),
    comparisonPart(view.comparison),
    view.groups.length > 0 ? markdownTable(table, view) : '',
    notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'),
    linesSection('Do the bytes agree?', verificationLines(result, view)),
    linesSection('Which bytes are identity or base64?', byteLines(result, view)),
    linesSection('What does a client cost in memory?', slopeLines(result, view)),
    linesSection('What does a restart cost?', restartLines(view)),
    linesSection('What became of the people beside the clients?', sideCrowdLines(view)),
    linesSection('What does a connection for each poll leave behind?', portLines(result, view)),
    linesSection('How noisy is this machine?', floorLines(result, view)),
    '## What went wrong?',
    escapeMarkdown(findings.wrong),
    doubts.map((doubt) => `- ${escapeMarkdown(doubt)}`).join('\n'),
    '## How do I repeat it?',
    codeBlock(view.command),
    escapeMarkdown(
      `${formatCount(trials)} ${trials === 1 ? 'trial' : 'trials'} of ${formatSeconds(durationSeconds)} after ${formatSeconds(warmupSeconds)} of warm-up, seed ${seed}, started ${result.startedAt}, with ${result.tool.name} ${result.tool.version}.`,
    ),
    `Machine: ${machine(result)}.`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
