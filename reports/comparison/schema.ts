import { z } from 'zod';

const count = z.number().int().nonnegative();
const measured = z.number().nonnegative();

/** One side of a comparison. */
const arm = z.looseObject({
  /** As it was asked for, with its prefix: `git:main`. */
  arm: z.string(),
  /** For people: `git:main (c0ffee123456)`. */
  label: z.string(),
  /** Of a git ref: the commit that it stood for. */
  commit: z.string().optional(),
  /** Of an earlier result: when that run began. */
  startedAt: z.string().optional(),
});

/** Head / base of one metric, the median over pairs. */
const ratio = z.object({
  ratio: measured,
  /** Ends of its interval; null with too few pairs. */
  low: measured.nullable(),
  high: measured.nullable(),
  pairs: count,
});

/** What is said of one metric: see reports/gate/contract.ts. */
const verdict = z.looseObject({
  rule: z.object({
    metric: z.string(),
    direction: z.enum(['lower is better', 'higher is better', 'both']),
    tolerancePercent: measured,
    level: z.enum(['exact', 'near', 'noisy']),
    required: z.boolean(),
  }),
  scenario: z.string(),
  workload: z.string(),
  clients: count,
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'not judged']),
  message: z.string(),
  /** A value a trial, in the order of the rounds. */
  base: z.array(z.number()),
  head: z.array(z.number()),
  ratio: ratio.nullable(),
  /** The base against itself in the same run; null where that was not measured. */
  aa: ratio.nullable(),
  word: z.enum(['better', 'worse', 'same', 'cannot tell']).nullable(),
});

/** What a comparison found. */
export const comparisonSchema = z.looseObject({
  base: arm,
  head: arm,
  /** Base and head ran in the same rounds, in balanced random order; false where the base is an earlier result. */
  interleaved: z.boolean(),
  outcome: z.enum(['pass', 'fail', 'inconclusive']),
  rules: z.array(verdict),
  notes: z.array(z.string()),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparisonRule = Comparison['rules'][number];
export type ComparisonArm = Comparison['base'];
