import { fromLocalMs } from '../protocol/clock.js';
import { intendedInstants, messageCount, type ScheduleSpec } from '../protocol/schedule.js';
import type { Measurements, Reason, Trial } from '../reports/result.js';
import type { HostSample } from '../servers/contract.js';
import { ChildDied } from './child.js';
import { pause, TimedOut, within } from './deadline.js';
import { generatorCores, type Pinning } from './environment.js';
import { judge } from './health.js';
import type { Interrupt } from './interrupt.js';
import { linkSettings } from './link/link-plan.js';
import { entrancesOf, finishLinks, type LinkChild, startLinks } from './link/link-side.js';
import { drainLimitMs } from './measure/drain.js';
import { readKernelMemory } from './measure/kernel-memory.js';
import { secondResolution } from './measure/recorder.js';
import { SystemSampler } from './measure/system-sampler.js';
import { type Evidence, type MemoryReading, measurementsOf } from './measurements.js';
import type { LiveReading, Phase } from './observer.js';
import type { Contestant, Plan } from './plan.js';
import type { ProcessPlan } from './process-plan.js';
import { scenarioById } from './scenario-sets.js';
import { serverSettings } from './server-settings.js';
import type { ConnectReport, ShardResult } from './shard-protocol.js';
import { type HostChild, type ShardChild, sampleHost, sampleShard, startHost, startShard } from './side.js';
import { parseTarget } from './target.js';
import { CONNECTS_PER_SECOND, schedules, shardPlans } from './trial-parts.js';
import { ownCounters } from './verify/own-counters.js';
import type { Packet } from './verify/packets.js';
import { WireCheck } from './verify/wire-check.js';
import { findWirePrograms } from './verify/wire-programs.js';
import { withoutTiming } from './verify/without-timing.js';

/** Children must start and answer within this, unless a step has a reason to take longer. */
const ANSWER_MS = 15_000;
/** Clients that the server has not seen after this are not waited for. */
const SETTLE_MS = 5000;
const SETTLE_POLL_MS = 20;
/** The first instant of a phase lies this far ahead, so that every process has heard of it. */
const LEAD_MS = 50;

export interface TrialSetting {
  readonly plan: Plan;
  readonly contestant: Contestant;
  readonly processes: ProcessPlan;
  readonly pinning: Pinning | null;
  readonly interrupt: Interrupt;
  readonly onReading: (reading: LiveReading) => void;
  /** Another host's entry file, for benchmarks against a witness. */
  readonly hostEntry?: string;
  /** For the benchmark of what the instruments cost. */
  readonly instruments?: 'full' | 'count';
  /** With plan.verifyWire: every packet whole, and whether it belongs to the window. */
  readonly onPacket?: (packet: Packet, isWindow: boolean) => void;
}

/** The run was interrupted before the window opened: there is nothing to keep. */
class Interrupted extends Error {}

/**
 * One trial, with a fresh server and a fresh generator: serve, connect, settle, warm up, measure, drain, stop.
 *
 * Never throws for what a server, a child or a person does: such a trial is `failed`, `skipped` or `void`, with its
 * reason.
 */
export async function runTrial(setting: TrialSetting): Promise<Trial> {
  const { contestant, plan } = setting;
  const head = { ...contestant, workload: plan.workload };
  const course = new Course(setting);
  try {
    const evidence = await course.run();
    const measurements = await course.verified(measurementsOf(evidence));
    const verdict = judge(measurements, evidence, plan.limits);
    const reasons = [...course.reasons, ...verdict.reasons];
    const status =
      verdict.void || course.reasons.some(({ code }) => code === 'interrupted') ? 'void' : 'completed';
    measurements.health.limitedBy = verdict.limitedBy;
    measurements.health.limitShare = verdict.limitShare;
    measurements.health.notJudged = [...verdict.notJudged];
    return { ...head, status, reasons, measurements };
  } catch (error) {
    if (error instanceof Interrupted || diedOfInterrupt(error, setting.interrupt)) {
      return { ...head, status: 'skipped', reasons: [interruptedReason('before its window opened')] };
    }
    return { ...head, status: 'failed', reasons: [...course.reasons, failureReason(error)] };
  } finally {
    await course.stop();
  }
}

/** Between its fork and a process group of its own, a child is still in the terminal's, and Ctrl-C ends it. */
function diedOfInterrupt(error: unknown, interrupt: Interrupt): boolean {
  return error instanceof ChildDied && error.signal !== null && error.signal === interrupt.requested;
}

function interruptedReason(when: string): Reason {
  return { code: 'interrupted', message: `The run was interrupted ${when}.` };
}

