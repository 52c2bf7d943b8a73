import { createRandom, type Random } from '../../protocol/random.js';
import type { ClientContext, Scenario, Target, VirtualClient } from '../../scenarios/contract.js';
import { Ledger } from '../../scenarios/ledger.js';
import { TimerWheel } from '../../scenarios/timer-wheel.js';
import { ReadThrottle } from '../../scenarios/wire/read-throttle.js';
import type { SidePlan, SideResult } from './contract.js';
import { SideRecorder, type SideRecorderPlan } from './side-recorder.js';
import { type Visits, visitsOf } from './visits.js';

/** A message that comes this long after it was due, or that long and a poll interval, is late. */
export const LATE_MS = 1000;
const READ_BUFFER_BYTES = 64 * 1024;

/** What a side crowd shares with its shard, and what is its own. */
export interface SideSetting {
  readonly plan: SidePlan;
  readonly scenario: Scenario;
  /** What clients of the shard share, for one server; events, ledger and wheel are then replaced. */
  readonly contextOf: (target: Target, random: Random, readBuffer: Buffer) => ClientContext;
  readonly seed: number;
  readonly recorder: Pick<
    SideRecorderPlan,
    'payloadBytes' | 'warmup' | 'measure' | 'rows' | 'rowMs' | 'onWake'
  >;
  /** Clients opened a second of those that are there from the start. */
  readonly connectPerSecond: number;
}

/**
 * Virtual clients beside the main crowd of a shard, with a ledger, a wheel and a recorder of their own: what they do
 * shows in the main crowd's numbers only as far as the server and this process have work with them.
 */
