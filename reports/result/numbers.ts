import { z } from 'zod';

// The numbers that a result document is made of.

/** How many: a whole number. */
export const count = z.number().int().nonnegative();
/** A measured quantity, in the unit that its field's name says. */
export const measured = z.number().nonnegative();
/** The same where it may not have been measurable. */
export const nullable = measured.nullable();
/** The same in both directions. */
export const upDown = z.object({ up: measured, down: measured });
