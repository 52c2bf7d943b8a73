import { intendedInstants, type ScheduleSpec } from '../../protocol/schedule.js';
import type { ClientEvents, FailureKind } from '../../scenarios/contract.js';
import type { ConnectReport, ExchangeSum } from '../shard-protocol.js';
import { DeliveryWindow, DUPLICATE, REORDERED } from './delivery-window.js';
import { DistributionTable } from './distribution-table.js';
import { DurationHistogram } from './histogram.js';
import { ReconnectRecord } from './reconnect-record.js';
import { TopicAudience } from './topic-audience.js';

/** More publishes or seconds than this are thinned out: every second one, every third, ... */
const MAX_PUBLISH_ROWS = 5000;
const MAX_SECOND_ROWS = 3600;
/** Two processes' readings of one clock differ by less than this; a latency below it is a fault of the clock. */
const CLOCK_ERROR_US = 50;

/** Deliveries that are noted before they are put down: 6 KiB, well inside a core's first cache. */
const NOTES = 256;
/** A note: index of the message in its phase, instant of delivery, instant of the wake-up. */
const NOTE = 3;

/** The phases that publish. */
export type PublishingPhase = 'warmup' | 'measure';

export interface RecorderPlan {
  readonly clients: number;
  readonly payloadBytes: number;
  readonly warmup: ScheduleSpec;
  readonly measure: ScheduleSpec;
  /** Longest time the drain may take, milliseconds. */
  readonly drainMs: number;
  /** Every client takes part in every phase, whether it has connected or not. */
  readonly countsAbsent?: boolean;
  /** Where the window's stretches end when the server is restarted in it, milliseconds. */
  readonly restartStretches?: readonly number[];
  /** The number of the first of these clients among all of the trial, which their topics follow from; 0 when left out. */
  readonly firstClient?: number;
}

/**
 * Everything a shard's clients tell, put down as it happens: add while the trial runs, then read once.
 *
 * On the path of each delivery there are two clock readings at most, one place of a table and one note, and no allocation;
 * histograms and tables are filled from the notes, 256 at a time.
 */
export class Recorder implements ClientEvents {
  protected readonly latencies = new DurationHistogram();
  private readonly ownShares = new DurationHistogram();
  readonly connectLatency = new DurationHistogram();
  private readonly publishRows: DistributionTable;
  private readonly shareRows: DistributionTable;
  readonly publishEvery: number;
  protected readonly secondRows: DistributionTable;
  readonly secondEvery: number;
  readonly failures: Record<string, number> = {};
  /** Null unless the server is restarted in the window. */
  readonly reconnects: ReconnectRecord | null;

  /** Fresh deliveries so far, whatever the phase: for the live display. */
  deliveries = 0;
  duplicated = 0;
  reordered = 0;
  unexpected = 0;
  private early = 0;
  connectedNow = 0;
  /** Reads from sockets, since the window opened. */
  reads = 0;
  /** TCP connections begun since the window opened. */
  connections = 0;
  requests = { total: 0, empty: 0, withNews: 0, postponed: 0 };
  hit = { count: 0, up: 0, down: 0 };
  empty = { count: 0, up: 0, down: 0 };

  private readonly warmupCount: number;
  private readonly measureCount: number;
  private readonly instants: Float64Array;
  /** Who is to hear which message. */
  private readonly topics: Readonly<Record<PublishingPhase, TopicAudience>>;
  private readonly deliveredOf: Uint32Array;
  private readonly windows: DeliveryWindow;
  private readonly everConnected: Uint8Array;
  private participants = 0;
  private present = 0;

  private readonly notes = new Float64Array(NOTES * NOTE);
  private noted = 0;

  protected phase: PublishingPhase | null = null;
  protected startMs = 0;
  protected lastDeliveryAt = 0;
  private outstanding = 0;
  private published = 0;
  private awake = false;
  protected wokeAt = 0;
  private firstOpenAt = 0;
  private lastOpenAt = 0;
  private everCount = 0;
  private readonly sleep = (): void => {
    this.awake = false;
  };

