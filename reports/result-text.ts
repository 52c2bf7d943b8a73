import type { z } from 'zod';
import { plainText } from './plain-text.js';
import { formatCount } from './units.js';

/** The name of the schema a parsed document claims; null when it claims none. */
export function schemaOf(document: unknown): string | null {
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, 'schema')) return null;
  const { schema } = document as { schema: unknown };
  return typeof schema === 'string' ? schema : null;
}

/**
 * Removes keys named `__proto__` at every depth, in place. `JSON.parse` makes them harmless own fields, but whoever
 * copies a document field by field would set a prototype with them.
 */
export function removePrototypeKeys(document: unknown): void {
  // A stack of its own: a file may be nested deeper than calls can be.
  const open: unknown[] = [document];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const entry of value) if (typeof entry === 'object') open.push(entry);
      continue;
    }
    Reflect.deleteProperty(value, '__proto__');
    for (const part of Object.values(value)) if (typeof part === 'object') open.push(part);
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return plainText(text.replace(/^\./u, ''), 120) || 'the document';
}

/** zod's `Invalid input: expected number, received undefined` in plain words. */
function complaintOf(message: string): string {
  const types = /expected (\S+), received (\S+)$/u.exec(message);
  if (types?.[2] === 'undefined') return 'is missing';
  if (types) return `should be ${types[1]}, not ${types[2]}`;
  return `is wrong (${plainText(message, 120)})`;
}

/** Names the first wrong field and how many more there are: `trials[3].clients should be number, not string`. */
export function wrongFields(error: z.ZodError): string {
  const [first, ...others] = error.issues;
  if (!first) return 'a field is wrong';
  const more =
    others.length > 0
      ? `, and ${formatCount(others.length)} more ${others.length === 1 ? 'field is' : 'fields are'} wrong`
      : '';
  return `${pathOf(first.path)} ${complaintOf(first.message)}${more}`;
}