function failureReason(error: unknown): Reason {
  if (error instanceof ChildDied) return { code: `${error.role}-died`, message: sentence(error.message) };
  if (error instanceof TimedOut) return { code: 'timed-out', message: sentence(error.message) };
  if (error instanceof NoClient) return { code: 'no-client-connected', message: error.message };
  return { code: 'fault', message: sentence(error instanceof Error ? error.message : String(error)) };
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

class NoClient extends Error {}

/** The children of one trial and what is known of them so far. */
class Course {
  readonly reasons: Reason[] = [];
  private readonly hosts: HostChild[];
  private readonly links: LinkChild[];
  private readonly shards: ShardChild[];
  private readonly connected: number[];
  private readonly delivered: number[];
  private readonly p99Us: (number | null)[];
  private phase: Phase = 'starting';
  private readonly stopAsked: Promise<void>;
  private readonly forgetInterrupt: () => void;
  private sampler: SystemSampler | null = null;
  private wire: WireCheck | null = null;
  private readonly drainMs: number;

  constructor(private readonly setting: TrialSetting) {
    this.drainMs = drainLimitMs(scenarioById(setting.contestant.scenario)!, setting.plan.pollIntervalMs);
    const { processes, pinning, hostEntry, interrupt } = setting;
    this.hosts = Array.from({ length: processes.servers }, () =>
      startHost(pinning?.server ?? null, hostEntry),
    );
    this.links = startLinks(processes, pinning?.generator ?? null);
    this.shards = Array.from({ length: processes.shards }, () => startShard(pinning?.generator ?? null));
    this.connected = this.shards.map(() => 0);
    this.delivered = this.shards.map(() => 0);
    this.p99Us = this.shards.map(() => null);
    let ask = (): void => {};
    this.stopAsked = new Promise((resolve) => {
      ask = resolve;
    });
    this.forgetInterrupt = interrupt.onRequest(() => ask());
    this.shards.forEach((shard, index) => {
      shard.onReport((report) => {
        if (report.type !== 'tick') return;
        this.connected[index] = report.tick.connected;
        this.delivered[index] = report.tick.delivered;
        this.p99Us[index] = report.tick.p99Us;
        this.show();
      });
    });
  }

  /** The straight line. @throws ChildDied, TimedOut, NoClient, Interrupted */
  async run(): Promise<Evidence> {
    return this.unlessSomeoneDies(this.line());
  }

  private async line(): Promise<Evidence> {
    const { plan, contestant } = this.setting;
    const { warmup, measure } = schedules(plan, contestant.trial);

    await this.serve();
    const baseline = await this.sampleMemory();
    const connects = await this.connect();
    await this.settle(connects);
    await this.warmUp(warmup);
    const settled = await this.sampleMemory();
    const window = await this.measure(measure, messageCount(warmup));
    // The idle workload is the memory view: its clients have now heard one message and lain still.
    const connected = plan.workload === 'idle' ? await this.sampleMemory() : settled;
    return { plan, contestant, baseline, connected, connects, ...window };
  }

  /** With plan.verifyWire: what the witnesses say of the bytes, and no times. */
  async verified(found: Measurements): Promise<Measurements> {
    if (this.wire === null) return found;
    return withoutTiming({
      ...found,
      wire: { ...found.wire, verification: await this.wire.verify(found) },
    });
  }

  /** Ends every child, whatever became of the trial. */
  async stop(): Promise<void> {
    this.enter('stopping');
    this.forgetInterrupt();
    this.sampler?.stop();
    await Promise.all([
      this.wire?.stop(),
      ...this.shards.map((shard) => shard.end({ type: 'abort' })),
      ...this.links.map((link) => link.end({ type: 'abort' })),
      ...this.hosts.map((host) => host.end({ type: 'abort' })),
    ]);
  }

  private async serve(): Promise<void> {
    const { plan, contestant, processes, instruments } = this.setting;
    const settings = {
      ...serverSettings({ ...plan, port: 0 }),
      ...(plan.verifyWire ? { countBytes: true } : {}),
    };
    const urls = await this.answers(
      this.hosts.map(async (host) => {
        const listening = host.next('listening');
        host.send({ type: 'serve', scenario: contestant.scenario, settings });
        return (await listening).url;
      }),
      'the server did not start listening within 15 s',
    );
    if (plan.verifyWire) this.wire = await this.watchWire(urls.map((url) => Number(new URL(url).port)));
    const [entrances] = await this.answers(
      [entrancesOf(this.links, linkSettings(plan), contestant.clients, processes, urls.map(parseTarget))],
      'the link did not start listening within 15 s',
    );
    const plans = shardPlans(plan, contestant, processes, entrances!);
    await this.answers(
      this.shards.map(async (shard, index) => {
        const ready = shard.next('ready');
        shard.send({ type: 'plan', plan: { ...plans[index]!, ...(instruments ? { instruments } : {}) } });
        await ready;
      }),
      'the generator did not get ready within 15 s',
    );
  }

  private watchWire(ports: readonly number[]): Promise<WireCheck> {
    const { programs, mistakes } = findWirePrograms(process.env.PATH ?? '');
    if (programs === null) throw new Error(mistakes.join(' '));
    const { onPacket } = this.setting;
    return WireCheck.start({
      programs,
      ports,
      ...(onPacket === undefined ? {} : { onPacket }),
      ownCounters: () => ownCounters(this.shards, this.hosts),
    });
  }

  private async connect(): Promise<ConnectReport[]> {
    this.enter('connecting');
    this.leaveIfAsked();
    const { contestant } = this.setting;
    const rampMs = (contestant.clients / CONNECTS_PER_SECOND) * 1000;
    const connects = await this.answers(
      this.shards.map(async (shard) => {
        const connected = shard.next('connected');
        shard.send({ type: 'connect' });
        return (await connected).connect;
      }),
      'the generator did not say that its clients are connected',
      rampMs + 2 * ANSWER_MS,
    );
    const connected = connects.reduce((sum, report) => sum + report.connected, 0);
    if (connected === 0)
      throw new NoClient(`None of ${contestant.clients} clients could connect${kindsText(connects)}.`);
    if (connected < contestant.clients) {
      this.reasons.push({
        code: 'not-all-connected',
        message: `${connected} of ${contestant.clients} clients connected${kindsText(connects)}.`,
      });
    }
    return connects;
  }

  /** Waits until the server holds everyone: a long poll that is connected may not have been parked yet. */
  private async settle(connects: readonly ConnectReport[]): Promise<void> {
    this.enter('settling');
    const connected = connects.reduce((sum, report) => sum + report.connected, 0);
    const untilMs = performance.now() + SETTLE_MS;
    while (performance.now() < untilMs) {
      this.leaveIfAsked();
      const held = (await this.sampleHosts(false)).reduce((sum, sample) => sum + sample.held, 0);
      if (held >= connected) return;
      await pause(SETTLE_POLL_MS, this.stopAsked);
    }
    this.reasons.push({
      code: 'not-all-held',
      message: `The server did not hold all ${connected} connected clients within ${SETTLE_MS / 1000} s.`,
    });
  }

  private async warmUp(schedule: ScheduleSpec): Promise<void> {
    if (schedule.durationSeconds === 0) return;
    this.enter('warming up');
    if (messageCount(schedule) === 0) await pause(schedule.durationSeconds * 1000, this.stopAsked);
    else await this.publish('warmup', schedule, 1);
    this.leaveIfAsked();
    const finished = this.answers(
      this.shards.map((shard) => shard.next('finished')),
      'the generator did not finish its warm-up',
    );
    for (const shard of this.shards) shard.send({ type: 'finish', phase: 'warmup' });
    const missing = (await finished).reduce((sum, report) => sum + report.missing, 0);
    if (missing > 0) {
      this.reasons.push({
        code: 'warmup-lost',
        message: `${missing} deliveries of the warm-up had not arrived when the window opened.`,
      });
    }
  }

  private async measure(schedule: ScheduleSpec, warmupCount: number) {
    this.leaveIfAsked();
    this.enter('measuring');
    const limitMs = this.drainMs;
    await this.wire?.open();
    const serverBefore = await this.sampleHosts(false);
    const every = secondResolution(Math.ceil(schedule.durationSeconds + limitMs / 1000) + 1);
    const openedMs = performance.now();
    this.sampler = new SystemSampler(
      this.hosts.map((host) => host.pid),
      this.shards.map((shard) => shard.pid),
      openedMs + LEAD_MS,
      every * 1000,
      this.links.map((link) => link.pid),
    );
    for (const link of this.links) link.send({ type: 'open' });
    const publication = await this.publish('measure', schedule, warmupCount + 1);
    await this.wire?.close();
    const results = this.answers(
      this.shards.map(async (shard): Promise<ShardResult> => (await shard.next('result')).result),
      'the generator did not report its result',
      2 * ANSWER_MS,
    );
    for (const shard of this.shards) shard.send({ type: 'finish', phase: 'measure' });
    const links = await this.answers([finishLinks(this.links)], 'the link did not report within 15 s');
    const serverAfter = await this.sampleHosts(false);
    const closedMs = performance.now();
    const { rows, shares, samples } = this.sampler.stop();
    const sampler = this.sampler;
    this.sampler = null;
    if (publication.interrupted)
      this.reasons.push(interruptedReason('inside the window, which is shorter than planned'));
    return {
      publication,
      results: await results,
      links: links.flat(),
      serverBefore,
      serverAfter,
      serverWallMs: closedMs - openedMs,
      generatorCores: generatorCores(this.setting.pinning),
      system: {
        rows,
        shares,
        samples,
        secondsPerRow: every,
        peakServerRss: sampler.peakServerRss,
        peakGeneratorRss: sampler.peakGeneratorRss,
      },
    };
  }

  /** Publishes a phase's schedule and drains it. */
  private async publish(phase: 'warmup' | 'measure', schedule: ScheduleSpec, firstSequence: number) {
    const { plan } = this.setting;
    await this.answers(
      this.hosts.map(async (host) => {
        const prepared = host.next('prepared');
        host.send({ type: 'prepare', schedule });
        await prepared;
      }),
      'the server did not prepare its schedule within 15 s',
    );
    const startMs = performance.now() + LEAD_MS;
    const startNs = String(fromLocalMs(startMs));
    const drained = Promise.all(
      this.shards.map((shard) => shard.next('drained', (report) => report.phase === phase)),
    );
    const published = Promise.all(this.hosts.map((host) => host.next('published')));
    // The deaths of children are raised by the whole line; nobody may be waiting here by then.
    drained.catch(() => {});
    published.catch(() => {});
    for (const shard of this.shards) shard.send({ type: 'start', phase, startNs });
    for (const host of this.hosts) {
      host.send({ type: 'publish', schedule, startNs, firstSequence, payloadBytes: plan.payloadBytes });
    }

    const windowEndMs = startMs + schedule.durationSeconds * 1000;
    const interrupted = await pause(windowEndMs - performance.now(), this.stopAsked);
    const deadlineMs = (interrupted ? performance.now() : windowEndMs) + this.drainMs;
    if (interrupted) {
      // All servers stop at the same message: the one that comes due when the last of them has heard of it.
      const nowMs = performance.now() - startMs + LEAD_MS;
      const after = intendedInstants(schedule).filter((instant) => instant <= nowMs).length;
      for (const host of this.hosts) host.send({ type: 'halt', after });
    }
    this.enter('draining');
    // A server that has not even published by the deadline is told to stop; what it owes is lost.
    await pause(deadlineMs - performance.now(), published);
    for (const host of this.hosts) host.send({ type: 'halt' });
    const reports = await within(
      published,
      ANSWER_MS,
      'the server did not stop publishing within 15 s of its deadline',
    );
    const count = reports[0]!.count;
    const due = interrupted ? count : messageCount(schedule);
    for (const shard of this.shards) shard.send({ type: 'published', phase, count: due });
    const complete = await pause(deadlineMs - performance.now(), drained);
    return {
      interrupted,
      complete,
      published: count,
      due,
      schedule,
      idleLagUs: reports.flatMap((report) => report.idleLagUs),
    };
  }

  private async sampleMemory(): Promise<MemoryReading> {
    const [hosts, shards] = await Promise.all([
      this.sampleHosts(true),
      this.answers(this.shards.map(sampleShard), 'the generator did not answer within 15 s'),
    ]);
    return {
      server: hosts.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
      generator: shards.reduce((sum, bytes) => sum + bytes, 0),
      serverHeap: hosts.reduce(
        (sum, { heapUsedBytes, externalBytes }) => sum + heapUsedBytes + externalBytes,
        0,
      ),
      kernel: readKernelMemory(),
    };
  }

  private sampleHosts(collect: boolean): Promise<HostSample[]> {
    return this.answers(
      this.hosts.map((host) => sampleHost(host, collect)),
      'the server process did not answer within 15 s',
    );
  }

  private answers<T>(promises: readonly Promise<T>[], late: string, ms = ANSWER_MS): Promise<T[]> {
    const all = Promise.all(promises);
    all.catch(() => {});
    return within(all, ms, late);
  }

  private unlessSomeoneDies<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {});
    return Promise.race([
      work,
      ...[...this.hosts, ...this.links, ...this.shards].map((child) => child.untilDeath()),
    ]);
  }

  private leaveIfAsked(): void {
    if (this.setting.interrupt.requested !== null) throw new Interrupted();
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.show();
  }

  private show(): void {
    const p99s = this.p99Us.filter((value) => value !== null);
    this.setting.onReading({
      phase: this.phase,
      connected: this.connected.reduce((sum, count) => sum + count, 0),
      delivered: this.delivered.reduce((sum, count) => sum + count, 0),
      p99Us: p99s.length === 0 ? null : Math.max(...p99s),
    });
  }
}

function kindsText(connects: readonly ConnectReport[]): string {
  const kinds = new Map<string, number>();
  for (const { failures } of connects) {
    for (const [kind, count] of Object.entries(failures)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  if (kinds.size === 0) return '';
  return ` (${[...kinds].map(([kind, count]) => `${kind}: ${count}`).join(', ')})`;
}
