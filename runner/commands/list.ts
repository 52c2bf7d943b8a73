import { checkedValues } from '../options/checked-values.js';
import { listOptions } from '../options/tables.js';
import { WORKLOADS } from '../plan.js';
import { scenarioById, scenarioIds } from '../scenario-sets.js';
import type { Call, Command } from './command.js';

const WORKLOAD_TEXT: Readonly<Record<(typeof WORKLOADS)[number], string>> = {
  broadcast: 'Every client hears every message.',
  idle: 'Clients hold their connections; one message proves that they live.',
};

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
    const workloads = WORKLOADS.map((id) => ({ id, description: WORKLOAD_TEXT[id] }));
    call.terminal.stdout.write(
      values.json === true
        ? `${JSON.stringify({ scenarios, workloads }, null, 2)}\n`
        : `${table(
            'Scenarios',
            scenarios.map((each) => [each.id, each.title, each.family, each.description]),
          )}\n${table(
            'Workloads',
            workloads.map((each) => [each.id, each.description]),
          )}`,
    );
    return 0;
  },
};

function table(title: string, rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
