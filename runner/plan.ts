import type { Content } from '../protocol/payload.js';
import type { Arrivals } from '../protocol/schedule.js';
import type { Arm, NoiseFloor } from '../reports/result.js';
import type { HandlerSettings } from '../servers/handler-pool.js';
import type { Contending, Entrant } from './contender.js';
import type { WorkloadId, WorkloadOption } from './workloads/names.js';

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
  /** A link may release a byte later than it should by this (p99) ... */
  readonly linkErrorMs: number;
  /** ... or by this part of the reported p99. */
  readonly linkErrorPart: number;
  /** Stolen time above this part of the machine, in percent, voids a trial. */
  readonly stealPercent: number;
  /** CPU used by processes that are not ours above this part of the machine, in percent, voids a trial. */
  readonly foreignCpuPercent: number;
  /** Above this part of the generator's calibrated ceiling a rate is not to be quoted: a warning. */
  readonly ceilingShare: number;
}

/** Defaults, after the measuring rules in docs/metrics.md. */
export const DEFAULT_LIMITS: HealthLimits = {
  generatorShareMs: 3,
  generatorSharePart: 0.1,
  generatorUtilization: 0.85,
  publisherLagMs: 3,
  publisherLagPart: 0.1,
  linkErrorMs: 3,
  linkErrorPart: 0.1,
  stealPercent: 5,
  foreignCpuPercent: 5,
  ceilingShare: 0.5,
};

export const CALIBRATE = ['auto', 'always', 'never'] as const;
/** `auto`: what is kept, and what is missing unless the run is short; `always`: anew; `never`: not at all. */
export type Calibrate = (typeof CALIBRATE)[number];

export const PROXIES = ['nginx', 'nginx-default'] as const;
/** A proxy in front of the servers: well configured, or as it comes. */
export type ProxyKind = (typeof PROXIES)[number];

/** When `--trials auto` stops: at this precision of every contestant's median and bytes, or when the budget is spent. */
export interface AutoTrials {
  /** Half of the 99 % interval, percent of the median. */
  readonly precisionPercent: number;
  /** Seconds for all trials. */
  readonly budgetSeconds: number;
  readonly leastRounds: number;
}

/** What is measured: the part of a run's options that the result document records and a later run repeats. */
export interface Plan extends Contending {
  readonly scenarios: readonly string[];
  readonly workload: WorkloadId;
  /** Options of the workload, given or by default, by name; absent when it has none. */
  readonly workloadOptions?: Readonly<Partial<Record<WorkloadOption, number>>>;
  readonly clients: readonly number[];
  readonly ratePerSecond: number;
  readonly arrivals: Arrivals;
  readonly payloadBytes: number;
  /** What messages hold; left out for text. */
  readonly content?: Content;
  readonly durationSeconds: number;
  readonly warmupSeconds: number;
  /** Rounds; with `auto` the most that fit its budget. */
  readonly trials: number;
  readonly auto?: AutoTrials;
  /** Each scenario runs as two identical arms, which shows how far the machine alone sets contestants apart. */
  readonly aa?: boolean;
  /** Of a comparison: who runs in each round, in place of every scenario once. */
  readonly arms?: readonly Entrant[];
  /** Of a comparison: no round is begun that would end after this many seconds; left out without a limit. */
  readonly budgetSeconds?: number;
  /** The run is to yield memory slopes, and has no valid result without them. */
  readonly slopes?: boolean;
  readonly pollIntervalMs: number;
  readonly headers: 'minimal' | 'browser';
  /** What WebSocket clients ask for, the preferred one first; absent when they ask for none. */
  readonly subprotocols?: readonly string[];
  /** Length of the cookie in every request, its name contained; 0 or left out without one. */
  readonly cookieBytes?: number;
  /** In front of the servers; left out without one. */
  readonly proxy?: ProxyKind;
  /** Of each server process: every request first needs one; left out where requests are answered at once. */
  readonly handlers?: HandlerSettings;
  /** Round trip of the link between clients and servers, milliseconds; 0 without one. */
  readonly rttMs: number;
  /** Of each connection and direction; null does not shape. */
  readonly bandwidthBitsPerSecond: number | null;
  readonly seed: number;
  readonly pin: boolean;
  readonly limits: HealthLimits;
  readonly overridden: readonly string[];
  /** A correctness run: every byte is compared with the kernel's counters and a capture, and no time is reported. */
  readonly verifyWire?: boolean;
}

/** One trial to be run. */
export interface Contestant {
  readonly scenario: string;
  readonly clients: number;
  /** In an A/A run or a comparison. */
  readonly arm?: Arm;
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
  /** Whether the generator is measured against a trivial server first. */
  readonly calibrate: Calibrate;
  /** Of an earlier A/A run on this machine, to judge differences by. */
  readonly noiseFloor?: NoiseFloor;
  /** The arguments that repeat the run, seed included. */
  readonly command: readonly string[];
}
