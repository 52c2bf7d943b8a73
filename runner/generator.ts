import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { toLocalMs } from '../protocol/clock.js';
import { createRandom, type Random } from '../protocol/random.js';
import { messageCount } from '../protocol/schedule.js';
import type { ClientContext, Scenario, Target, VirtualClient } from '../scenarios/contract.js';
import { addLedgers, Ledger, type LedgerTotals } from '../scenarios/ledger.js';
import { TimerWheel } from '../scenarios/timer-wheel.js';
import { cookieLine } from '../scenarios/wire/cookie.js';
import { Metronome } from '../servers/metronome.js';
import { Speaker } from './echo/speaker.js';
import { BusySamples } from './measure/busy-samples.js';
import { CountingRecorder } from './measure/counting-recorder.js';
import { drainLimitMs } from './measure/drain.js';
import { ForeignRecorder } from './measure/foreign-recorder.js';
import { HoldWatch } from './measure/hold-watch.js';
import { NoLedger } from './measure/no-ledger.js';
import { Recorder } from './measure/recorder.js';
import { residentBytes } from './measure/resident.js';
import { DEFAULT_PATIENCE, type Patience } from './patience.js';
import type { ShardCommand, ShardPlan, ShardReport, ShardResult } from './shard-protocol.js';
import { SideCrowd } from './side-crowd/side-crowd.js';

