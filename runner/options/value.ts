import { z } from 'zod';
import { readable } from './readable.js';
import { nearest } from './suggest.js';

/** Checks one value as it was typed. An issue's message continues the sentence `--flag: "value" ...`. */
export type ValueSchema<T> = z.ZodType<T, string>;

const WHOLE = /^\d+$/;
const DECIMAL = /^(\d+(\.\d+)?|\.\d+)$/;

/** A whole number in digits, from `min` to `max`. Signs, exponents, fractions and other notations are refused. */
export function whole(min: number, max: number): ValueSchema<number> {
  return numeric(WHOLE, `is not a whole number from ${readable(min)} to ${readable(max)}`, min, max, true);
}

/** A number in digits with at most one decimal point, from `min` to `max`. */
export function decimal(min: number, max: number): ValueSchema<number> {
  return numeric(DECIMAL, `is not a number from ${readable(min)} to ${readable(max)}`, min, max, false);
}

function numeric(
  form: RegExp,
  message: string,
  min: number,
  max: number,
  wholeOnly: boolean,
): ValueSchema<number> {
  const fits = (value: number): boolean =>
    value >= min && value <= max && (!wholeOnly || Number.isSafeInteger(value));
  return z.string().transform((text, context) => {
    if (form.test(text) && fits(Number(text))) return Number(text);
    // "1e3", "0x10", "5.0" and "1_000" mean something: offer it, but do not guess.
    const meant = Number(text.replaceAll('_', ''));
    const offer = text.trim() !== '' && fits(meant) ? `. Did you mean ${meant}?` : '';
    context.addIssue({ code: 'custom', message: message + offer });
    return z.NEVER;
  });
}

/** One of a closed set of words. `noun` names the set: "a scenario". */
export function choice<const T extends string>(noun: string, words: readonly T[]): ValueSchema<T> {
  return z.string().transform((text, context) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    const near = nearest(text, words);
    const suggestion = near === null ? '' : ` Did you mean "${near}"?`;
    context.addIssue({
      code: 'custom',
      message: `is not ${noun}; allowed: ${words.join(', ')}.${suggestion}`,
    });
    return z.NEVER;
  });
}

/** Any text but an empty one, such as a path. `noun` names it: "a folder". */
export function text(noun: string): ValueSchema<string> {
  return z.string().transform((given, context) => {
    if (given.trim() !== '' && !given.includes('\0')) return given;
    context.addIssue({ code: 'custom', message: `is not the name of ${noun}` });
    return z.NEVER;
  });
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A token as HTTP fields have them (RFC 9110, section 5.6.2), at most `max` characters. `noun` names it: "a sub-protocol". */
export function token(noun: string, max: number): ValueSchema<string> {
  return z.string().transform((given, context) => {
    if (TOKEN.test(given) && given.length <= max) return given;
    context.addIssue({
      code: 'custom',
      message: `is not ${noun}: letters, digits and !#$%&'*+-.^_\`|~ only, at most ${max} of them`,
    });
    return z.NEVER;
  });
}

/** `name=value` with a closed set of names, each with its own range. */
export function assignment<T extends string>(
  noun: string,
  ranges: Readonly<Record<T, readonly [number, number]>>,
): ValueSchema<readonly [T, number]> {
  const names = Object.keys(ranges) as T[];
  return z.string().transform((given, context) => {
    const [name, value] = split(given);
    const known = names.find((each) => each === name);
    if (known === undefined || value === null) {
      const near = nearest(name, names);
      const suggestion = near === null || near === name ? '' : ` Did you mean "${near}"?`;
      context.addIssue({
        code: 'custom',
        message: `is not ${noun} in the form name=value; names: ${names.join(', ')}.${suggestion}`,
      });
      return z.NEVER;
    }
    const [min, max] = ranges[known];
    const parsed = decimal(min, max).safeParse(value);
    if (parsed.success) return [known, parsed.data] as const;
    context.addIssue({ code: 'custom', message: `gives ${known} a value that ${messageOf(parsed.error)}` });
    return z.NEVER;
  });
}

function split(given: string): [string, string | null] {
  const at = given.indexOf('=');
  return at < 0 ? [given, null] : [given.slice(0, at), given.slice(at + 1)];
}

/** The first complaint of a failed check, without a full stop. */
export function messageOf(error: z.ZodError): string {
  return error.issues[0]?.message ?? 'is not allowed';
}
