import type { Target } from '../../scenarios/contract.js';
import type { HostSample } from '../../servers/contract.js';
import type { Contender } from '../contender.js';
import { contenderOf } from '../contenders.js';
import { pause, within } from '../deadline.js';
import type { MemoryReading } from '../evidence.js';
import { type LinkChild, startLinks } from '../link/link-side.js';
import { readKernelMemory } from '../measure/kernel-memory.js';
import type { Phase } from '../observer.js';
import { findNginx } from '../proxy/find-nginx.js';
import { NginxProcess } from '../proxy/nginx-process.js';
import {
  type HostChild,
  type ShardChild,
  sampleHost,
  sampleShard,
  startHost,
  startShard,
  startTargetHost,
} from '../side.js';
import type { TrialSetting } from './setting.js';

/** Children must start and answer within this, unless a step has a reason to take longer. */
export const ANSWER_MS = 15_000;
/** Shards report four times a second. */
const QUIET_POLL_MS = 100;
const NEVER = new Promise<never>(() => {});

/** The processes of one trial: servers, links and generator shards, and what they tell while it runs. */
export class Crew {
  readonly hosts: HostChild[];
  readonly links: readonly LinkChild[];
  readonly shards: readonly ShardChild[];
  /** Null without one, and until the servers listen. */
  proxy: NginxProcess | null = null;
  private isStopped = false;
  private readonly connected: number[];
  private readonly delivered: number[];
  private readonly p99Us: (number | null)[];
  /** The most clients that were connected at one time. */
  private mostConnected = 0;
  private phase: Phase = 'starting';
  /** Rejects with the first death of a child that was not meant to end. */
  private readonly someoneDied: Promise<never>;
  private raise: (error: unknown) => void = () => {};

  constructor(private readonly setting: TrialSetting) {
    const { processes, pinning } = setting;
    this.someoneDied = new Promise((_, reject) => {
      this.raise = reject;
    });
    this.someoneDied.catch(() => {});
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
        this.mostConnected = Math.max(this.mostConnected, total(this.connected));
        this.delivered[index] = report.tick.delivered;
        this.p99Us[index] = report.tick.p99Us;
        this.show();
      });
    });
    for (const child of [...this.links, ...this.shards]) child.untilDeath().catch(this.raise);
  }

  /** Kills every server as a crash would, and starts as many new ones, which wait for their orders. */
  async replaceHosts(): Promise<void> {
    const old = this.hosts.splice(0);
    await Promise.all(old.map((host) => host.kill()));
    this.hosts.push(...old.map(() => this.startHost()));
  }

  /** What runs in this trial. */
  private get contender(): Contender {
    const { plan, contestant } = this.setting;
    return contenderOf(plan, contestant.scenario)!;
  }

  private startHost(): HostChild {
    const { contender } = this;
    const { pinning, hostEntry } = this.setting;
    const host =
      contender.kind === 'target'
        ? // Its host publishes, which is the ruler's part; the server itself gets the server's core.
          startTargetHost(pinning?.generator ?? null)
        : startHost(pinning?.server ?? null, hostEntry ?? contender.hostEntry);
    host.untilDeath().catch(this.raise);
    return host;
  }

  /** Puts the plan's proxy in front of these servers. @returns where clients connect: there, or to the servers */
  async startProxy(servers: readonly Target[]): Promise<readonly Target[]> {
    const { plan, contestant, pinning } = this.setting;
    if (plan.proxy === undefined) return servers;
    const { nginx, mistake } = findNginx(process.env.PATH ?? '');
    if (nginx === null) throw new Error(mistake ?? 'nginx is missing.');
    // Whoever stopped the crew meanwhile would not know of it.
    if (this.isStopped) throw new Error('The trial was stopped before its proxy was started.');
    const cores = pinning?.server ?? null;
    this.proxy = new NginxProcess({ nginx, kind: plan.proxy, clients: contestant.clients, cores });
    this.proxy.untilDeath().catch(this.raise);
    return this.proxy.start(servers);
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
    return Promise.race([work, this.someoneDied]);
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
      serverCpuMicros: hosts.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0),
      generator: shards.reduce((sum, bytes) => sum + bytes, 0),
      serverHeap: hosts.reduce(
        (sum, { heapUsedBytes, externalBytes }) => sum + heapUsedBytes + externalBytes,
        0,
      ),
      kernel: readKernelMemory(),
      ...(this.proxy === null ? {} : { proxyBytes: this.proxy.costs()?.rssBytes ?? null }),
    };
  }

  /** Whether as many clients are connected as have ever been, as the shards last said. */
  get isComplete(): boolean {
    return total(this.connected) >= this.mostConnected;
  }

  /** Resolves when everybody is connected and no shard has reported a delivery for this long, milliseconds. */
  async quietFor(ms: number): Promise<void> {
    let count = -1;
    let sinceMs = performance.now();
    while (performance.now() - sinceMs < ms) {
      const now = total(this.delivered);
      if (now !== count || !this.isComplete) sinceMs = performance.now();
      count = now;
      await pause(QUIET_POLL_MS, NEVER);
    }
  }

  /** Says that another phase has begun. */
  enter(phase: Phase): void {
    this.phase = phase;
    this.show();
  }

  /** Ends every child, whatever became of the trial. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all([
      this.proxy?.end(),
      ...this.shards.map((shard) => shard.end({ type: 'abort' })),
      ...this.links.map((link) => link.end({ type: 'abort' })),
      ...this.hosts.map((host) => host.end({ type: 'abort' })),
    ]);
  }

  private show(): void {
    const p99s = this.p99Us.filter((value) => value !== null);
    this.setting.onReading({
      phase: this.phase,
      connected: total(this.connected),
      delivered: total(this.delivered),
      p99Us: p99s.length === 0 ? null : Math.max(...p99s),
    });
  }
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
