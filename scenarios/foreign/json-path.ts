import type { JsonPath } from './contract.js';

/** Values beyond this are not looked at: an answer may hold a list of any length. */
const MAX_VALUES = 10_000;
const EVERY = '*';

/** A path in its steps; none for the whole value. */
export function stepsOf(path: JsonPath): readonly string[] {
  return path === '' ? [] : path.split('.');
}

/**
 * The values that stand at a path of a JSON value, at most 10,000; none where the path leads nowhere. `*` stands for
 * every element of a list or object. Only what the text itself said is found, never what JavaScript adds.
 */
export function valuesAt(json: unknown, steps: readonly string[]): unknown[] {
  let found = [json];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of found) {
      if (typeof value !== 'object' || value === null) continue;
      if (step === EVERY) {
        for (const each of Object.values(value)) {
          if (next.length === MAX_VALUES) break;
          next.push(each);
        }
      } else if (Object.hasOwn(value, step) && !(Array.isArray(value) && step === 'length')) {
        next.push((value as Record<string, unknown>)[step]);
      }
    }
    found = next;
  }
  return found;
}
