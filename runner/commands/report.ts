import { dirname, resolve } from 'node:path';
import { EXIT } from '../exit-code.js';
import { exportFiles, writeExports } from '../export-files.js';
import { resolveOptions } from '../options/resolve.js';
import { reportOptions } from '../options/tables.js';
import { openOutFiles } from '../out-file.js';
import { openOutFolder } from '../out-folder.js';
import { writeReports } from '../report-files.js';
import { columnsOf, openCommand, wantsColor } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { Call, Command } from './command.js';

/** `pushbench report <results.json>`: draws an earlier run again. */
export const reportCommand: Command = {
  summary: 'draw report.html and summary.md of an earlier run again, and write it for other tools',
  options: reportOptions,
  word: '<results.json>',
  async run(call: Call): Promise<number> {
    const { readResult, UnreadableResultError } = await import('../../reports/result-file.js');
    const { renderTable } = await import('../../reports/terminal.js');
    const { values, mistakes } = resolveOptions(reportOptions, call.sources);
    const all = [...call.mistakes, ...mistakes];
    if (call.word === null || all.length > 0) throw new UsageError(all);
    let result: Awaited<ReturnType<typeof readResult>> | null = null;
    try {
      result = await readResult(call.word);
    } catch (error) {
      if (!(error instanceof UnreadableResultError)) throw error;
      all.push(error.message);
    }
    const out = values.out ?? dirname(call.word);
    // Beside a file that cannot be read nothing would be written: there is no folder to complain about.
    const folder = result === null && values.out === undefined ? null : openOutFolder(out);
    if (folder !== null && folder.mistake !== null) all.push(folder.mistake);
    const exports = exportFiles(values);
    const opened = openOutFiles(exports);
    all.push(...opened.mistakes);
    if (result === null || all.length > 0) {
      opened.undo();
      folder?.undo();
      throw new UsageError(all);
    }
    const files = await writeReports(result, resolve(out));
    const exported = await writeExports(result, exports);
    const { stdout, env } = call.terminal;
    const color = wantsColor(stdout, env, values['no-color'] === true);
    stdout.write(`${renderTable(result, { width: columnsOf(stdout, env), color }).trimEnd()}\n`);
    stdout.write(`\nReport: ${files.html}\nOpen it: ${openCommand(files.html)}\n`);
    for (const { what, path } of exported) stdout.write(`${what}: ${path}\n`);
    return EXIT.done;
  },
};
