import { plainText } from '../plain-text.js';
import type { Result, Trial } from '../result.js';
import { metricsOf } from '../summarise.js';

/** Columns before the metrics. */
const HEAD = [
  'startedAt',
  'scenario',
  'workload',
  'clients',
  'trial',
  'order',
  'arm',
  'status',
  'reasons',
] as const;

/** A field in quotes wherever it may need them (RFC 4180, section 2, rules 5 to 7). */
function quoted(text: string): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A cell of text. Spreadsheets run a cell that begins like a formula, so an apostrophe goes before it (OWASP, "CSV
 * Injection"); the wide forms of the four signs count too.
 */
function textCell(text: string): string {
  const line = plainText(text, 10_000);
  return quoted(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(line) ? `'${line}` : line);
}

/** In JavaScript's shortest form that reads back as the same number; empty for what is missing. */
function numberCell(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : String(value);
}

function metricsOfTrial(trial: Trial): ReadonlyMap<string, number> {
  return trial.status === 'completed' || trial.status === 'void' ? metricsOf(trial.measurements) : new Map();
}

function* rows(result: Result): Generator<string> {
  const metrics = result.trials.map(metricsOfTrial);
  const paths = [...new Set(metrics.flatMap((each) => [...each.keys()]))];
  yield [...HEAD, ...paths.map(textCell)].join(',');
  for (const [at, trial] of result.trials.entries()) {
    const values = metrics[at]!;
    yield [
      textCell(result.startedAt),
      textCell(trial.scenario),
      textCell(trial.workload),
      numberCell(trial.clients),
      numberCell(trial.trial),
      numberCell(trial.order),
      textCell(trial.arm ?? ''),
      trial.status,
      textCell(trial.reasons.map(({ code, message }) => `${code}: ${message}`).join(' ')),
      ...paths.map((path) => numberCell(values.get(path))),
    ].join(',');
  }
}

/**
 * Every metric of every trial as CSV (RFC 4180: CRLF, the first line names the columns): a row a trial, a column a metric
 * by its dotted path, units in the names. Void trials have their numbers and say so in `status`; what a trial does not
 * have is an empty cell.
 */
export function renderCsv(result: Result): string {
  return [...rows(result)].map((row) => `${row}\r\n`).join('');
}
