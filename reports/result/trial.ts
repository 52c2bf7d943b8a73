import { z } from 'zod';
import { measurementsSchema } from './measurements.js';
import { count } from './numbers.js';

/** Why a trial has its status, or a warning on a completed one. Codes are open strings. */
const reason = z.object({ code: z.string(), message: z.string() });

const trialHead = {
  scenario: z.string(),
  workload: z.string(),
  clients: count,
  /** Round, from 1. */
  trial: count,
  /** Place in the order of the whole run, from 1. */
  order: count,
  /** Which of two identical arms, in an A/A run; which arm of a comparison: base, the same base again, or head. */
  arm: z.enum(['A', "A'", 'base', "base'", 'head']).optional(),
  reasons: z.array(reason),
};

export const trialSchema = z.discriminatedUnion('status', [
  z.looseObject({ ...trialHead, status: z.literal('completed'), measurements: measurementsSchema }),
  z.looseObject({ ...trialHead, status: z.literal('void'), measurements: measurementsSchema }),
  z.looseObject({ ...trialHead, status: z.literal('failed') }),
  z.looseObject({ ...trialHead, status: z.literal('skipped') }),
]);

export type Trial = z.infer<typeof trialSchema>;
export type MeasuredTrial = Extract<Trial, { status: 'completed' | 'void' }>;
export type Arm = NonNullable<Trial['arm']>;
export type Reason = z.infer<typeof reason>;