export class SideCrowd {
  readonly recorder: SideRecorder;
  private readonly ledger = new Ledger();
  private readonly wheel: TimerWheel;
  private readonly throttle: ReadThrottle | null;
  private readonly contexts: readonly ClientContext[];
  private readonly visits: Visits;
  /** Places, by time of leaving. */
  private readonly leaving: readonly number[];
  private readonly clients: (VirtualClient | null)[];
  /** Bytes of the sockets of those who have left. */
  private pastUp = 0;
  private pastDown = 0;
  private arrived = 0;
  private gone = 0;
  private row = 0;
  private startMs = 0;
  private connectedAtOpening = 0;
  private takesNobody = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly setting: SideSetting) {
    const { plan, scenario } = setting;
    this.visits = visitsOf(plan, setting.recorder.measure.durationSeconds);
    const { capacity, leavesMs } = this.visits;
    this.leaving = Array.from(leavesMs.keys()).sort((a, b) => leavesMs[a]! - leavesMs[b]!);
    this.clients = Array.from({ length: capacity }, () => null);
    this.wheel = new TimerWheel(capacity, (place) => this.clients[place]?.timer());
    const isSlow = plan.kind === 'slow readers';
    this.throttle = isSlow ? new ReadThrottle(plan.everyMs) : null;
    const readBuffer = Buffer.allocUnsafeSlow(isSlow ? plan.readBytes : READ_BUFFER_BYTES);
    const random = createRandom(setting.seed, `side crowd/${plan.part}`);
    const contexts = plan.targets.map((target) => setting.contextOf(target, random, readBuffer));
    const intervalMs = scenario.waitsForInterval ? contexts[0]!.pollIntervalMs : 0;
    this.recorder = new SideRecorder({
      ...setting.recorder,
      capacity,
      asks: scenario.asks,
      lateUs: (LATE_MS + intervalMs) * 1000,
    });
    this.contexts = contexts.map((context) => ({
      ...context,
      events: this.recorder,
      ledger: this.ledger,
      wheel: this.wheel,
      // To the server they are people of their own: with the number of a client one of the two might be sent away.
      firstClient: plan.firstClient,
      ...(this.throttle === null ? { startsNow: true as const } : { throttle: this.throttle }),
    }));
  }

  /** Opens those who are there before the window, paced; the others come in it. @param onReady once they are connected */
  connect(onReady: () => void): void {
    if (this.throttle === null) {
      onReady();
      return;
    }
    const startedMs = performance.now();
    const total = this.visits.arrivesMs.length;
    const step = (): void => {
      const due = Math.floor(((performance.now() - startedMs) / 1000) * this.setting.connectPerSecond) + 1;
      while (this.arrived < Math.min(due, total)) this.arrive();
      if (this.takesNobody) return;
      if (this.recorder.connects >= total) onReady();
      else this.timer = setTimeout(step, 1);
    };
    step();
  }

  /** The window opens at `startMs` on this process's clock. */
  begin(startMs: number): void {
    this.startMs = startMs;
    this.connectedAtOpening = this.recorder.present;
    this.recorder.begin(startMs);
    for (const client of this.clients) client?.resume();
    if (this.timer !== null) clearTimeout(this.timer);
    this.step();
  }

  /** Nothing more is published: nobody comes any more, and whoever was never let in gives up. */
  end(lastSequence: number): void {
    this.endRows();
    // The runner's timer may be a fraction of a millisecond early, and an interrupt comes when it likes: the row under
    // way ends with those who are there, before those leave who were never let in.
    if (this.row * this.setting.recorder.rowMs <= performance.now() - this.startMs)
      this.recorder.endRow(this.row++);
    this.takesNobody = true;
    for (const place of this.clients.keys()) {
      if (this.clients[place] == null) continue;
      if (this.recorder.isOutside(place)) this.leave(place, true);
      else this.clients[place].settle(lastSequence);
    }
  }

  /** Everybody leaves, and what they did is said. */
  finish(): SideResult {
    this.endRows();
    this.stop();
    const { recorder } = this;
    return {
      kind: this.setting.plan.kind,
      clients: this.arrived,
      connectedAtOpening: this.connectedAtOpening,
      dials: recorder.dials,
      connects: recorder.connects,
      connectTimes: recorder.connectTimes.encode(),
      latencies: recorder.latencies.encode(),
      deliveries: recorder.deliveries,
      lateDeliveries: recorder.lateDeliveries,
      duplicated: recorder.duplicated,
      unexpected: recorder.unexpected,
      missed: recorder.missed,
      everIn: recorder.everIn,
      failures: recorder.failures,
      ledger: this.ledger.snapshot(),
      sockets: { up: this.pastUp, down: this.pastDown },
      rowMs: this.setting.recorder.rowMs,
      rows: Array.from(recorder.rows),
    };
  }

  /** Drops every connection and stops every timer. */
  stop(): void {
    this.takesNobody = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.throttle?.stop();
    for (let place = 0; place < this.clients.length; place++) this.leave(place);
    this.wheel.stop();
  }

  /** Does what has come due, and sleeps until the next arrival, departure or end of a row. */
  private readonly step = (): void => {
    const { arrivesMs, leavesMs, places } = this.visits;
    const now = performance.now() - this.startMs;
    for (;;) {
      const next = this.takesNobody
        ? Number.POSITIVE_INFINITY
        : (arrivesMs[this.arrived] ?? Number.POSITIVE_INFINITY);
      const leaver = this.leaving[this.gone];
      const leaves = leaver === undefined ? Number.POSITIVE_INFINITY : leavesMs[leaver]!;
      const rowEnds =
        this.row < this.setting.recorder.rows ? this.rowEndMs(this.row) : Number.POSITIVE_INFINITY;
      const first = Math.min(next, leaves, rowEnds);
      if (first > now) {
        this.timer =
          first === Number.POSITIVE_INFINITY ? null : setTimeout(this.step, Math.max(1, first - now));
        return;
      }
      if (first === rowEnds) this.recorder.endRow(this.row++);
      else if (first === leaves) {
        // Whoever never came, because the run was interrupted, cannot leave.
        if (leaver! < this.arrived) this.leave(places[leaver!]!);
        this.gone++;
      } else this.arrive();
    }
  };

  private rowEndMs(row: number): number {
    const { rowMs, measure } = this.setting.recorder;
    return Math.min((row + 1) * rowMs, measure.durationSeconds * 1000);
  }

  private endRows(): void {
    const now = performance.now() - this.startMs;
    while (this.row < this.setting.recorder.rows && this.rowEndMs(this.row) <= now)
      this.recorder.endRow(this.row++);
  }

  private arrive(): void {
    const visitor = this.arrived++;
    const place = this.visits.places[visitor]!;
    const context = this.contexts[visitor % this.contexts.length]!;
    this.recorder.arrived(place, performance.now());
    const client = this.setting.scenario.createClient(context, place);
    this.clients[place] = client;
    client.open();
  }

  private leave(place: number, givesUp = false): void {
    const client = this.clients[place];
    if (client == null) return;
    this.clients[place] = null;
    client.leave();
    this.pastUp += client.bytesWritten;
    this.pastDown += client.bytesRead;
    this.recorder.left(place, givesUp);
  }
}
