import { intendedInstants, messageCount, type ScheduleSpec } from '../../protocol/schedule.js';
import type { ClientEvents, FailureKind } from '../../scenarios/contract.js';
import { DurationHistogram } from '../measure/histogram.js';

/** What can become of somebody, in the order of the columns of a second. */
export const FATES = [
  'coming',
  'onTime',
  'late',
  'http503',
  'http5xx',
  'refused',
  'reset',
  'timeout',
  'other',
] as const;
export type Fate = (typeof FATES)[number];

/** What happened in a second, in the order of its columns: before them stand the fates at its end. */
export const HAPPENINGS = [
  'dials',
  'connects',
  'delivered',
  'deliveredLate',
  'http503',
  'http5xx',
  'refused',
  'reset',
  'timeout',
  'other',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

/** Numbers of a second. */
export const COLUMNS = FATES.length + HAPPENINGS.length;

const NOBODY = -1;
const COMING = 0;
const ON_TIME = 1;
const LATE = 2;
const FIRST_FAILURE = 3;

const AT = Object.fromEntries(HAPPENINGS.map((name, n) => [name, FATES.length + n])) as Record<
  Happening,
  number
>;

/** Which of the six columns a failure is in. */
const FAILURES: Readonly<Record<FailureKind, number>> = {
  'http-503': 0,
  'http-5xx': 1,
  refused: 2,
  reset: 3,
  timeout: 4,
  'no-ports': 5,
  'no-descriptors': 5,
  closed: 5,
  'http-4xx': 5,
  redirected: 5,
  protocol: 5,
  payload: 5,
  'not-connected': 5,
  other: 5,
};

export interface SideRecorderPlan {
  /** Places of the crowd. */
  readonly capacity: number;
  readonly payloadBytes: number;
  readonly warmup: ScheduleSpec;
  readonly measure: ScheduleSpec;
  /** Whether being connected means nothing before the first message: a poller's connection says little. */
  readonly asks: boolean;
  /** A message that comes later than this after it was due is late, microseconds. */
  readonly lateUs: number;
  /** Rows of the timeline, and the length of one. */
  readonly rows: number;
  readonly rowMs: number;
  /** Called at each read of a socket, before anything is parsed. */
  readonly onWake: () => void;
}

/**
 * What a side crowd tells, in few numbers: a handful for each place in typed arrays, counts by second, one histogram of
 * connect times and one of latencies. Nothing is allocated for a message.
 *
 * It knows no schedule of who is there: a message is one of somebody's when it was due after they came. Between the
 * first message somebody heard and the last, none may be missing; those that are, it counts.
 */
export class SideRecorder implements ClientEvents {
  readonly connectTimes = new DurationHistogram();
  readonly latencies = new DurationHistogram();
  readonly failures: Record<string, number> = {};
  readonly rows: Uint32Array;
  /** Messages that were due after their hearer had come and while the window was open, each once a client. */
  deliveries = 0;
  /** Of those, later than the plan allows. */
  lateDeliveries = 0;
  duplicated = 0;
  unexpected = 0;
  dials = 0;
  connects = 0;
  /** Messages between somebody's first and last that never came. */
  missed = 0;
  /** People that were let in at some time, of those that have come. */
  everIn = 0;
  /** Those who are there now, let in or not. */
  present = 0;

  private readonly fates: Int8Array;
  private readonly wasIn: Uint8Array;
  private readonly arrivedMs: Float64Array;
  private readonly first: Int32Array;
  private readonly highest: Int32Array;
  private readonly heard: Int32Array;
  private readonly instants: Float64Array;
  private readonly warmupCount: number;
  private startMs = Number.POSITIVE_INFINITY;

  constructor(private readonly plan: SideRecorderPlan) {
    const { capacity } = plan;
    this.warmupCount = messageCount(plan.warmup);
    this.instants = intendedInstants(plan.measure);
    this.rows = new Uint32Array(plan.rows * COLUMNS);
    this.fates = new Int8Array(capacity).fill(NOBODY);
    this.wasIn = new Uint8Array(capacity);
    this.arrivedMs = new Float64Array(capacity);
    this.first = new Int32Array(capacity);
    this.highest = new Int32Array(capacity);
    this.heard = new Int32Array(capacity);
  }

  /** The window begins at `startMs` of this process's clock; what happened before is not in its rows. */
  begin(startMs: number): void {
    this.startMs = startMs;
  }

  /** Somebody new takes a place. */
  arrived(place: number, nowMs: number): void {
    this.present++;
    this.fates[place] = COMING;
    this.wasIn[place] = 0;
    this.arrivedMs[place] = nowMs;
    this.first[place] = 0;
    this.highest[place] = 0;
    this.heard[place] = 0;
  }

  /** Whoever has the place goes away for good. */
  left(place: number): void {
    if (this.fates[place] === NOBODY) return;
    this.present--;
    this.fates[place] = NOBODY;
    if (this.first[place] !== 0) {
      this.missed += this.highest[place]! - this.first[place]! + 1 - this.heard[place]!;
    }
  }

  /** Puts down what has become of everybody who is there, at the end of a row. */
  endRow(row: number): void {
    if (row < 0 || row >= this.plan.rows) return;
    const at = row * COLUMNS;
    for (const fate of this.fates) if (fate !== NOBODY) this.rows[at + fate]!++;
  }

  /** Whether whoever has the place is not in now. */
  isOutside(place: number): boolean {
    return this.fates[place] !== ON_TIME && this.fates[place] !== LATE;
  }

  woke(): void {
    this.plan.onWake();
  }

  dialled(): void {
    this.dials++;
    this.note(AT.dials, performance.now());
  }

  delivered(client: number, sequence: number, bytes: number): void {
    const k = sequence - this.warmupCount - 1;
    if (sequence < 1 || k >= this.instants.length || bytes !== this.plan.payloadBytes) {
      this.unexpected++;
      this.failed(client, 'payload');
      return;
    }
    if (sequence <= this.highest[client]!) {
      this.duplicated++;
      return;
    }
    if (this.first[client] === 0) this.first[client] = sequence;
    this.highest[client] = sequence;
    this.heard[client]!++;
    const now = performance.now();
    const dueMs = k < 0 ? Number.NEGATIVE_INFINITY : this.startMs + this.instants[k]!;
    // What a newcomer is told of the time before is news to them, but late for nobody.
    if (k < 0 || dueMs < this.arrivedMs[client]!) {
      this.isIn(client, ON_TIME);
      return;
    }
    const latencyUs = Math.max(0, (now - dueMs) * 1000);
    const isLate = latencyUs > this.plan.lateUs;
    this.latencies.record(latencyUs);
    this.deliveries++;
    if (isLate) this.lateDeliveries++;
    this.isIn(client, isLate ? LATE : ON_TIME);
    this.note(isLate ? AT.deliveredLate : AT.delivered, now);
  }

  connected(client: number, connectMs: number): void {
    this.connects++;
    this.connectTimes.record(connectMs * 1000);
    this.note(AT.connects, performance.now());
    if (!this.plan.asks) this.isIn(client, ON_TIME);
  }

  disconnected(_client: number): void {}

  failed(client: number, kind: FailureKind): void {
    this.failures[kind] = (this.failures[kind] ?? 0) + 1;
    const failure = FAILURES[kind];
    this.fates[client] = FIRST_FAILURE + failure;
    this.note(AT.http503 + failure, performance.now());
  }

  answered(): void {}
  posted(): void {}
  postponed(): void {}

  private isIn(client: number, fate: number): void {
    this.fates[client] = fate;
    if (this.wasIn[client] === 1) return;
    this.wasIn[client] = 1;
    this.everIn++;
  }

  private note(column: number, nowMs: number): void {
    const row = Math.floor((nowMs - this.startMs) / this.plan.rowMs);
    if (row >= 0 && row < this.plan.rows) this.rows[row * COLUMNS + column]!++;
  }
}
