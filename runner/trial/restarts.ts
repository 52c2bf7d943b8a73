import { intendedInstants } from '../../protocol/schedule.js';
import type { HostSample, ServerSettings } from '../../servers/contract.js';
import { pause } from '../deadline.js';
import type { SystemSampler } from '../measure/system-sampler.js';
import { RESTARTS, type RestartDone } from '../workloads/restart.js';
import type { Crew } from './crew.js';
import type { PhaseOrder, Publisher, Publishing, PublishingReport } from './publish-phase.js';

/** A restart waits for everybody to be back from the one before, but no longer than to this part of the window. */
const LATEST_KILL = 0.8;
const BACK_POLL_MS = 50;

/** What restarts are done with. */
export interface RestartTools {
  readonly crew: Crew;
  readonly scenario: string;
  readonly settings: ServerSettings;
  /** Where each server listened, in their order. */
  readonly ports: readonly number[];
  readonly downMs: number;
  readonly sampler: SystemSampler;
  /** Readings of the servers at the window's opening. */
  readonly before: readonly HostSample[];
}

/**
 * Publishes a window in which the servers are killed and come back.
 *
 * Time away is `downMs` at least, and as long as a new process takes to listen. A broker's log holds every message that
 * came due, those of the time away too, and is in the new process before it listens. Without one the new process
 * begins with the next message that comes due after it listens.
 */
export class Restarts {
  readonly done: RestartDone[] = [];
  /** The servers of now as they were when their part of the window began. */
  before: readonly HostSample[];
  /** CPU that killed servers used in the window, microseconds. */
  retiredMicros = 0;
  /** Whether a server was killed before everybody was back from the kill before. */
  overlapped = false;
  private halted = false;
  private haltAfter: number | undefined;
  private wake: () => void = () => {};
  private readonly stopped: Promise<void>;

  constructor(private readonly tools: RestartTools) {
    this.before = tools.before;
    this.stopped = new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  readonly publisher: Publisher = (order, startMs, startNs): Publishing => ({
    halt: (after) => {
      this.halted = true;
      this.haltAfter = after;
      this.wake();
      this.passHalt();
    },
    done: this.publish(order, startMs, startNs),
  });

  private passHalt(): void {
    if (!this.halted) return;
    const after = this.haltAfter === undefined ? {} : { after: this.haltAfter };
    for (const host of this.tools.crew.hosts) host.send({ type: 'halt', ...after });
  }

  private async publish(order: PhaseOrder, startMs: number, startNs: string): Promise<PublishingReport> {
    const { crew, downMs } = this.tools;
    const instants = intendedInstants(order.schedule);
    let published = this.orderFrom(order, startNs, 0);
    for (const { log, at } of RESTARTS) {
      const killAtMs = startMs + at * order.schedule.durationSeconds * 1000;
      await pause(killAtMs - performance.now(), this.stopped);
      await this.everybodyBack(startMs + LATEST_KILL * order.schedule.durationSeconds * 1000);
      if (this.halted) break;
      await this.retire();
      const killedMs = performance.now() - startMs;
      await crew.replaceHosts();
      // A restarted server has its code in the time it is away, whatever its library: what is compared is the transport.
      for (const host of crew.hosts) host.send({ type: 'load', scenario: this.tools.scenario });
      await pause(killedMs + downMs + startMs - performance.now(), this.stopped);
      const outBefore = countUntil(instants, killedMs);
      if (log === 'broker') this.restore(order, countUntil(instants, performance.now() - startMs));
      await this.listen();
      const listeningMs = performance.now() - startMs;
      const known = countUntil(instants, listeningMs);
      const neverPublished = log === 'broker' ? 0 : known - outBefore;
      this.done.push({ log, killedMs, listeningMs, neverPublished });
      // What came due between handing the log over and listening is published at once, as after any stall.
      published = this.orderFrom(order, startNs, log === 'broker' ? this.restored : known);
      this.passHalt();
    }
    const reports = await published;
    const skipped = this.done.reduce((sum, { neverPublished }) => sum + neverPublished, 0);
    return {
      count: reports[0]!.count,
      published: reports[0]!.count - skipped,
      idleLagUs: reports.flatMap((report) => report.idleLagUs),
    };
  }

  /** A second crash while the first is not over would be blamed for both. */
  private async everybodyBack(untilMs: number): Promise<void> {
    const { crew } = this.tools;
    while (!crew.isComplete && !this.halted && performance.now() < untilMs)
      await pause(BACK_POLL_MS, this.stopped);
    if (!crew.isComplete && !this.halted) this.overlapped = true;
  }

  private restored = 0;

  /** Hands the log over: the schedule's first messages, and those of the warm-up before them. */
  private restore({ firstSequence, payloadBytes, content }: PhaseOrder, messages: number): void {
    this.restored = messages;
    for (const host of this.tools.crew.hosts) {
      host.send({ type: 'restore', through: firstSequence - 1 + messages, payloadBytes, content });
    }
  }

  private orderFrom(order: PhaseOrder, startNs: string, from: number) {
    const { hosts } = this.tools.crew;
    const { schedule, firstSequence, payloadBytes, content } = order;
    const published = Promise.all(hosts.map((host) => host.next('published')));
    // A killed server never says what it published.
    published.catch(() => {});
    for (const host of hosts) {
      host.send({ type: 'publish', schedule, startNs, firstSequence, payloadBytes, content, from });
    }
    return published;
  }

  /** Reads what the servers have used before they are killed. */
  private async retire(): Promise<void> {
    const { crew, sampler } = this.tools;
    const last = await crew.sampleHosts(false);
    last.forEach((sample, at) => {
      this.retiredMicros += sample.cpuMicros - this.before[at]!.cpuMicros;
    });
    sampler.retireServers();
  }

  private async listen(): Promise<void> {
    const { crew, scenario, settings, ports, sampler } = this.tools;
    await crew.answers(
      crew.hosts.map(async (host, at) => {
        const listening = host.next('listening');
        host.send({ type: 'serve', scenario, settings: { ...settings, port: ports[at]! } });
        await listening;
      }),
      'the restarted server did not start listening within 15 s',
    );
    sampler.adoptServers(crew.hosts.map((host) => host.pid));
    this.before = await crew.sampleHosts(false);
  }
}

/** How many of the instants, ascending, have come by `ms`. */
function countUntil(instants: Float64Array, ms: number): number {
  let count = 0;
  while (count < instants.length && instants[count]! <= ms) count++;
  return count;
}
