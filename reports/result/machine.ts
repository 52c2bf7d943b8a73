import { z } from 'zod';
import { count, measured } from './numbers.js';

/** The machine that a run was made on. */
export const environmentSchema = z.looseObject({
  node: z.string(),
  v8: z.string(),
  os: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  cores: count,
  /** Cores this process may use (affinity); null where it cannot be read. */
  allowedCores: count.nullable(),
  /** CPU quota of the control group in cores; null when there is none. */
  cpuQuotaCores: z.number().nullable(),
  memoryBytes: count,
  memoryLimitBytes: count.nullable(),
  openFilesLimit: count.nullable(),
  ephemeralPorts: z.object({ first: count, last: count }).nullable(),
  /** The kernel's settings for connections that have ended: net.ipv4.tcp_tw_reuse and tcp_max_tw_buckets. */
  timeWait: z.object({ reuse: count.nullable(), limit: count.nullable() }).optional(),
  pinned: z.boolean(),
  /** Why a field is null or a facility is off, by name. */
  unavailable: z.record(z.string(), z.string()),
});

/** The polling server's plain request/response ceiling, as autocannon measures it. */
export const requestCeilingSchema = z.object({
  scenario: z.string(),
  tool: z.string(),
  connections: count,
  seconds: measured,
  requestsPerSecond: measured,
  errors: count,
});

/** What the generator can take, as a trivial replay server showed it on this machine. */
export const calibrationSchema = z.looseObject({
  /** Deliveries a second that would use all of the generator's cores. */
  deliveriesPerSecond: measured,
  /** Cores of the generator that this is for. */
  generatorCores: count,
  /** Part of its core that the generator used while it was calibrated. */
  utilization: measured,
  measuredAt: z.string(),
  /** Whether it was taken from an earlier run in the same environment. */
  cached: z.boolean(),
});

export type Environment = z.infer<typeof environmentSchema>;
export type Calibration = z.infer<typeof calibrationSchema>;
export type RequestCeiling = z.infer<typeof requestCeilingSchema>;
