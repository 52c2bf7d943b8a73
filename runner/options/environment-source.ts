import { type Source, variableOf } from './resolve.js';
import { nearest } from './suggest.js';

/**
 * Options given by `PUSHBENCH_*` variables. An empty variable counts as not set, as CI systems leave them.
 *
 * A variable that is nearly one of ours (`PUSHBENCH_CLIENT`) is a mistake; other `PUSHBENCH_` names are left alone.
 *
 * @param names options of the command at hand
 * @param known options of all commands
 */
export function environmentSource(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  known: readonly string[],
): { source: Source; mistakes: readonly string[] } {
  const given = new Map<string, readonly string[]>();
  for (const name of names) {
    const value = environment[variableOf(name)];
    if (value !== undefined && value !== '') given.set(name, [value]);
  }
  const variables = known.map(variableOf);
  const mistakes: string[] = [];
  for (const variable of Object.keys(environment).sort()) {
    if (!variable.startsWith('PUSHBENCH_') || variables.includes(variable)) continue;
    const stem = variable.slice('PUSHBENCH_'.length).toLowerCase().replaceAll('_', '-');
    const near = nearest(stem, known);
    if (near !== null) {
      mistakes.push(`${variable} is not a setting. Did you mean ${variableOf(near)}?`);
    }
  }
  return { source: { label: variableOf, given }, mistakes };
}
