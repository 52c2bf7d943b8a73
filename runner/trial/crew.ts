import type { HostSample } from '../../servers/contract.js';
import { within } from '../deadline.js';
import { type LinkChild, startLinks } from '../link/link-side.js';
import { readKernelMemory } from '../measure/kernel-memory.js';
import type { MemoryReading } from '../measurements.js';
import type { Phase } from '../observer.js';
import { type HostChild, type ShardChild, sampleHost, sampleShard, startHost, startShard } from '../side.js';
import type { TrialSetting } from './setting.js';

/** Children must start and answer within this, unless a step has a reason to take longer. */
export const ANSWER_MS = 15_000;

/** The processes of one trial: servers, links and generator shards, and what they tell while it runs. */
export class Crew {
  readonly hosts: HostChild[];
  readonly links: readonly LinkChild[];
  readonly shards: readonly ShardChild[];
  private readonly connected: number[];
  private readonly delivered: number[];
  private readonly p99Us: (number | null)[];
  private phase: Phase = 'starting';

  constructor(private readonly setting: TrialSetting) {
    const { processes, pinning } = setting;
    this.hosts = Array.from({ length: processes.servers }, () => this.startHost());
    this.links = startLinks(processes, pinning?.generator ?? null);
    this.shards = Array.from({ length: processes.shards }, () => startShard(pinning?.generator ?? null));
    this.connected = this.shards.map(() => 0);
    this.delivered = this.shards.map(() => 0);
    this.p99Us = this.shards.map(() => null);
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

  /** A server process, where this trial's servers run. */
  startHost(): HostChild {
    return startHost(this.setting.pinning?.server ?? null, this.setting.hostEntry);
  }

  /** All answers. @param late what to say when one of them takes longer than `ms` @throws TimedOut, ChildDied */
  answers<T>(promises: readonly Promise<T>[], late: string, ms = ANSWER_MS): Promise<T[]> {
    const all = Promise.all(promises);
    all.catch(() => {});
    return within(all, ms, late);
  }

  /** The work's outcome, or the first death among the children. */
  unlessSomeoneDies<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {});
    return Promise.race([
      work,
      ...[...this.hosts, ...this.links, ...this.shards].map((child) => child.untilDeath()),
    ]);
  }

  sampleHosts(collect: boolean): Promise<HostSample[]> {
    return this.answers(
      this.hosts.map((host) => sampleHost(host, collect)),
      'the server process did not answer within 15 s',
    );
  }

  /** What both sides hold now, after a collection. */
  async sampleMemory(): Promise<MemoryReading> {
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

  /** Says that another phase has begun. */
  enter(phase: Phase): void {
    this.phase = phase;
    this.show();
  }

  /** Ends every child, whatever became of the trial. */
  async stop(): Promise<void> {
    await Promise.all([
      ...this.shards.map((shard) => shard.end({ type: 'abort' })),
      ...this.links.map((link) => link.end({ type: 'abort' })),
      ...this.hosts.map((host) => host.end({ type: 'abort' })),
    ]);
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
