import { z } from 'zod';
import { count, measured, nullable } from './numbers.js';

const metric = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** With a single trial, the median latency's interval over its own publishes: it knows nothing of other runs. */
  withinRun: z.object({ low: z.number(), high: z.number(), publishes: count }).optional(),
});

/** Server memory per client as a slope over a sweep. */
export const memorySlopeSchema = z.object({
  scenario: z.string(),
  workload: z.string(),
  /** JavaScript's heap, the whole process's resident set, or the kernel's side of its sockets. */
  metric: z.enum(['heap', 'process', 'kernel']),
  bytesPerClient: z.number(),
  /** Ends of the 99 % interval; null below five points. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Completed trials that it rests on. */
  points: count,
  /** Different client counts among them. */
  counts: count,
});

/** How far two identical arms of an A/A run were seen apart. */
export const noiseFloorSchema = z.looseObject({
  /** The earlier A/A result that it was taken from; null when this run measured it. */
  from: z.object({ startedAt: z.string(), cpuModel: z.string(), node: z.string() }).nullable(),
  entries: z.array(
    z.object({
      scenario: z.string(),
      workload: z.string(),
      clients: count,
      /** Dotted path, as in the summary. */
      metric: z.string(),
      /** Rounds in which both arms were completed and had the metric. */
      rounds: count,
      /** Median of A / A' over the rounds, and its 99 % interval; null ends below five rounds. */
      ratio: measured,
      low: nullable,
      high: nullable,
      /** Least and most A / A' of a single round. */
      least: measured,
      most: measured,
      /** A difference smaller than this is a tie. */
      floorPercent: measured,
      /** The interval leaves out 1, though the arms are identical: 1 of 100 does so by chance. */
      differs: z.boolean(),
    }),
  ),
});

export const summarySchema = z.looseObject({
  scenario: z.string(),
  workload: z.string(),
  clients: count,
  /** Completed trials that the metrics rest on. */
  trials: count,
  metrics: z.record(z.string(), metric),
});

export type Summary = z.infer<typeof summarySchema>;
export type MetricSummary = z.infer<typeof metric>;
export type MemorySlope = z.infer<typeof memorySlopeSchema>;
export type NoiseFloor = z.infer<typeof noiseFloorSchema>;
