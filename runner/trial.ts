import { messageCount, type ScheduleSpec } from '../protocol/schedule.js';
import type { Measurements, Reason, Trial } from '../reports/result.js';
import type { Scenario, Target } from '../scenarios/contract.js';
import type { HostSample, ServerSettings } from '../servers/contract.js';
import type { Contender } from './contender.js';
import { contenderOf, scenarioOf } from './contenders.js';
import { pause } from './deadline.js';
import { generatorCores, readPortRange } from './environment.js';
import { judge } from './health.js';
import { slowLinkHint } from './link/link-doubts.js';
import { linkSettings } from './link/link-plan.js';
import { entrancesOf, finishLinks } from './link/link-side.js';
import { drainLimitMs } from './measure/drain.js';
import { PortWatch } from './measure/port-watch.js';
import { secondResolution } from './measure/recorder.js';
import { type ProcessMeter, SystemSampler } from './measure/system-sampler.js';
import { type Evidence, measurementsOf } from './measurements.js';
import { type Patience, patienceOf } from './patience.js';
import { clientPorts } from './process-plan.js';
import { blockedReason } from './proxy/blocked.js';
import { serverSettings, topicSettings } from './server-settings.js';
import type { ConnectReport, ShardResult } from './shard-protocol.js';
import { mainClients } from './side-crowd/crowd-of.js';
import { readTcpMemory } from './side-crowd/kernel-buffers.js';
import { runOfTrial } from './target/foreign-spec.js';
import { ProcessTree } from './target/process-tree.js';
import { parseTarget } from './target.js';
import { ANSWER_MS, Crew } from './trial/crew.js';
import { diedOfInterrupt, failureReason, Interrupted, interruptedReason, NoClient } from './trial/failure.js';
import { byItself, LEAD_MS, publishPhase } from './trial/publish-phase.js';
import { Restarts } from './trial/restarts.js';
import type { TrialSetting } from './trial/setting.js';
import { CONNECTS_PER_SECOND, schedules, shardPlans } from './trial-parts.js';
import { ownCounters } from './verify/own-counters.js';
import { WireCheck } from './verify/wire-check.js';
import { findWirePrograms } from './verify/wire-programs.js';
import { withoutTiming } from './verify/without-timing.js';
import { admissionOf } from './workloads/overload.js';
import { workloadById } from './workloads/registry.js';

