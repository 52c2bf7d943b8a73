import type { Option, OptionTable, OptionValues } from './option.js';
import { messageOf } from './value.js';

/** Where values come from, the strongest first. */
export interface Source {
  /** How a mistake names an option of this source: `--clients`, `PUSHBENCH_CLIENTS`, `clients in bench.json`. */
  label(name: string): string;
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/** The environment variable of an option: `PUSHBENCH_POLL_INTERVAL` for `poll-interval`. */
export function variableOf(name: string): string {
  return `PUSHBENCH_${name.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * The effective values of a command's options: for each the strongest source that gives it, checked.
 *
 * All mistakes are collected; the values are meaningful only when there are none.
 */
export function resolveOptions<T extends OptionTable>(
  table: T,
  sources: readonly Source[],
): { values: OptionValues<T>; mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    const source = sources.find((each) => each.given.has(name));
    values[name] =
      source === undefined
        ? undefined
        : check(option, source.label(name), source.given.get(name) ?? [], mistakes);
  }
  return { values: values as OptionValues<T>, mistakes };
}

/** Checks what was given for one option; adds a sentence for each mistake. */
export function check(option: Option, label: string, given: readonly string[], mistakes: string[]): unknown {
  if (option.kind === 'flag') return checkFlag(label, given, mistakes);
  if (option.kind === 'scalar' && given.length > 1) {
    const shown = given.map((each) => `"${each}"`).join(' and ');
    mistakes.push(`${label} was given ${given.length} times (${shown}); it takes one value.`);
    return undefined;
  }
  const items = option.kind === 'list' ? given.flatMap((each) => each.split(',')) : given;
  const accepted = new Map<string, unknown>();
  for (const item of new Set(option.kind === 'list' ? items.map((each) => each.trim()) : items)) {
    const parsed = option.value.safeParse(item);
    if (parsed.success) accepted.set(JSON.stringify(parsed.data), parsed.data);
    else mistakes.push(sentence(`${label}: "${item}" ${messageOf(parsed.error)}`));
  }
  const distinct = [...accepted.values()];
  return option.kind === 'list' ? distinct : distinct[0];
}

/** Repeating a flag changes nothing; environment and configuration may also say "false". */
function checkFlag(label: string, given: readonly string[], mistakes: string[]): boolean | undefined {
  const last = given.at(-1) ?? '';
  if (last === 'true' || last === '1') return true;
  if (last === 'false' || last === '0') return false;
  mistakes.push(`${label}: "${last}" is not true or false.`);
  return undefined;
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
