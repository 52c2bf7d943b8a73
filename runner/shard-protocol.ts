import type { Content } from '../protocol/payload.js';
import type { ScheduleSpec } from '../protocol/schedule.js';
import type { HeaderStyle, Target } from '../scenarios/contract.js';
import type { ForeignSpec } from '../scenarios/foreign/contract.js';
import type { LedgerTotals } from '../scenarios/ledger.js';
import type { EncodedTable } from './measure/distribution-table.js';
import type { EncodedHistogram } from './measure/histogram.js';
import type { EncodedHolds } from './measure/hold-watch.js';
import type { EncodedReconnects } from './measure/reconnect-record.js';
import type { TargetResult } from './measure/target-result.js';
import type { Patience } from './patience.js';
import type { SidePlan, SideResult } from './side-crowd/contract.js';

/** What a shard is told before anything else: its part of a trial. Plain numbers and strings, so it can cross a network. */
export interface ShardPlan {
  readonly scenario: string;
  /** How the clients behave where the server is not ours; left out where `scenario` is one of the registry. */
  readonly foreign?: ForeignSpec;
  readonly shard: number;
  /** Clients of this shard by server: the first `clients` of the first target, and so on. */
  readonly targets: readonly { readonly target: Target; readonly clients: number }[];
  /** The number of its first client among all clients of the trial. */
  readonly firstClient: number;
  readonly seed: number;
  readonly headers: HeaderStyle;
  /** What WebSocket clients ask for; left out when they ask for none. */
  readonly subprotocols?: readonly string[];
  /** Length of the cookie in every request; 0 or left out without one. */
  readonly cookieBytes?: number;
  readonly pollIntervalMs: number;
  readonly payloadBytes: number;
  /** Default text. */
  readonly content?: Content;
  readonly warmup: ScheduleSpec;
  readonly measure: ScheduleSpec;
  /** Each message of the schedules is said by a client of its topic, and by no server. */
  readonly clientsSpeak?: true;
  /** Clients opened a second, over this shard. */
  readonly connectPerSecond: number;
  /** Restarts of the server in the window: where its stretches end, milliseconds from its start; left out without. */
  readonly restartStretches?: readonly number[];
  /** Where a condition of the plan asks for more than the usual. */
  readonly patience?: Patience;
  /** People beside the clients, with accounts of their own. */
  readonly side?: SidePlan;
  /** `count` leaves histograms, ledger and timeline off: for the benchmark that shows what measuring costs. */
  readonly instruments?: 'full' | 'count';
}

export type ShardCommand =
  | { readonly type: 'plan'; readonly plan: ShardPlan }
  /** Open the clients, paced. */
  | { readonly type: 'connect' }
  /** Collect garbage twice and report the resident set. */
  | { readonly type: 'sample'; readonly id: number }
  /** No client acts by itself until the next `start`; report all bytes so far. */
  | { readonly type: 'hold'; readonly id: number }
  /** A phase begins at this instant (CLOCK_MONOTONIC, decimal); the window's snapshot is taken on receipt. */
  | { readonly type: 'start'; readonly phase: 'warmup' | 'measure'; readonly startNs: string }
  /** Publishing ended after this many of the phase's messages, fewer than planned when a run is interrupted. */
  | { readonly type: 'published'; readonly phase: 'warmup' | 'measure'; readonly count: number }
  /** Clients say nothing more once `after` of the phase's messages were due; now, when left out. */
  | { readonly type: 'halt'; readonly after?: number }
  /** The phase is over: take the second snapshot and, for the window, report. */
  | { readonly type: 'finish'; readonly phase: 'warmup' | 'measure' }
  | { readonly type: 'abort' };

export type ShardReport =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'connected'; readonly connect: ConnectReport }
  | { readonly type: 'sample'; readonly id: number; readonly rssBytes: number }
  | { readonly type: 'held'; readonly id: number; readonly ledger: LedgerTotals; readonly sockets: SocketSum }
  | { readonly type: 'tick'; readonly tick: ShardTick }
  /** The clients have said what they had to. Lag: instant of saying - intended instant, microseconds, at most 5,000 of them. */
  | {
      readonly type: 'spoken';
      readonly phase: 'warmup' | 'measure';
      readonly count: number;
      readonly lagUs: readonly number[];
    }
  /** Every message of the phase has reached every client. */
  | { readonly type: 'drained'; readonly phase: 'warmup' | 'measure' }
  | { readonly type: 'finished'; readonly phase: 'warmup' | 'measure'; readonly missing: number }
  | { readonly type: 'result'; readonly result: ShardResult }
  | { readonly type: 'fault'; readonly message: string };

export interface ConnectReport {
  readonly connected: number;
  /** From the first client's start to the last one's arrival. */
  readonly seconds: number;
  readonly latency: EncodedHistogram;
  readonly failures: Readonly<Record<string, number>>;
}

export interface ShardTick {
  readonly connected: number;
  readonly delivered: number;
  readonly p99Us: number | null;
}

/** What one shard measured in the window. */
export interface ShardResult {
  readonly clients: number;
  readonly connectedAtOpening: number;
  /** Clients that owe the window's deliveries, when they are not those that had connected. */
  readonly participants?: number;
  /** Deliveries that the window's messages should have made here; left out: one a message and client. */
  readonly expected?: number;
  readonly delivered: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly lost: number;
  readonly unexpected: number;
  readonly backwards: number;
  /** From the window's start to the last delivery, milliseconds; 0 without one. */
  readonly lastDeliveryMs: number;
  readonly latency: EncodedHistogram;
  readonly share: EncodedHistogram;
  readonly publishes: {
    readonly every: number;
    readonly delivered: readonly number[];
    readonly table: EncodedTable;
    /** The generator's own share of each latency, a row a publish. */
    readonly shares?: EncodedTable;
  };
  readonly seconds: { readonly every: number; readonly table: EncodedTable };
  readonly requests: {
    readonly total: number;
    readonly empty: number;
    readonly withNews: number;
    readonly postponed: number;
  };
  /** Reads from sockets: with several messages in one, fewer than deliveries. */
  readonly reads: number;
  /** TCP connections that clients began. */
  readonly connections: number;
  readonly exchange: { readonly hit: ExchangeSum; readonly empty: ExchangeSum };
  readonly failures: Readonly<Record<string, number>>;
  /** Bytes of the window, and those before it. */
  readonly window: LedgerTotals;
  readonly before: LedgerTotals;
  readonly sockets: SocketSum;
  readonly cpuMicros: number;
  readonly wallMs: number;
  readonly loopDelayP99Us: number | null;
  /** Part of the window and drain in which the event loop was not idle. */
  readonly loopUtilization: number;
  /** Cores used in its two busiest samples of a quarter of a second and more, the busiest first. */
  readonly busiestCores: readonly number[];
  readonly holds: EncodedHolds;
  readonly rssBytes: number;
  /** Of the side crowd; absent without one. */
  readonly side?: SideResult;
  /** Of a server that is not ours. */
  readonly target?: TargetResult;
  /** With restarts of the server. */
  readonly reconnects?: EncodedReconnects;
}

/** The sockets' own counters, bytes, closed sockets contained. */
export interface SocketSum {
  readonly up: number;
  readonly down: number;
}

/** Bytes of all exchanges of one kind, and how many there were. */
export interface ExchangeSum {
  readonly count: number;
  readonly up: number;
  readonly down: number;
}