  /** Called when every message of the phase has reached every participant. */
  onDrained: (phase: PublishingPhase) => void = () => {};
  /** Called when every client has been connected once. */
  onAllConnected: () => void = () => {};

  constructor(private readonly plan: RecorderPlan) {
    const warmup = intendedInstants(plan.warmup);
    const measure = intendedInstants(plan.measure);
    this.warmupCount = warmup.length;
    this.measureCount = measure.length;
    this.instants = measure;
    const { firstClient = 0 } = plan;
    this.topics = {
      warmup: new TopicAudience(plan.warmup, firstClient),
      measure: new TopicAudience(plan.measure, firstClient),
    };
    this.deliveredOf = new Uint32Array(measure.length);
    this.windows = new DeliveryWindow(plan.clients);
    this.everConnected = new Uint8Array(plan.clients);
    this.publishEvery = Math.max(1, Math.ceil(measure.length / MAX_PUBLISH_ROWS));
    this.publishRows = new DistributionTable(Math.ceil(measure.length / this.publishEvery));
    this.shareRows = new DistributionTable(this.publishRows.rows);
    const seconds = Math.ceil(plan.measure.durationSeconds + plan.drainMs / 1000) + 1;
    this.secondEvery = secondResolution(seconds);
    this.reconnects = plan.restartStretches
      ? new ReconnectRecord(plan.clients, seconds * 1000, plan.restartStretches)
      : null;
    this.secondRows = new DistributionTable(Math.ceil(seconds / this.secondEvery));
  }

  /** The last sequence number of a phase, once `count` of its messages were published. */
  lastSequence(phase: PublishingPhase, count: number): number {
    return this.before(phase) + count;
  }

  /** The same for each client: the last one of its topic, 0 when it has none. */
  lastSequences(phase: PublishingPhase, count: number): (client: number) => number {
    return this.topics[phase].lastSequences(this.before(phase), count);
  }

  /** Messages before those of a phase. */
  private before(phase: PublishingPhase): number {
    return phase === 'warmup' ? 0 : this.warmupCount;
  }

  /** Messages of a phase. */
  scheduled(phase: PublishingPhase): number {
    return phase === 'warmup' ? this.warmupCount : this.measureCount;
  }

  /** A phase begins; its instants count from `startMs` on this process's clock. Participants are those that have been connected by now. */
  begin(phase: PublishingPhase, startMs: number): void {
    this.work();
    this.phase = phase;
    this.startMs = startMs;
    for (let client = 0; client < this.plan.clients; client++)
      if (this.plan.countsAbsent || this.everConnected[client] === 1) this.windows.admit(client);
    this.present = this.everCount;
    this.participants = this.plan.countsAbsent ? this.plan.clients : this.everCount;
    this.published = phase === 'warmup' ? this.warmupCount : this.measureCount;
    this.topics[phase].admit(this.participants, this.plan.clients, (client) =>
      this.windows.takesPart(client),
    );
    this.outstanding = this.topics[phase].expected(0, this.published);
    if (phase === 'measure') {
      this.reconnects?.begin(startMs);
      this.requests = { total: 0, empty: 0, withNews: 0, postponed: 0 };
      this.hit = { count: 0, up: 0, down: 0 };
      this.empty = { count: 0, up: 0, down: 0 };
      this.duplicated = 0;
      this.reordered = 0;
      this.reads = 0;
      this.connections = 0;
    }
  }

  /** Only `count` messages of the phase were published, and no more will be. */
  end(count: number): void {
    if (this.phase !== null) this.outstanding -= this.topics[this.phase].expected(count, this.published);
    this.published = count;
    this.checkDrained();
  }

  /** The phase is over. @returns how many deliveries are missing */
  finish(): number {
    this.phase = null;
    return this.outstanding;
  }

