import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { toLocalMs } from '../protocol/clock.js';
import { createRandom } from '../protocol/random.js';
import type { ClientContext, Scenario, VirtualClient } from '../scenarios/contract.js';
import { addLedgers, Ledger, type LedgerTotals } from '../scenarios/ledger.js';
import { TimerWheel } from '../scenarios/timer-wheel.js';
import { BusySamples } from './measure/busy-samples.js';
import { CountingRecorder } from './measure/counting-recorder.js';
import { drainLimitMs } from './measure/drain.js';
import { HoldWatch } from './measure/hold-watch.js';
import { NoLedger } from './measure/no-ledger.js';
import { Recorder } from './measure/recorder.js';
import { residentBytes } from './measure/resident.js';
import type { ShardCommand, ShardPlan, ShardReport, ShardResult } from './shard-protocol.js';

const READ_BUFFER_BYTES = 64 * 1024;
/** Connections under way at once; well below the servers' backlog. */
const MAX_CONNECTING = 512;
const RECONNECT_MS = 500;
const TICK_MS = 250;
/** Clients that are not connected this long after the ramp should have ended are left behind. */
const CONNECT_GRACE_MS = 15_000;

interface Snapshot {
  readonly ledger: LedgerTotals;
  readonly up: number;
  readonly down: number;
  readonly cpuMicros: number;
  readonly atMs: number;
}

/** A shard: one process's share of a trial's clients. Commands in, reports out; it knows nothing of how they travel. */
export class Generator {
  private readonly recorder: Recorder;
  private readonly ledger: Ledger;
  private readonly wheel: TimerWheel;
  /** Made as they are opened: what a client takes is part of its cost, not of the shard's baseline. */
  private readonly clients: VirtualClient[] = [];
  private readonly total: number;
  private readonly holds = new HoldWatch();
  private readonly busy = new BusySamples();
  private opening: Snapshot | null = null;
  private openingLoop: EventLoopUtilization | undefined;
  private ticker: NodeJS.Timeout | null = null;
  private announced = false;

  constructor(
    private readonly plan: ShardPlan,
    private readonly scenario: Scenario,
    private readonly report: (report: ShardReport) => void,
  ) {
    const total = plan.targets.reduce((sum, { clients }) => sum + clients, 0);
    this.wheel = new TimerWheel(total, (client) => this.clients[client]!.timer());
    // Everything else is the same: what the instruments cost is the difference.
    const counts = plan.instruments === 'count';
    this.ledger = counts ? new NoLedger() : new Ledger();
    this.recorder = new (counts ? CountingRecorder : Recorder)({
      clients: total,
      payloadBytes: plan.payloadBytes,
      warmup: plan.warmup,
      measure: plan.measure,
      drainMs: drainLimitMs(scenario, plan.pollIntervalMs),
    });
    this.total = total;
    this.recorder.onDrained = (phase) => this.report({ type: 'drained', phase });
    this.recorder.onAllConnected = () => this.announce();
  }

  /** Obeys one command; `plan` and `abort` are its owner's. */
  obey(command: Exclude<ShardCommand, { type: 'plan' | 'abort' }>): void {
    switch (command.type) {
      case 'connect':
        this.connect();
        break;
      case 'sample':
        this.report({ type: 'sample', id: command.id, rssBytes: residentBytes() });
        break;
      case 'hold': {
        this.wheel.hold();
        const { ledger, up, down } = this.snapshot();
        this.report({ type: 'held', id: command.id, ledger, sockets: { up, down } });
        break;
      }
      case 'start':
        if (command.phase === 'measure') this.openWindow();
        this.wheel.release();
        this.recorder.begin(command.phase, toLocalMs(BigInt(command.startNs)));
        break;
      case 'published': {
        const last = this.recorder.lastSequence(command.phase, command.count);
        for (const client of this.clients) client.settle(last);
        this.recorder.end(command.count);
        break;
      }
      case 'finish':
        if (command.phase === 'measure') this.closeWindow();
        else this.report({ type: 'finished', phase: 'warmup', missing: this.recorder.finish() });
        break;
    }
  }

  /** Drops every connection and stops every timer. */
  stop(): void {
    if (this.ticker !== null) clearInterval(this.ticker);
    this.wheel.stop();
    this.holds.stop();
    for (const client of this.clients) client.close();
  }

