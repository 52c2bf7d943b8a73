import { checkSentences } from '../check-sentences.js';
import { plainText } from '../plain-text.js';
import { warningSentence } from '../remarks.js';
import { NOT_JUDGED, targetSentences } from '../target-sentences.js';
import { formatCount } from '../units.js';
import type { ContestantView } from '../view.js';
import { type Html, html } from './markup.js';
import { type Report, section } from './report.js';
import { renderTable, type TableRow } from './table.js';

function failuresOf(contestant: ContestantView): string {
  const kinds = new Map<string, number>();
  for (const { measurements } of contestant.trials) {
    for (const [kind, count] of Object.entries(measurements?.failures ?? {})) {
      if (count > 0) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    }
  }
  const named = [...kinds].map(([kind, count]) => `${plainText(kind, 60)} ${formatCount(count)}`);
  return named.length > 0 ? named.join(', ') : 'none';
}

function rowOf(contestant: ContestantView, isSweep: boolean): TableRow {
  const measured = contestant.trials.flatMap(({ measurements }) =>
    measurements ? [measurements.messages] : [],
  );
  const sum = (field: 'expected' | 'delivered' | 'lost' | 'duplicated' | 'reordered'): string =>
    measured.length === 0
      ? 'n/a'
      : measured.some((messages) => messages[field] === null)
        ? NOT_JUDGED
        : formatCount(measured.reduce((total, messages) => total + (messages[field] ?? 0), 0));
  const having = (status: string): string =>
    formatCount(contestant.trials.filter((trial) => trial.status === status).length);
  return {
    head: contestant.title,
    transport: contestant.colourIndex,
    cells: [
      ...(isSweep ? [formatCount(contestant.clients)] : []),
      sum('expected'),
      sum('delivered'),
      sum('lost'),
      sum('duplicated'),
      sum('reordered'),
      failuresOf(contestant),
      having('void'),
      having('failed'),
      having('skipped'),
    ],
  };
}

/** What went wrong? */
export function wrongSection(report: Report): Html {
  const { result, view, findings } = report;
  const contestants = view.groups.flatMap((group) => group.contestants);
  return section(
    'wrong',
    'What went wrong?',
    findings.wrong,
    view.warnings.length > 0
      ? html`<ul class="warnings">${view.warnings.map((warning) => html`<li class="${warning.status}">${warningSentence(warning)}</li>`)}</ul>`
      : null,
    ...[...checkSentences(result), ...targetSentences(view)].map((sentence) => html`<p>${sentence}</p>`),
    contestants.length === 0
      ? null
      : renderTable({
          caption: 'Messages and failures, summed over all measured trials',
          columns: [
            { head: 'Transport', isText: true },
            ...(view.isSweep ? [{ head: 'clients' }] : []),
            { head: 'expected' },
            { head: 'delivered' },
            { head: 'lost' },
            { head: 'twice' },
            { head: 'out of order' },
            { head: 'failed connections and exchanges', isText: true },
            { head: 'void trials' },
            { head: 'failed' },
            { head: 'skipped' },
          ],
          rows: contestants.map((contestant) => rowOf(contestant, view.isSweep)),
        }),
  );
}