/** Clients that the server has not seen after this are not waited for. */
const SETTLE_MS = 5000;
const SETTLE_POLL_MS = 20;
/** A server that is not ours cannot say whom it holds: the last to connect gets time to be subscribed. */
const TARGET_SETTLE_MS = 300;
/** After a restart nobody catches up any more when nothing has arrived for this long, or for two polls. */
const QUIET_MS = 1000;
/** What happens in a trial's course and leaves nothing to believe, beside the rules of health. */
const VOIDING: ReadonlySet<string> = new Set(['interrupted', 'restarts-overlap']);

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
      verdict.void || course.reasons.some(({ code }) => VOIDING.has(code)) ? 'void' : 'completed';
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
  private readonly contender: Contender;
  private readonly scenario: Scenario;
  private readonly patience: Patience;
  private readonly drainMs: number;
  /** Those whose deliveries count. */
  private readonly clients: number;
  private sampler: SystemSampler | null = null;
  private wire: WireCheck | null = null;
  private portWatch: PortWatch | null = null;
  /** Ports that clients connect to. */
  private entrances: readonly number[] = [];
  /** How the servers were told to serve, and where each listens. */
  private served: { readonly settings: ServerSettings; readonly ports: readonly number[] } | null = null;

  constructor(private readonly setting: TrialSetting) {
    const { plan, contestant } = setting;
    this.contender = contenderOf(plan, contestant.scenario)!;
    this.scenario = scenarioOf(plan, contestant.scenario)!;
    this.patience = patienceOf(plan, contestant);
    this.drainMs = drainLimitMs(this.scenario, plan.pollIntervalMs) + this.patience.extraDrainMs;
    this.clients = mainClients(setting.plan, setting.contestant.clients);
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
    const { warmup, measure } = schedules(plan, contestant.trial, contestant.clients);

    await this.serve();
    const baseline = await this.crew.sampleMemory();
    const connects = await this.connect();
    await this.settle(connects);
    const connectCpuMicros = sumCpu(await this.crew.sampleHosts(false)) - (baseline.serverCpuMicros ?? 0);
    await this.warmUp(warmup);
    const settled = await this.crew.sampleMemory();
    const window = await this.measure(measure, messageCount(warmup));
    // The idle workload is the memory view: its clients have now heard one message and lain still.
    const connected = plan.workload === 'idle' ? await this.crew.sampleMemory() : settled;
    return { plan, contestant, baseline, connected, connects, connectCpuMicros, ...window };
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
    this.portWatch?.stop();
    await Promise.all([this.wire?.stop(), this.crew.stop()]);
  }

  private async serve(): Promise<void> {
    const { plan, contestant, processes, instruments } = this.setting;
    const { crew } = this;
    const admission = admissionOf(plan, processes.servers);
    const settings = {
      ...serverSettings({ ...plan, port: 0 }),
      ...topicSettings(plan, contestant),
      // Behind a proxy the server's counters tell how many connections were made to it.
      ...(plan.verifyWire || plan.proxy ? { countBytes: true } : {}),
      ...(plan.handlers ? { handlers: plan.handlers } : {}),
      ...(admission === undefined ? {} : { admission }),
    };
    const urls = await this.listen(settings);
    const ports = urls.map((url) => Number(new URL(url).port));
    this.served = { settings, ports };
    if (plan.verifyWire) this.wire = await this.watchWire(ports);
    const targets = await crew.startProxy(urls.map((url) => clientTarget(url, this.contender)));
    const [entrances] = await crew.answers(
      [entrancesOf(crew.links, linkSettings(plan), this.clients, processes, targets)],
      'the link did not start listening within 15 s',
    );
    this.entrances = [...new Set(entrances!.map(({ target }) => target.port))];
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

  private listen(settings: ServerSettings): Promise<string[]> {
    const { contender, crew } = this;
    const { contestant, pinning } = this.setting;
    const isTarget = contender.kind === 'target';
    return crew.answers(
      crew.hosts.map(async (host) => {
        const listening = host.next('listening');
        if (isTarget) {
          const run = runOfTrial(contender.run, contestant.order);
          host.send({ type: 'aim', target: contender.target, run, cores: pinning?.server ?? null });
        }
        host.send({ type: 'serve', scenario: idOf(contender), settings });
        return (await listening).url;
      }),
      'the server did not start listening within 15 s',
      // A target's host says itself when the target is late.
      isTarget ? contender.target.ready.timeoutMs + ANSWER_MS : ANSWER_MS,
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
      // A client with several connections closes those it needs no more.
      ends: this.scenario.reconnectsEachPoll === true || (this.scenario.connections ?? 1) > 1,
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
      rampMs + this.patience.connectGraceMs + ANSWER_MS,
    );
    const connected = connects.reduce((sum, report) => sum + report.connected, 0);
    const requested = this.clients;
    const blocked = blockedReason(
      this.setting.plan.proxy,
      this.scenario,
      { connected, requested },
      kindsText(connects),
    );
    if (blocked !== null) {
      this.reasons.push(blocked);
      return connects;
    }
    if (connected === 0) {
      const hint = slowLinkHint(this.setting.plan, this.patience.connectTimeoutMs);
      throw new NoClient(`None of ${requested} clients could connect${kindsText(connects)}.${hint}`);
    }
    if (connected < requested) {
      this.reasons.push({
        code: 'not-all-connected',
        message: `${connected} of ${requested} clients connected${kindsText(connects)}.`,
      });
    }
    return connects;
  }

  /** Waits until the server holds everyone: a long poll that is connected may not have been parked yet. */
  private async settle(connects: readonly ConnectReport[]): Promise<void> {
    this.crew.enter('settling');
    // Who connects for each poll is held only while it lasts; its first one was answered, so the server has seen it.
    if (this.scenario.reconnectsEachPoll) return;
    if (this.contender.kind === 'target') {
      await pause(TARGET_SETTLE_MS, this.stopAsked);
      return;
    }
    // A poll through a proxy takes a connection that happens to be free: the server holds fewer than there are clients.
    if (this.setting.plan.proxy && this.scenario.waitsForInterval) return;
    const connected = connects.reduce((sum, report) => sum + report.connected, 0);
    const limitMs = SETTLE_MS + this.patience.extraDrainMs;
    const untilMs = performance.now() + limitMs;
    while (performance.now() < untilMs) {
      this.leaveIfAsked();
      const held = (await this.crew.sampleHosts(false)).reduce((sum, sample) => sum + sample.held, 0);
      if (held >= connected) return;
      await pause(SETTLE_POLL_MS, this.stopAsked);
    }
    this.reasons.push({
      code: 'not-all-held',
      message: `The server did not hold all ${connected} connected clients within ${limitMs / 1000} s.`,
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
    // What a proxy keeps from its clients is told already.
    if (missing > 0 && !this.patience.countsAbsent) {
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
    const proxyBefore = crew.proxy?.costs() ?? null;
    const every = secondResolution(Math.ceil(schedule.durationSeconds + this.drainMs / 1000) + 1);
    const openedMs = performance.now();
    this.sampler = new SystemSampler(
      this.serverMeter(serverBefore),
      crew.shards.map((shard) => shard.pid),
      openedMs + LEAD_MS,
      every * 1000,
      [
        ...crew.links.map((link) => link.pid),
        ...(crew.proxy?.pids() ?? []),
        // The host of a target publishes, and is no part of what is tested.
        ...(this.contender.kind === 'target' ? crew.hosts.map((host) => host.pid) : []),
      ],
    );
    for (const link of crew.links) link.send({ type: 'open' });
    if (this.scenario.reconnectsEachPoll) this.portWatch = new PortWatch(this.entrances);
    const restarts = this.restarts(serverBefore, this.sampler);
    const tcpBefore = readTcpMemory();
    const publication = await this.publish('measure', schedule, warmupCount + 1, restarts);
    const tcpAfter = readTcpMemory();
    await this.wire?.close();
    const results = crew.answers(
      crew.shards.map(async (shard): Promise<ShardResult> => (await shard.next('result')).result),
      'the generator did not report its result',
      2 * ANSWER_MS,
    );
    for (const shard of crew.shards) shard.send({ type: 'finish', phase: 'measure' });
    const links = await crew.answers([finishLinks(crew.links)], 'the link did not report within 15 s');
    const serverAfter = await crew.sampleHosts(false);
    const proxyAfter = crew.proxy?.costs() ?? null;
    const closedMs = performance.now();
    const { rows, shares, samples } = this.sampler.stop();
    const sampler = this.sampler;
    this.sampler = null;
    if (restarts?.overlapped) {
      this.reasons.push({
        code: 'restarts-overlap',
        message: 'The server was killed again before all clients were back from the first time.',
      });
    }
    if (publication.interrupted)
      this.reasons.push(interruptedReason('inside the window, which is shorter than planned'));
    return {
      publication,
      results: await results,
      tcpMemory: { before: tcpBefore, after: tcpAfter },
      links: links.flat(),
      ...(crew.proxy === null
        ? {}
        : {
            proxy: {
              ...crew.proxy.facts,
              before: proxyBefore,
              after: proxyAfter,
              wallMs: closedMs - openedMs,
            },
          }),
      ...(this.portWatch === null
        ? {}
        : {
            ports: {
              reading: this.portWatch.stop(),
              ephemeralPorts: clientPorts(readPortRange()),
              serverPorts: this.entrances.length,
            },
          }),
      serverBefore: restarts?.before ?? serverBefore,
      serverAfter,
      retiredServerMicros: restarts?.retiredMicros ?? 0,
      restarts: restarts?.done ?? [],
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

  /** Whom to watch from outside as the servers. */
  private serverMeter(samples: readonly HostSample[]): readonly number[] | ProcessMeter {
    if (this.contender.kind !== 'target') return this.crew.hosts.map((host) => host.pid);
    const pid = samples[0]?.target?.pid ?? null;
    return pid === null ? { read: () => null } : new ProcessTree(pid);
  }

  private restarts(before: readonly HostSample[], sampler: SystemSampler): Restarts | null {
    const { plan } = this.setting;
    const downMs = plan.workloadOptions?.down;
    if (plan.workload !== 'restart' || downMs === undefined) return null;
    const { crew } = this;
    return new Restarts({
      crew,
      scenario: idOf(this.contender),
      ...this.served!,
      downMs,
      sampler,
      before,
    });
  }

  private publish(
    phase: 'warmup' | 'measure',
    schedule: ScheduleSpec,
    firstSequence: number,
    restarts: Restarts | null = null,
  ) {
    return publishPhase(this.crew, {
      phase,
      schedule,
      firstSequence,
      payloadBytes: this.setting.plan.payloadBytes,
      content: this.setting.plan.content ?? 'text',
      clientsSpeak: workloadById(this.setting.plan.workload).clientsSpeak === true,
      drainMs: this.drainMs,
      stopAsked: this.stopAsked,
      // A message that is lost for good would keep the drain waiting to its end.
      ...(this.patience.countsAbsent ? { quietMs: QUIET_MS } : {}),
      ...(this.contender.kind === 'target' && this.contender.target.publish.by === 'self'
        ? { publisher: byItself }
        : {}),
      ...(restarts === null
        ? {}
        : {
            publisher: restarts.publisher,
            quietMs: Math.max(QUIET_MS, 2 * this.setting.plan.pollIntervalMs),
          }),
    });
  }

  private leaveIfAsked(): void {
    if (this.setting.interrupt.requested !== null) throw new Interrupted();
  }
}

/** Of the server that a host is to start. */
function idOf(contender: Contender): string {
  return contender.kind === 'target' ? contender.target.name : contender.scenario;
}

/** Where clients go, with the Host field that a target's address asks for. */
function clientTarget(url: string, contender: Contender): Target {
  const target = parseTarget(url);
  if (contender.kind !== 'target') return target;
  return { ...target, host: `${contender.target.origin.hostname}:${target.port}` };
}

function kindsText(connects: readonly ConnectReport[]): string {
  const kinds = new Map<string, number>();
  for (const { failures } of connects) {
    for (const [kind, count] of Object.entries(failures)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  if (kinds.size === 0) return '';
  return ` (${[...kinds].map(([kind, count]) => `${kind}: ${count}`).join(', ')})`;
}

function sumCpu(samples: readonly HostSample[]): number {
  return samples.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0);
}