  /** What is missing enters the latency histogram as it stands at the deadline (performance.now() scale). @returns how many */
  censor(deadlineMs: number): number {
    this.work();
    let censored = 0;
    for (let k = 0; k < this.published; k++) {
      const missing = this.topics.measure.of(k) - this.deliveredOf[k]!;
      if (missing <= 0) continue;
      this.latencies.recordMany(Math.max(0, (deadlineMs - this.startMs - this.instants[k]!) * 1000), missing);
      censored += missing;
    }
    return censored;
  }

  /** Deliveries of each publish that has a row. */
  deliveredRows(): number[] {
    this.work();
    const rows: number[] = [];
    for (let k = 0; k < this.published; k += this.publishEvery) rows.push(this.deliveredOf[k]!);
    return rows;
  }

  /** Clients that had been connected when the phase began. */
  get presentClients(): number {
    return this.present;
  }

  get expectedClients(): number {
    return this.participants;
  }

  /** Deliveries that the window's messages, as far as they were published, should make. */
  get expectedDeliveries(): number {
    return this.topics.measure.expected(0, this.published);
  }

  /** Deliveries of the phase that have not been made. */
  protected get missing(): number {
    return this.outstanding;
  }

  /** Deliveries of the window so far; read it before `censor`. */
  get windowDeliveries(): number {
    return this.latency.count;
  }

  get latency(): DurationHistogram {
    this.work();
    return this.latencies;
  }

  get share(): DurationHistogram {
    this.work();
    return this.ownShares;
  }

  get publishes(): DistributionTable {
    this.work();
    return this.publishRows;
  }

  /** The generator's own share, a row a publish. */
  get shares(): DistributionTable {
    this.work();
    return this.shareRows;
  }

  get seconds(): DistributionTable {
    this.work();
    return this.secondRows;
  }

  /** Deliveries before their intended instant, by more than two clocks' error. */
  get backwards(): number {
    this.work();
    return this.early;
  }

  get everConnectedCount(): number {
    return this.everCount;
  }

  /** From the window's start to its last delivery; 0 without one. */
  get lastDeliveryMs(): number {
    return this.lastDeliveryAt === 0 ? 0 : this.lastDeliveryAt - this.startMs;
  }

  connectReport(): ConnectReport {
    return {
      connected: this.everCount,
      seconds: this.everCount === 0 ? 0 : (this.lastOpenAt - this.firstOpenAt) / 1000,
      latency: this.connectLatency.encode(),
      failures: this.failures,
    };
  }

  // What clients tell:

  woke(): void {
    this.reads++;
    this.stirred();
  }

  /** The process woke up, for whomever: what it reads in this turn has waited since now. */
  stirred(): void {
    if (this.awake) return;
    this.awake = true;
    this.wokeAt = performance.now();
    // Runs at the end of this turn of the loop: what is read until then was in the kernel by the wake-up.
    setImmediate(this.sleep);
  }

  dialled(): void {
    this.connections++;
  }

  delivered(client: number, sequence: number, bytes: number): void {
    const now = performance.now();
    const k = sequence - this.warmupCount - 1;
    const isOurs =
      sequence >= 1 &&
      k < this.measureCount &&
      bytes === this.plan.payloadBytes &&
      (k >= 0 ? this.topics.measure.hears(client, k) : this.topics.warmup.hears(client, sequence - 1));
    if (!isOurs) {
      this.unexpected++;
      this.failed(client, 'payload');
      return;
    }
    const seen = this.windows.see(client, sequence);
    if (!this.windows.takesPart(client)) return;
    if (seen !== DUPLICATE) this.deliveries++;
    // A straggler of the warm-up is not the window's, nor is anything after its deadline.
    if (this.phase !== (k >= 0 ? 'measure' : 'warmup')) return;
    if (seen === DUPLICATE) {
      this.duplicated++;
      if (k >= 0) this.reconnects?.duplicated(this.instants[k]!);
      return;
    }
    if (seen === REORDERED) this.reordered++;
    if (k >= 0) {
      this.measured(k, now);
      if (this.reconnects !== null) this.reconnects.delivered(client, this.instants[k]!);
    }
    if (--this.outstanding === 0) this.checkDrained();
  }

