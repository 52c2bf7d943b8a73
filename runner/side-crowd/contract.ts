import type { ScheduleSpec } from '../../protocol/schedule.js';
import type { Target } from '../../scenarios/contract.js';
import type { LedgerTotals } from '../../scenarios/ledger.js';
import type { EncodedHistogram } from '../measure/histogram.js';

/** Who is beside the main crowd: people that come and go, that read slowly, or that come and stay. */
export type SideKind = 'visitors' | 'slow readers' | 'newcomers';

/** A whole side crowd. */
export type SideCrowdSpec =
  | { readonly kind: 'visitors'; readonly arrivals: ScheduleSpec }
  | { readonly kind: 'newcomers'; readonly clients: number }
  | {
      readonly kind: 'slow readers';
      readonly clients: number;
      /** At most so many bytes are read at a time, and so often. */
      readonly readBytes: number;
      readonly everyMs: number;
    };

/** A shard's part of a side crowd. Plain data. */
export type SidePlan = SideCrowdSpec & {
  /** This shard's turn, of so many that share the crowd. */
  readonly part: number;
  readonly parts: number;
  /** The number of its first person, after all clients of the trial and the people of the shards before: see `{client}`. */
  readonly firstClient: number;
  /** The servers that its people go to, by turns. */
  readonly targets: readonly Target[];
};

/** What a shard's side crowd did, from its first connect to the end of the window's drain. */
export interface SideResult {
  readonly kind: SideKind;
  /** People that came. */
  readonly clients: number;
  /** Of them, there when the window opened. */
  readonly connectedAtOpening: number;
  /** TCP connections that were begun, and those that were accepted by the transport. */
  readonly dials: number;
  readonly connects: number;
  readonly connectTimes: EncodedHistogram;
  readonly latencies: EncodedHistogram;
  readonly deliveries: number;
  readonly lateDeliveries: number;
  readonly duplicated: number;
  readonly unexpected: number;
  readonly missed: number;
  readonly everIn: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Bytes of their whole life, by ledger and by the sockets' own counters. */
  readonly ledger: LedgerTotals;
  readonly sockets: { readonly up: number; readonly down: number };
  /** Milliseconds of a row, and the numbers of each: {@link FATES} at its end, then {@link HAPPENINGS} in it. */
  readonly rowMs: number;
  readonly rows: readonly number[];
}
