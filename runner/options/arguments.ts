import parse from 'yargs-parser';
import { nearest } from './suggest.js';

/** An option's shape, which is all that parsing needs to know. */
export type Shape = 'flag' | 'value';

/** The command line taken apart, values still as they were typed. */
export interface Arguments {
  /** What was given for each known option, in order; a flag's are all `'true'`. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** Words that belong to no option. */
  readonly words: readonly string[];
  readonly mistakes: readonly string[];
}

/**
 * Takes a command line apart by the shapes of the known options.
 *
 * The parser of yargs does the parsing, without the rest of yargs, whose loading would be a third of all the time to
 * start. What it would swallow silently is sorted out before: a missing value, a value for a flag, single-dash words and
 * unknown names each become a mistake. Values may begin with a single dash (`--clients -5` is a wrong number, not an
 * unknown option).
 */
export function takeApart(argv: readonly string[], shapes: ReadonlyMap<string, Shape>): Arguments {
  const mistakes: string[] = [];
  const clean: string[] = [];
  const names = [...shapes.keys()];
  let rest = argv.map((token) => (token === '-h' ? '--help' : token));
  const end = rest.indexOf('--');
  const afterEnd = end < 0 ? [] : rest.slice(end + 1);
  if (end >= 0) rest = rest.slice(0, end);

  for (let at = 0; at < rest.length; at++) {
    const token = rest[at]!;
    if (!token.startsWith('-') || token === '-' || /^-\d/.test(token)) {
      clean.push(token);
      continue;
    }
    const { name, value } = nameAndValue(token);
    const shape = token.startsWith('--') ? shapes.get(name) : undefined;
    const next = rest[at + 1];
    if (shape === undefined) {
      mistakes.push(unknownOption(token, name, names));
      // Its value, if one follows, is not a stray word.
      if (value === null && next !== undefined && !next.startsWith('-')) at++;
    } else if (shape === 'flag') {
      if (value === null) clean.push(token);
      else mistakes.push(`--${name}: "${value}" is too much; the option takes no value.`);
    } else if (value !== null) {
      clean.push(token);
    } else if (next === undefined || next.startsWith('--')) {
      mistakes.push(`--${name} needs a value.`);
    } else {
      clean.push(`${token}=${next}`);
      at++;
    }
  }

  const parsed = parseWithYargs(clean, shapes);
  const words = (parsed._ as (string | number)[]).map(String);
  const given = new Map<string, readonly string[]>();
  for (const name of names) {
    const value = parsed[name];
    if (value !== undefined) given.set(name, (Array.isArray(value) ? value : [value]).map(String));
  }
  return { given, words: [...words, ...afterEnd], mistakes };
}

function parseWithYargs(
  argv: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
): Record<string, unknown> {
  const named = (wanted: Shape): string[] =>
    [...shapes].flatMap(([name, shape]) => (shape === wanted ? name : []));
  return parse([...argv], {
    boolean: named('flag'),
    string: named('value'),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    },
  });
}

function nameAndValue(token: string): { name: string; value: string | null } {
  const bare = token.replace(/^--?/, '');
  const at = bare.indexOf('=');
  return at < 0 ? { name: bare, value: null } : { name: bare.slice(0, at), value: bare.slice(at + 1) };
}

function unknownOption(token: string, name: string, names: readonly string[]): string {
  const shown = token.split('=')[0];
  const near = names.includes(name) ? name : nearest(name, names);
  return `${shown} is not an option. ${near === null ? 'See --help.' : `Did you mean --${near}?`}`;
}