  /**
   * Notes a delivery's instants; what follows from them is worked out for many at once. Between two reads of a socket the
   * kernel fills the caches, so histograms and tables touched at each delivery would be fetched anew each time.
   */
  private measured(k: number, now: number): void {
    this.lastDeliveryAt = now;
    const at = this.noted * NOTE;
    this.notes[at] = k;
    this.notes[at + 1] = now;
    this.notes[at + 2] = this.wokeAt;
    if (++this.noted === NOTES) this.work();
  }

  /** Puts what was noted into histograms and tables. */
  private work(): void {
    for (let note = 0; note < this.noted; note++) {
      const at = note * NOTE;
      this.putDown(this.notes[at]!, this.notes[at + 1]!, this.notes[at + 2]!);
    }
    this.noted = 0;
  }

  private putDown(k: number, now: number, wokeAt: number): void {
    const sinceStart = now - this.startMs;
    let latencyUs = (sinceStart - this.instants[k]!) * 1000;
    if (latencyUs < 0) {
      if (latencyUs < -CLOCK_ERROR_US) this.early++;
      latencyUs = 0;
    }
    const shareUs = this.timed(latencyUs, now, wokeAt);
    this.deliveredOf[k]!++;
    if (k % this.publishEvery === 0) {
      this.publishRows.record(k / this.publishEvery, latencyUs);
      this.shareRows.record(k / this.publishEvery, shareUs);
    }
    this.secondRows.record(this.secondRow(now), latencyUs);
  }

  /** Records a latency of the window. @returns the generator's own share of it, microseconds */
  protected timed(latencyUs: number, now: number, wokeAt: number): number {
    this.latencies.record(latencyUs);
    // A message that came while this turn was reading others waited no longer than its whole latency.
    const shareUs = Math.min((now - wokeAt) * 1000, latencyUs);
    this.ownShares.record(shareUs);
    return shareUs;
  }

  /** The row of the timeline that an instant of the window belongs to. */
  protected secondRow(now: number): number {
    const row = Math.floor((now - this.startMs) / 1000 / this.secondEvery);
    return row < 0 ? 0 : row < this.secondRows.rows ? row : this.secondRows.rows - 1;
  }

  private checkDrained(): void {
    if (this.outstanding === 0 && this.phase !== null) this.onDrained(this.phase);
  }

  connected(client: number, connectMs: number): void {
    const now = performance.now();
    this.connectedNow++;
    if (this.everConnected[client] === 1) {
      this.reconnects?.returned(client, now);
      return;
    }
    this.everConnected[client] = 1;
    this.everCount++;
    this.connectLatency.record(connectMs * 1000);
    if (this.firstOpenAt === 0) this.firstOpenAt = now - connectMs;
    this.lastOpenAt = now;
    if (this.everCount === this.plan.clients) this.onAllConnected();
  }

  disconnected(client: number): void {
    this.connectedNow--;
    this.reconnects?.lost(client, performance.now());
  }

  failed(_client: number, kind: FailureKind): void {
    this.failures[kind] = (this.failures[kind] ?? 0) + 1;
    this.reconnects?.failed(performance.now());
  }

  answered(messages: number, up: number, down: number): void {
    this.requests.total++;
    if (messages === 0) {
      this.requests.empty++;
      addExchange(this.empty, up, down);
      return;
    }
    this.requests.withNews++;
    if (messages === 1) addExchange(this.hit, up, down);
  }

  posted(): void {
    this.requests.total++;
  }

  postponed(): void {
    this.requests.postponed++;
  }
}

function addExchange(sum: { -readonly [K in keyof ExchangeSum]: number }, up: number, down: number): void {
  sum.count++;
  sum.up += up;
  sum.down += down;
}

/** Seconds of a timeline row: the least power of two that keeps the timeline within its limit. */
export function secondResolution(seconds: number): number {
  let every = 1;
  while (seconds / every > MAX_SECOND_ROWS) every *= 2;
  return every;
}
