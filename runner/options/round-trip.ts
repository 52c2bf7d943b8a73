import { z } from 'zod';
import { readable } from './readable.js';
import { decimal, type ValueSchema } from './value.js';

/** Milliseconds of a round trip: 0, or from `min` to `max`. Node's timers are no finer than `min`. */
export function roundTrip(min: number, max: number): ValueSchema<number> {
  return z.string().transform((text, context) => {
    const parsed = decimal(0, max).safeParse(text);
    if (parsed.success && (parsed.data === 0 || parsed.data >= min)) return parsed.data;
    const finer = parsed.success ? "; the link's timers are no finer" : '';
    context.addIssue({
      code: 'custom',
      message: `is not 0 or a number of milliseconds from ${readable(min)} to ${readable(max)}${finer}`,
    });
    return z.NEVER;
  });
}
