import type { Call } from '../commands/command.js';
import { UsageError } from '../usage-error.js';
import type { OptionTable, OptionValues } from './option.js';
import { resolveOptions } from './resolve.js';

/**
 * The values of a command without further checks of its own.
 * @throws UsageError with all mistakes of the call
 */
export function checkedValues<T extends OptionTable>(table: T, call: Call): OptionValues<T> {
  const { values, mistakes } = resolveOptions(table, call.sources);
  const all = [...call.mistakes, ...mistakes];
  if (all.length > 0) throw new UsageError(all);
  return values;
}