const READ_BUFFER_BYTES = 64 * 1024;
/** Connections under way at once; well below the servers' backlog. */
const MAX_CONNECTING = 512;
const RECONNECT_MS = 500;
const TICK_MS = 250;

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
  private readonly patience: Patience;
  private readonly holds = new HoldWatch();
  private readonly busy = new BusySamples();
  private opening: Snapshot | null = null;
  private openingLoop: EventLoopUtilization | undefined;
  private ticker: NodeJS.Timeout | null = null;
  private announced = false;
  private side: SideCrowd | null = null;
  private isSideReady = false;
  /** Null unless it is the clients who speak. */
  private speaker: Speaker | null = null;

  constructor(
    private readonly plan: ShardPlan,
    private readonly scenario: Scenario,
    private readonly report: (report: ShardReport) => void,
  ) {
    this.patience = plan.patience ?? DEFAULT_PATIENCE;
    const total = plan.targets.reduce((sum, { clients }) => sum + clients, 0);
    this.wheel = new TimerWheel(total, (client) => this.clients[client]!.timer());
    // Everything else is the same: what the instruments cost is the difference.
    const counts = plan.instruments === 'count';
    this.ledger = counts ? new NoLedger() : new Ledger();
    const recorderPlan = {
      clients: total,
      payloadBytes: plan.payloadBytes,
      warmup: plan.warmup,
      measure: plan.measure,
      drainMs: drainLimitMs(scenario, plan.pollIntervalMs) + this.patience.extraDrainMs,
      countsAbsent: this.patience.countsAbsent,
      firstClient: plan.firstClient,
      ...(plan.restartStretches ? { restartStretches: plan.restartStretches } : {}),
    };
    if (plan.foreign) this.recorder = new ForeignRecorder(recorderPlan, plan.foreign.self);
    else this.recorder = new (counts ? CountingRecorder : Recorder)(recorderPlan);
    this.total = total;
    this.recorder.onDrained = (phase) => this.report({ type: 'drained', phase });
    this.recorder.onAllConnected = () => this.announceOnceAll();
  }

  /** Makes ready what takes time; before the first command. */
  async prepare(): Promise<void> {
    const { plan, total } = this;
    if (!plan.clientsSpeak) return;
    this.speaker = new Speaker(await Metronome.start(), {
      firstClient: plan.firstClient,
      clients: total,
      payloadBytes: plan.payloadBytes,
      content: plan.content ?? 'text',
      say: (client, payload) => this.clients[client]?.say(payload),
    });
    this.speaker.prepare({ schedule: plan.warmup, before: 0 });
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
        // What was held connects and asks at once, and counts: the phase must have begun.
        this.recorder.begin(command.phase, toLocalMs(BigInt(command.startNs)));
        this.wheel.release();
        if (command.phase === 'measure') this.side?.begin(toLocalMs(BigInt(command.startNs)));
        this.speak(command.phase, toLocalMs(BigInt(command.startNs)));
        break;
      case 'halt':
        this.speaker?.halt(command.after);
        break;
      case 'published': {
        const last = this.recorder.lastSequences(command.phase, command.count);
        this.clients.forEach((client, index) => {
          client.settle(last(index));
        });
        if (command.phase === 'measure')
          this.side?.end(this.recorder.lastSequence(command.phase, command.count));
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
    this.side?.stop();
  }

  /** The clients say what the schedule has for them, where it is they who speak. */
  private speak(phase: 'warmup' | 'measure', startMs: number): void {
    const { speaker, plan } = this;
    if (speaker === null) return;
    if (phase === 'measure') speaker.prepare({ schedule: plan.measure, before: messageCount(plan.warmup) });
    speaker.begin(startMs, (spoken) => this.report({ type: 'spoken', phase, ...spoken }));
  }

  private connect(): void {
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    const opening = this.openNext();
    this.side = this.sideCrowd();
    const ready = (): void => {
      this.isSideReady = true;
      this.announceOnceAll();
    };
    if (this.side === null) ready();
    else this.side.connect(ready);
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
      if (now - startedMs > rampMs + this.patience.connectGraceMs) this.announce();
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
      const context = this.contextOf(target, random, readBuffer);
      for (let n = 0; n < clients; n++) {
        const client = this.scenario.createClient(context, this.clients.length);
        this.clients.push(client);
        client.open();
        yield;
      }
    }
  }

  private contextOf(target: Target, random: Random, readBuffer: Buffer): ClientContext {
    const { plan } = this;
    return {
      target: { ...target, cookie: cookieLine(plan.cookieBytes ?? 0) },
      events: this.recorder,
      ledger: this.ledger,
      wheel: this.wheel,
      random,
      readBuffer,
      pollIntervalMs: plan.pollIntervalMs,
      headers: plan.headers,
      ...(plan.subprotocols ? { subprotocols: plan.subprotocols } : {}),
      content: plan.content ?? 'text',
      ...(plan.measure.topics === undefined
        ? {}
        : { topics: { count: plan.measure.topics, firstClient: plan.firstClient } }),
      firstClient: plan.firstClient,
      payloadBytes: plan.payloadBytes,
      reconnectMs: RECONNECT_MS,
      connectTimeoutMs: this.patience.connectTimeoutMs,
    };
  }

  /** People beside the clients: of their context they take what describes the transport and the target. */
  private sideCrowd(): SideCrowd | null {
    const { plan, scenario, recorder } = this;
    if (plan.side === undefined) return null;
    return new SideCrowd({
      plan: plan.side,
      scenario,
      contextOf: (target, random, readBuffer) => this.contextOf(target, random, readBuffer),
      seed: plan.seed,
      connectPerSecond: plan.connectPerSecond,
      recorder: {
        payloadBytes: plan.payloadBytes,
        warmup: plan.warmup,
        measure: plan.measure,
        rows: Math.ceil(plan.measure.durationSeconds / recorder.secondEvery),
        rowMs: recorder.secondEvery * 1000,
        onWake: () => recorder.stirred(),
      },
    });
  }

  private announceOnceAll(): void {
    if (this.recorder.everConnectedCount === this.total && this.isSideReady) this.announce();
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
      connectedAtOpening: recorder.presentClients,
      ...(this.patience.countsAbsent ? { participants: recorder.expectedClients } : {}),
      expected: recorder.expectedDeliveries,
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
      connections: recorder.connections,
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
      ...(recorder instanceof ForeignRecorder ? { target: recorder.targetResult() } : {}),
      ...(recorder.reconnects ? { reconnects: recorder.reconnects.encode() } : {}),
      ...(this.side === null ? {} : { side: this.side.finish() }),
    };
    this.report({ type: 'result', result });
  }
}
