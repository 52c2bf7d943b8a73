import { z } from 'zod';
import { plainText } from '../../reports/plain-text.js';
import { nearest } from '../options/suggest.js';
import { isSecretName, redactedValue } from '../target/redact.js';

const LONGEST_SHOWN = 80;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/**
 * What is wrong with a value, a sentence each: every one names the place by its path, the value, and what is allowed.
 *
 * Schemas say what is allowed in their issues' messages, which continue "must ...".
 *
 * @param name of the key that the value stands under
 * @param file as the user knows it
 */
export function issueSentences(
  schema: z.ZodType,
  value: unknown,
  name: string,
  file: string,
): readonly string[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const known = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  const sentences = parsed.error.issues
    .flatMap((issue) => flat(issue))
    .flatMap((issue) => {
      const place = [name, ...issue.path].map((part) => plainText(String(part), LONGEST_SHOWN)).join('.');
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => unknownKey(key, place, file, keysAt(known, issue.path)));
      }
      if (issue.code === 'invalid_key') {
        return [`${place} in ${file}: this name is not allowed here.`];
      }
      const given = valueAt(value, issue.path);
      if (given === undefined) return [`${place} is missing in ${file}: it ${plain(issue.message)}.`];
      return [`${place} in ${file}: ${shown(given, issue.path)} ${plain(issue.message)}.`];
    });
  return [...new Set(sentences)];
}

/** Of a value that fits no branch of a union: what is wrong with the branch that it was meant for. */
function flat(issue: Issue, before: Path = []): Issue[] {
  const path = [...before, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ ...issue, path } as Issue];
  const [meant] = issue.errors.filter((errors) => errors.length > 0 && errors.every(isInside));
  if (meant === undefined) return [{ ...issue, path } as Issue];
  return meant.flatMap((inner) => flat(inner, path));
}

/** The value is of the branch's kind, and something in it is wrong. */
function isInside({ path, code }: Issue): boolean {
  return path.length > 0 || code === 'unrecognized_keys';
}

function unknownKey(key: string, place: string, file: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const help = near === null ? `Known keys: ${known.join(', ')}.` : `Did you mean "${near}"?`;
  return `"${plainText(key, LONGEST_SHOWN)}" in ${place} of ${file} is not a key. ${help}`;
}

/** The keys that a schema knows at a path. */
function keysAt(schema: JsonSchema, path: Path): readonly string[] {
  let places: JsonSchema[] = branches(schema);
  for (const part of path) {
    places = places.flatMap(({ properties, additionalProperties, items }) => {
      const inner =
        properties !== undefined && Object.hasOwn(properties, part)
          ? properties[String(part)]
          : typeof additionalProperties === 'object'
            ? additionalProperties
            : items;
      return inner === undefined ? [] : branches(inner);
    });
  }
  return [...new Set(places.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

function branches(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(branches);
}

function valueAt(value: unknown, path: Path): unknown {
  let at: unknown = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at;
}

/** A value in a sentence; one that stands under a secret's name is not shown, nor what looks like one in it. */
function shown(value: unknown, path: Path): string {
  // The first part is a name that the user chose, such as that of a target.
  if (path.slice(1).some((part) => isSecretName(String(part)))) return 'its value';
  let text: string;
  try {
    const safe = redactedValue(value, '');
    text = JSON.stringify(safe) ?? String(safe);
  } catch {
    text = typeof value;
  }
  return plainText(text, LONGEST_SHOWN);
}

function plain(message: string): string {
  return message.replace(/\.$/, '');
}