  private connect(): void {
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    const opening = this.openNext();
    const startedMs = performance.now();
    const rampMs = (this.total / this.plan.connectPerSecond) * 1000;
    const step = (): void => {
      const now = performance.now();
      const due = Math.min(
        this.total,
        1 + Math.floor(((now - startedMs) / 1000) * this.plan.connectPerSecond),
      );
      while (
        this.clients.length < due &&
        this.clients.length - this.recorder.everConnectedCount < MAX_CONNECTING
      )
        opening.next();
      if (this.announced) return;
      if (now - startedMs > rampMs + CONNECT_GRACE_MS) this.announce();
      else setTimeout(step, 1);
    };
    step();
  }

  /** Makes and opens one client at each step, those of the first target first. */
  private *openNext(): IterableIterator<void> {
    const { plan } = this;
    const random = createRandom(plan.seed, `clients/${plan.shard}`);
    const readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    for (const { target, clients } of plan.targets) {
      const context: ClientContext = {
        target,
        events: this.recorder,
        ledger: this.ledger,
        wheel: this.wheel,
        random,
        readBuffer,
        pollIntervalMs: plan.pollIntervalMs,
        headers: plan.headers,
        reconnectMs: RECONNECT_MS,
      };
      for (let n = 0; n < clients; n++) {
        const client = this.scenario.createClient(context, this.clients.length);
        this.clients.push(client);
        client.open();
        yield;
      }
    }
  }

  private announce(): void {
    if (this.announced) return;
    this.announced = true;
    this.report({ type: 'connected', connect: this.recorder.connectReport() });
  }

  private tick(): void {
    const { connectedNow, deliveries, latency } = this.recorder;
    if (this.opening !== null) this.busy.sample();
    this.report({
      type: 'tick',
      tick: { connected: connectedNow, delivered: deliveries, p99Us: latency.percentile(99) },
    });
  }

  private snapshot(): Snapshot {
    const { user, system } = process.cpuUsage();
    let up = 0;
    let down = 0;
    for (const client of this.clients) {
      up += client.bytesWritten;
      down += client.bytesRead;
    }
    return { ledger: this.ledger.snapshot(), up, down, cpuMicros: user + system, atMs: performance.now() };
  }

  private openWindow(): void {
    for (const client of this.clients) client.resume();
    if (this.plan.instruments !== 'count') this.holds.start();
    this.busy.start();
    this.openingLoop = performance.eventLoopUtilization();
    this.opening = this.snapshot();
  }

  private closeWindow(): void {
    const recorder = this.recorder;
    const opening = this.opening!;
    const closing = this.snapshot();
    const holds = this.holds.stop();
    this.busy.sample();
    const lost = recorder.finish();
    const delivered = recorder.windowDeliveries;
    recorder.censor(closing.atMs);
    const result: ShardResult = {
      clients: this.total,
      connectedAtOpening: recorder.expectedClients,
      delivered,
      duplicated: recorder.duplicated,
      reordered: recorder.reordered,
      lost,
      unexpected: recorder.unexpected,
      backwards: recorder.backwards,
      lastDeliveryMs: recorder.lastDeliveryMs,
      latency: recorder.latency.encode(),
      share: recorder.share.encode(),
      publishes: {
        every: recorder.publishEvery,
        delivered: recorder.deliveredRows(),
        table: recorder.publishes.encode(),
        shares: recorder.shares.encode(),
      },
      seconds: { every: recorder.secondEvery, table: recorder.seconds.encode() },
      requests: recorder.requests,
      reads: recorder.reads,
      exchange: { hit: recorder.hit, empty: recorder.empty },
      failures: recorder.failures,
      window: addLedgers(closing.ledger, opening.ledger, -1),
      before: opening.ledger,
      sockets: { up: closing.up - opening.up, down: closing.down - opening.down },
      cpuMicros: closing.cpuMicros - opening.cpuMicros,
      wallMs: closing.atMs - opening.atMs,
      loopDelayP99Us: this.holds.lateP99Us,
      loopUtilization: performance.eventLoopUtilization(this.openingLoop).utilization,
      busiestCores: this.busy.highest,
      holds,
      rssBytes: process.memoryUsage.rss(),
    };
    this.report({ type: 'result', result });
  }
}
