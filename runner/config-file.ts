import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lilconfig } from 'lilconfig';
import { z } from 'zod';
import { plainText } from '../reports/plain-text.js';
import { COMMAND_LINE_ONLY } from './config/command-line-only.js';
import { issueSentences } from './config/issue-sentences.js';
import { type ConfigSections, configSections } from './config/sections.js';
import type { OptionTable } from './options/option.js';
import { check, type Source } from './options/resolve.js';
import { nearest } from './options/suggest.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const value = z.union([scalar, z.array(scalar), z.record(z.string(), z.number())]);

/** Keys that are no options: other commands read and check them. */
const OTHERS: ReadonlySet<string> = new Set(['gate']);

/** A configuration file cannot be read or is no object; the message is the sentence for the user. */
export class ConfigFileError extends Error {}

/** For editors: where the file's schema is. */
const SCHEMA_KEY = '$schema';
const LONGEST_KEY = 80;
const LONGEST_SHOWN = 200;

/** What a configuration file holds. */
export interface ConfigFile {
  /** Its options. */
  readonly source: Source;
  /** Its other keys, checked; one with a mistake is left out. */
  readonly sections: ConfigSections;
  readonly mistakes: readonly string[];
}

/**
 * Reads a configuration file (`.json` or `.mjs` with a default export): an object whose keys are option names, with
 * strings, numbers, booleans or lists as values; `limit` may be an object of numbers. Beside them it may have the keys of
 * {@link configSections}, and `$schema`.
 *
 * Keys may be written as flags (`poll-interval`) or in camel case (`pollInterval`). Every value is checked, also those
 * that a flag overrides: a file with a mistake is mended, not worked around.
 */
export async function readConfigFile(path: string, table: OptionTable): Promise<ConfigFile> {
  const file = basename(path);
  const label = (name: string): string => `${name} in ${file}`;
  const given = new Map<string, readonly string[]>();
  const mistakes: string[] = [];
  let content: Record<string, unknown>;
  try {
    content = await loadConfigFile(path);
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    return { source: { label, given }, sections: {}, mistakes: [error.message] };
  }
  const sections: Record<string, unknown> = {};
  const names = Object.keys(table).filter((name) => !Object.hasOwn(COMMAND_LINE_ONLY, name));
  for (const [key, raw] of Object.entries(content)) {
    if (key === SCHEMA_KEY) continue;
    if (Object.hasOwn(configSections, key)) {
      const schema = configSections[key as keyof typeof configSections];
      const wrong = issueSentences(schema, raw, key, file);
      if (wrong.length === 0) sections[key] = schema.parse(raw);
      mistakes.push(...wrong);
      continue;
    }
    if (OTHERS.has(key)) continue;
    const name = names.includes(key) ? key : kebab(key);
    const refusal = Object.hasOwn(COMMAND_LINE_ONLY, name) ? COMMAND_LINE_ONLY[name] : null;
    if (refusal) {
      mistakes.push(`${label(name)}: ${refusal}`);
      continue;
    }
    const option = names.includes(name) ? table[name] : undefined;
    if (option === undefined) {
      const near = nearest(name, [...Object.keys(configSections), ...names]);
      const help = near === null ? 'Keys are option names; see --help.' : `Did you mean "${near}"?`;
      mistakes.push(`"${plainText(key, LONGEST_KEY)}" in ${file} is not an option. ${help}`);
      continue;
    }
    if (given.has(name)) {
      mistakes.push(`"${name}" stands twice in ${file}.`);
      continue;
    }
    const parsed = value.safeParse(raw);
    if (!parsed.success) {
      mistakes.push(`${label(name)}: ${shown(raw)} is not a string, number, true, false or a list.`);
      continue;
    }
    const texts = asTexts(parsed.data);
    given.set(name, texts);
    check(option, label(name), texts, mistakes);
  }
  return { source: { label, given }, sections: sections as ConfigSections, mistakes };
}

/**
 * What a configuration file holds, unchecked.
 * @throws ConfigFileError
 */
export async function loadConfigFile(path: string): Promise<Record<string, unknown>> {
  if (!['.json', '.mjs'].includes(extname(path))) {
    throw new ConfigFileError(`--config: "${path}" is not a .json or .mjs file.`);
  }
  let content: unknown;
  try {
    const loader = lilconfig('pushbench', {
      cache: false,
      loaders: {
        '.json': (_file, text) => JSON.parse(text) as unknown,
        '.mjs': async (file) => ((await import(pathToFileURL(file).href)) as { default?: unknown }).default,
      },
    });
    content = ((await loader.load(path)) as { config: unknown } | null)?.config;
  } catch (error) {
    throw new ConfigFileError(`--config: "${path}" cannot be read: ${reasonOf(error)}.`);
  }
  const object = z.record(z.string(), z.unknown()).safeParse(content);
  if (!object.success) throw new ConfigFileError(`--config: "${path}" does not hold an object of options.`);
  return object.data;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'permission denied';
  const line = String(message ?? error).split('\n')[0]!;
  return line.replace(/\.$/, '');
}

function asTexts(given: z.infer<typeof value>): readonly string[] {
  if (Array.isArray(given)) return given.map(String);
  if (typeof given === 'object') return Object.entries(given).map(([name, number]) => `${name}=${number}`);
  return [String(given)];
}

/** A value that a module may export, whatever it is. */
function shown(raw: unknown): string {
  if (typeof raw === 'bigint') return plainText(`${raw}n`, LONGEST_SHOWN);
  try {
    return plainText(JSON.stringify(raw) ?? String(raw), LONGEST_SHOWN);
  } catch {
    return 'this value';
  }
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
