import { messageCount, type ScheduleSpec } from '../protocol/schedule.js';
import type { Measurements, Reason, Trial } from '../reports/result.js';
import { pause } from './deadline.js';
import { generatorCores } from './environment.js';
import { judge } from './health.js';
import { linkSettings } from './link/link-plan.js';
import { entrancesOf, finishLinks } from './link/link-side.js';
import { drainLimitMs } from './measure/drain.js';
import { secondResolution } from './measure/recorder.js';
import { SystemSampler } from './measure/system-sampler.js';
import { type Evidence, measurementsOf } from './measurements.js';
import { scenarioById } from './scenario-sets.js';
import { serverSettings } from './server-settings.js';
import type { ConnectReport, ShardResult } from './shard-protocol.js';
import { parseTarget } from './target.js';
import { ANSWER_MS, Crew } from './trial/crew.js';
import { diedOfInterrupt, failureReason, Interrupted, interruptedReason, NoClient } from './trial/failure.js';
import { LEAD_MS, publishPhase } from './trial/publish-phase.js';
import type { TrialSetting } from './trial/setting.js';
import { CONNECTS_PER_SECOND, schedules, shardPlans } from './trial-parts.js';
import { ownCounters } from './verify/own-counters.js';
import { WireCheck } from './verify/wire-check.js';
import { findWirePrograms } from './verify/wire-programs.js';
import { withoutTiming } from './verify/without-timing.js';

/** Clients that the server has not seen after this are not waited for. */
const SETTLE_MS = 5000;
const SETTLE_POLL_MS = 20;

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

/** The steps of one trial, and what is known of it so far. */
class Course {
  readonly reasons: Reason[] = [];
  private readonly crew: Crew;
  private readonly stopAsked: Promise<void>;
  private readonly forgetInterrupt: () => void;
  private readonly drainMs: number;
  private sampler: SystemSampler | null = null;
  private wire: WireCheck | null = null;

  constructor(private readonly setting: TrialSetting) {
    this.drainMs = drainLimitMs(scenarioById(setting.contestant.scenario)!, setting.plan.pollIntervalMs);
    this.crew = new Crew(setting);
    let ask = (): void => {};
    this.stopAsked = new Promise((resolve) => {
      ask = resolve;
    });
    this.forgetInterrupt = setting.interrupt.onRequest(() => ask());
  }

  /** The straight line. @throws ChildDied, TimedOut, NoClient, Interrupted */
  async run(): Promise<Evidence> {
    return this.crew.unlessSomeoneDies(this.line());
  }

  private async line(): Promise<Evidence> {
    const { plan, contestant } = this.setting;
    const { warmup, measure } = schedules(plan, contestant.trial);

    await this.serve();
    const baseline = await this.crew.sampleMemory();
    const connects = await this.connect();
    await this.settle(connects);
    await this.warmUp(warmup);
    const settled = await this.crew.sampleMemory();
    const window = await this.measure(measure, messageCount(warmup));
    // The idle workload is the memory view: its clients have now heard one message and lain still.
    const connected = plan.workload === 'idle' ? await this.crew.sampleMemory() : settled;
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
    this.crew.enter('stopping');
    this.forgetInterrupt();
    this.sampler?.stop();
    await Promise.all([this.wire?.stop(), this.crew.stop()]);
  }

  private async serve(): Promise<void> {
    const { plan, contestant, processes, instruments } = this.setting;
    const { crew } = this;
    const settings = {
      ...serverSettings({ ...plan, port: 0 }),
      ...(plan.verifyWire ? { countBytes: true } : {}),
    };
    const urls = await crew.answers(
      crew.hosts.map(async (host) => {
        const listening = host.next('listening');
        host.send({ type: 'serve', scenario: contestant.scenario, settings });
        return (await listening).url;
      }),
      'the server did not start listening within 15 s',
    );
    if (plan.verifyWire) this.wire = await this.watchWire(urls.map((url) => Number(new URL(url).port)));
    const [entrances] = await crew.answers(
      [entrancesOf(crew.links, linkSettings(plan), contestant.clients, processes, urls.map(parseTarget))],
      'the link did not start listening within 15 s',
    );
    const plans = shardPlans(plan, contestant, processes, entrances!);
    await crew.answers(
      crew.shards.map(async (shard, index) => {
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
      ownCounters: () => ownCounters(this.crew.shards, this.crew.hosts),
    });
  }

  private async connect(): Promise<ConnectReport[]> {
    this.crew.enter('connecting');
    this.leaveIfAsked();
    const { contestant } = this.setting;
    const rampMs = (contestant.clients / CONNECTS_PER_SECOND) * 1000;
    const connects = await this.crew.answers(
      this.crew.shards.map(async (shard) => {
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
    this.crew.enter('settling');
    const connected = connects.reduce((sum, report) => sum + report.connected, 0);
    const untilMs = performance.now() + SETTLE_MS;
    while (performance.now() < untilMs) {
      this.leaveIfAsked();
      const held = (await this.crew.sampleHosts(false)).reduce((sum, sample) => sum + sample.held, 0);
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
    this.crew.enter('warming up');
    if (messageCount(schedule) === 0) await pause(schedule.durationSeconds * 1000, this.stopAsked);
    else await this.publish('warmup', schedule, 1);
    this.leaveIfAsked();
    const { shards } = this.crew;
    const finished = this.crew.answers(
      shards.map((shard) => shard.next('finished')),
      'the generator did not finish its warm-up',
    );
    for (const shard of shards) shard.send({ type: 'finish', phase: 'warmup' });
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
    const { crew } = this;
    crew.enter('measuring');
    await this.wire?.open();
    const serverBefore = await crew.sampleHosts(false);
    const every = secondResolution(Math.ceil(schedule.durationSeconds + this.drainMs / 1000) + 1);
    const openedMs = performance.now();
    this.sampler = new SystemSampler(
      crew.hosts.map((host) => host.pid),
      crew.shards.map((shard) => shard.pid),
      openedMs + LEAD_MS,
      every * 1000,
      crew.links.map((link) => link.pid),
    );
    for (const link of crew.links) link.send({ type: 'open' });
    const publication = await this.publish('measure', schedule, warmupCount + 1);
    await this.wire?.close();
    const results = crew.answers(
      crew.shards.map(async (shard): Promise<ShardResult> => (await shard.next('result')).result),
      'the generator did not report its result',
      2 * ANSWER_MS,
    );
    for (const shard of crew.shards) shard.send({ type: 'finish', phase: 'measure' });
    const links = await crew.answers([finishLinks(crew.links)], 'the link did not report within 15 s');
    const serverAfter = await crew.sampleHosts(false);
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

  private publish(phase: 'warmup' | 'measure', schedule: ScheduleSpec, firstSequence: number) {
    return publishPhase(this.crew, {
      phase,
      schedule,
      firstSequence,
      payloadBytes: this.setting.plan.payloadBytes,
      drainMs: this.drainMs,
      stopAsked: this.stopAsked,
    });
  }

  private leaveIfAsked(): void {
    if (this.setting.interrupt.requested !== null) throw new Interrupted();
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
