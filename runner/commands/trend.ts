import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plainText } from '../../reports/plain-text.js';
import { EXIT } from '../exit-code.js';
import { resolveOptions } from '../options/resolve.js';
import { nearest } from '../options/suggest.js';
import { trendOptions } from '../options/tables.js';
import { openOutFile } from '../out-file.js';
import { columnsOf, openCommand } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { Call, Command } from './command.js';

/** Why a folder cannot be read; null when it can. */
function folderMistake(folder: string): string | null {
  try {
    const status = statSync(folder, { throwIfNoEntry: false });
    if (status?.isDirectory()) return null;
    return `"${plainText(folder)}" is ${status === undefined ? 'not there' : 'a file'}; trend reads the results below a folder.`;
  } catch (error) {
    return `"${plainText(folder)}" cannot be read: ${(error as Error).message}.`;
  }
}

/** A metric that no result has is a mistake, as long as there are results. */
function metricMistakes(given: readonly string[] | undefined, known: ReadonlySet<string>): string[] {
  if (given === undefined || known.size === 0) return [];
  return given
    .filter((path) => !known.has(path))
    .map((path) => {
      const near = nearest(path, [...known]);
      const hint = near === null ? 'docs/metrics.md names them.' : `Did you mean "${near}"?`;
      return `--metric: "${plainText(path, 100)}" is no metric of these results. ${hint}`;
    });
}

/** `pushbench trend <folder>`: what the results of a folder say over time. It reports and never blocks. */
export const trendCommand: Command = {
  summary: 'draw the results below a folder over time and mark where a level changed',
  options: trendOptions,
  word: '<folder>',
  async run(call: Call): Promise<number> {
    const { values, mistakes } = resolveOptions(trendOptions, call.sources);
    const all = [...call.mistakes, ...mistakes];
    const folder = call.word;
    if (folder === null) throw new UsageError(all);
    const unreadable = folderMistake(folder);
    if (unreadable !== null) throw new UsageError([...all, unreadable]);
    const out = values.out ?? join(folder, 'trend.html');
    const file = openOutFile(out, '--out');
    if (file.mistake !== null) all.push(file.mistake);
    if (all.length > 0) {
      file.undo();
      throw new UsageError(all);
    }
    const { readHistory } = await import('../history/read-history.js');
    const { TREND_METRICS, trendDocument } = await import('../../reports/history/trend-document.js');
    const metrics = values.metric ?? TREND_METRICS;
    const { facts, known, skipped } = await readHistory(folder, metrics);
    const unknown = metricMistakes(values.metric, known);
    if (unknown.length > 0) {
      file.undo();
      throw new UsageError(unknown);
    }
    const { renderTrendPage } = await import('../../reports/history/page.js');
    const { renderTrend } = await import('../../reports/history/terminal.js');
    const { writeFileAtomically } = await import('../../reports/result-file.js');
    const document = trendDocument(facts, skipped, metrics);
    const path = resolve(out);
    await writeFileAtomically(path, [renderTrendPage(document)]);
    const { stdout, stderr, env } = call.terminal;
    const where = `\nTrend: ${path}\nOpen it: ${openCommand(path)}\n`;
    if (values.json === true) {
      stdout.write(`${JSON.stringify(document, null, 2)}\n`);
      stderr.write(where);
    } else {
      stdout.write(`${renderTrend(document, columnsOf(stdout, env))}${where}`);
    }
    return EXIT.done;
  },
};
