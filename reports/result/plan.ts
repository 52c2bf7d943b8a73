import { z } from 'zod';
import { count, measured } from './numbers.js';

/** What was to be measured. */
export const planSchema = z.looseObject({
  scenarios: z.array(z.string()),
  /** What names mean that are not of the registry; values that look secret are redacted. */
  contenders: z.record(z.string(), z.looseObject({ kind: z.string(), title: z.string() })).optional(),
  workload: z.string(),
  /** Options of the workload by name, given or by default. */
  workloadOptions: z.record(z.string(), z.number()).optional(),
  clients: z.array(count),
  ratePerSecond: measured,
  arrivals: z.enum(['poisson', 'constant']),
  payloadBytes: count,
  /** What messages hold; text when absent. */
  content: z.enum(['text', 'binary', 'unicode']).optional(),
  durationSeconds: measured,
  warmupSeconds: measured,
  trials: count,
  pollIntervalMs: measured,
  headers: z.enum(['minimal', 'browser']),
  /** Length of the cookie in every request; 0 or absent without one. */
  cookieBytes: count.optional(),
  /** What WebSocket clients asked for, the preferred one first; absent when they asked for none. */
  subprotocols: z.array(z.string()).optional(),
  /** In front of the servers; absent without one. */
  proxy: z.enum(['nginx', 'nginx-default']).optional(),
  /** Of each server process; absent where requests are answered at once. */
  handlers: z.object({ count, delayMs: measured }).optional(),
  /** Round trip of the link; 0 or absent without one. */
  rttMs: measured.optional(),
  /** Of each connection and direction; null or absent does not shape. */
  bandwidthBitsPerSecond: measured.nullable().optional(),
  seed: count,
  pin: z.boolean(),
  /** Two identical arms of each scenario. */
  aa: z.boolean().optional(),
  /** A slope was asked for. */
  slopes: z.boolean().optional(),
  /** With `--trials auto`: when it stops. `trials` is then the most rounds that fit, or after the run those that ran. */
  auto: z
    .looseObject({
      precisionPercent: measured,
      budgetSeconds: measured,
      leastRounds: count,
      /** Why it stopped; null while it runs. */
      stopped: z.enum(['precise', 'budget', 'rounds', 'interrupted']).nullable(),
    })
    .optional(),
  /** Limits of the health rules in force, by name. */
  limits: z.record(z.string(), z.number()),
  /** Names of the limits that differ from the defaults. */
  overridden: z.array(z.string()),
  /** A correctness run: bytes were compared with kernel and capture, times were not reported. */
  verifyWire: z.boolean().optional(),
});
