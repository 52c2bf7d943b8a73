import { wrap } from '../../reports/text-width.js';
import { checkedValues } from '../options/checked-values.js';
import { listOptions } from '../options/tables.js';
import { scenarioById, scenarioIds } from '../scenario-sets.js';
import { columnsOf } from '../terminal.js';
import { WORKLOAD_IDS } from '../workloads/names.js';
import { workloadById } from '../workloads/registry.js';
import type { Call, Command } from './command.js';

/** `pushbench list`: scenarios and workloads, from the registry. */
export const listCommand: Command = {
  summary: 'scenarios and workloads',
  options: listOptions,
  word: null,
  async run(call: Call): Promise<number> {
    const values = checkedValues(listOptions, call);
    const scenarios = scenarioIds.map((id) => {
      const { title, family, description } = scenarioById(id)!;
      return { id, title, family, description };
    });
    const width = columnsOf(call.terminal.stdout, call.terminal.env);
    const workloads = WORKLOAD_IDS.map((id) => ({ id, description: workloadById(id).description }));
    call.terminal.stdout.write(
      values.json === true
        ? `${JSON.stringify({ scenarios, workloads }, null, 2)}\n`
        : `${listing(
            'Scenarios',
            scenarios.map((each) => [each.id, each.title, each.family, each.description]),
            width,
          )}\n${listing(
            'Workloads',
            workloads.map((each) => [each.id, each.description]),
            width,
          )}`,
    );
    return 0;
  },
};

/** Columns that a description needs beside the names to be read; with fewer it goes below them. */
const LEAST_BESIDE = 40;

/** Names in columns, and the description, which is the last cell of each row, wrapped beside or below them. */
function listing(title: string, rows: readonly (readonly string[])[], width: number): string {
  const names = rows.map((row) => row.slice(0, -1));
  const widths = (names[0] ?? []).map((_, column) => Math.max(...names.map((row) => row[column]!.length)));
  const aligned = 2 * widths.length + widths.reduce((sum, most) => sum + most, 0) <= width;
  const lines = rows.flatMap((row) => {
    const cells = widths.map((most, column) => row[column]!.padEnd(aligned ? most : 0));
    const whole = `  ${cells.join('  ')}`;
    const isWhole = whole.trimEnd().length <= width;
    // Names that are too long together go on below, indented as the description is.
    const [names, ...below] = isWhole
      ? [whole]
      : wrap(cells.join(' '), Math.max(20, width - 6)).map(
          (line, at) => (at === 0 ? '  ' : '      ') + line.trimStart(),
        );
    const head = names!;
    const isBeside = isWhole && width - head.length - 2 >= LEAST_BESIDE;
    const indent = isBeside ? ' '.repeat(head.length + 2) : ' '.repeat(6);
    const [first = '', ...rest] = wrap(row.at(-1)!, Math.max(20, width - indent.length)).map((line) =>
      line.trimStart(),
    );
    return isBeside
      ? [`${head}  ${first}`, ...rest.map((line) => indent + line)]
      : [head.trimEnd(), ...below, ...[first, ...rest].map((line) => indent + line)];
  });
  return `${[title, ...lines].join('\n')}\n`;
}
