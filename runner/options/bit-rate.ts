import { z } from 'zod';
import { readable } from './readable.js';
import type { ValueSchema } from './value.js';

const FORM = /^(\d+(?:\.\d+)?|\.\d+)([kM]?)$/;
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6 };

/** Bits a second as they are typed: `56000`, `56k`, `1.5M`, in powers of ten, from `min` to `max`. */
export function bitRate(min: number, max: number): ValueSchema<number> {
  return z.string().transform((text, context) => {
    const [, digits, suffix] = FORM.exec(text) ?? [];
    const value = digits === undefined ? Number.NaN : Math.round(Number(digits) * FACTORS[suffix ?? '']!);
    if (value >= min && value <= max) return value;
    context.addIssue({
      code: 'custom',
      message:
        `is not a number of bits a second from ${readable(min)} to ${readable(max)}, such as 56k or 1.5M` +
        (/^[\d.]+[Kmg]/i.test(text) && digits === undefined ? ' (k is 1,000 and M 1,000,000)' : ''),
    });
    return z.NEVER;
  });
}
