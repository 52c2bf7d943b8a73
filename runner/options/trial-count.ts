import { z } from 'zod';
import { messageOf, type ValueSchema, whole } from './value.js';

/** A number of rounds, or the word `auto`: as many as a precision needs. */
export function trialCount(min: number, max: number): ValueSchema<number | 'auto'> {
  return z.string().transform((text, context) => {
    if (text === 'auto') return text;
    const parsed = whole(min, max).safeParse(text);
    if (parsed.success) return parsed.data;
    const message = messageOf(parsed.error).replace('is not a whole', 'is neither "auto" nor a whole');
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
