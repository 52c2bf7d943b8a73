import { number } from '../trials/plain-number.js';
import type { Text } from './contract.js';

/** A text in both languages. */
export function text(en: string, zh: string): Text {
  return { en, zh };
}

/** What is the same in both: a number, a name. */
export function same(value: string): Text {
  return { en: value, zh: value };
}

/** A number with three significant digits; a dash where there is none. @param unit as both languages write it */
export function figure(value: number | null, unit = ''): string {
  if (value === null) return '—';
  return unit === '' ? number(value) : `${number(value)} ${unit}`;
}

/** A number as a cell. */
export function cell(value: number | null, unit = ''): Text {
  return same(figure(value, unit));
}
