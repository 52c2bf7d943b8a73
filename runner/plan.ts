import type { Arrivals } from '../protocol/schedule.js';

/** Limits of the health rules, by name; each can be overridden with `--limit name=value` and is then recorded. */
export interface HealthLimits {
  /** A trial is void when the generator's own share of latency has a p99 above this ... */
  readonly generatorShareMs: number;
  /** ... and above this part of the reported p99. */
  readonly generatorSharePart: number;
  /** Cores the worst shard may use, 0 to 1. */
  readonly generatorUtilization: number;
  /** The idle publisher's median lag may reach this ... */
  readonly publisherLagMs: number;
  /** ... or this part of the reported p50. */
  readonly publisherLagPart: number;
  /** Stolen time above this part of the machine, in percent, is a warning. */
  readonly stealPercent: number;
  /** CPU used by processes that are not ours above this part of the machine, in percent, is a warning. */
  readonly foreignCpuPercent: number;
}

/** Defaults, after the measuring rules in docs/metrics.md. */
export const DEFAULT_LIMITS: HealthLimits = {
  generatorShareMs: 3,
  generatorSharePart: 0.1,
  generatorUtilization: 0.85,
  publisherLagMs: 3,
  publisherLagPart: 0.1,
  stealPercent: 5,
  foreignCpuPercent: 5,
};

export const WORKLOADS = ['broadcast', 'idle'] as const;
export type Workload = (typeof WORKLOADS)[number];

/** What is measured: the part of a run's options that the result document records and a later run repeats. */
export interface Plan {
  readonly scenarios: readonly string[];
  readonly workload: Workload;
  readonly clients: readonly number[];
  readonly ratePerSecond: number;
  readonly arrivals: Arrivals;
  readonly payloadBytes: number;
  readonly durationSeconds: number;
  readonly warmupSeconds: number;
  readonly trials: number;
  readonly pollIntervalMs: number;
  readonly headers: 'minimal' | 'browser';
  readonly seed: number;
  readonly pin: boolean;
  readonly limits: HealthLimits;
  readonly overridden: readonly string[];
}

/** One trial to be run. */
export interface Contestant {
  readonly scenario: string;
  readonly clients: number;
  /** Round, from 1. */
  readonly trial: number;
  /** Place in the run, from 1. */
  readonly order: number;
}

/** How results leave the tool: everything about a run that does not change what is measured. */
export interface Delivery {
  /** Folder for results.json, report.html and summary.md; created when missing. */
  readonly out: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly strict: boolean;
  /** The arguments that repeat the run, seed included. */
  readonly command: readonly string[];
}
