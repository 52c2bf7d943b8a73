import { z } from 'zod';
import type { TrialLab } from '../trials/contract.js';
import type { Claim, Conclusion } from './contract.js';

/** Data that are not a claim's, in a sentence for people. */
export class ClaimDataError extends Error {}

/** A number, or null where no valid trial gave one. */
export const measured = z.number().nullable();

interface OwnClaim<Schema extends z.ZodType> extends Omit<Claim, 'measure' | 'conclude'> {
  /** Of its data, which come from a file. */
  readonly data: Schema;
  measure(lab: TrialLab): Promise<z.infer<Schema>>;
  conclude(data: z.infer<Schema>): Conclusion;
}

/** A claim whose data are checked before anything is concluded from them. */
export function defineClaim<Schema extends z.ZodType>(own: OwnClaim<Schema>): Claim {
  const { data: schema, ...claim } = own;
  return {
    ...claim,
    conclude(data) {
      const checked = schema.safeParse(data);
      if (checked.success) return own.conclude(checked.data);
      const [issue] = checked.error.issues;
      throw new ClaimDataError(`${own.id}: data.${issue?.path.join('.')}: ${issue?.message}.`);
    },
  };
}
