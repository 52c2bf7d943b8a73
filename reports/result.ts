import { z } from 'zod';
import { comparisonSchema } from './comparison/schema.js';
import { calibrationSchema, environmentSchema, requestCeilingSchema } from './result/machine.js';
import { count } from './result/numbers.js';
import { planSchema } from './result/plan.js';
import { memorySlopeSchema, noiseFloorSchema, summarySchema } from './result/summary.js';
import { trialSchema } from './result/trial.js';

export type { Calibration, Environment, RequestCeiling } from './result/machine.js';
export { type Measurements, measurementsSchema, type TimelineRow } from './result/measurements.js';
export type { SideCrowdMeasurements } from './result/side-crowd.js';
export type { MemorySlope, MetricSummary, NoiseFloor, Summary } from './result/summary.js';
export type { Arm, MeasuredTrial, Reason, Trial } from './result/trial.js';

/** Name and version of the result document. Readers refuse any other. */
export const RESULT_SCHEMA = 'pushbench/result@1';

/** The result document of a run. Unknown fields are kept; known ones are checked. */
export const resultSchema = z.looseObject({
  schema: z.literal(RESULT_SCHEMA),
  tool: z.object({ name: z.string(), version: z.string() }),
  startedAt: z.string(),
  /** Null while the run is under way. */
  finishedAt: z.string().nullable(),
  interrupted: z.boolean(),
  /** The arguments that reproduce the run, seed included. */
  command: z.array(z.string()),
  environment: environmentSchema,
  scenarioInfo: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      family: z.string(),
      /** Place in the registry, from 0: the colour in every chart of every run. */
      order: count.optional(),
    }),
  ),
  plan: planSchema,
  requestCeiling: requestCeilingSchema.nullable(),
  /** What the generator takes from a trivial server, by scenario; empty when it was not calibrated. */
  calibration: z.record(z.string(), calibrationSchema).optional(),
  trials: z.array(trialSchema),
  summary: z.array(summarySchema),
  /** Of servers of the user's: what was seen of each before its trials. */
  targets: z
    .array(
      z.object({
        name: z.string(),
        checks: z.array(
          z.object({
            check: z.string(),
            /** Null where it could not be checked. */
            ok: z.boolean().nullable(),
            sentence: z.string(),
          }),
        ),
      }),
    )
    .optional(),
  /** Of a sweep with three client counts or more. */
  slopes: z.array(memorySlopeSchema).optional(),
  /** Of an A/A run, or loaded from one. */
  noiseFloor: noiseFloorSchema.optional(),
  /** Of `pushbench compare`: base and head, metric by metric; absent until its trials are over. */
  comparison: comparisonSchema.optional(),
});

export type Result = z.infer<typeof resultSchema>;
