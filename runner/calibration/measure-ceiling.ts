import { fileURLToPath } from 'node:url';
import { fromLocalMs } from '../../protocol/clock.js';
import type { Content } from '../../protocol/payload.js';
import type { ScheduleSpec } from '../../protocol/schedule.js';
import type { HeaderStyle } from '../../scenarios/contract.js';
import { pause, within } from '../deadline.js';
import type { Pinning } from '../environment.js';
import { serverSettings } from '../server-settings.js';
import { type HostChild, type ShardChild, startHost, startShard } from '../side.js';
import { parseTarget } from '../target.js';

const REPLAY_ENTRY = fileURLToPath(new URL('./replay-host.js', import.meta.url));
/** Enough to keep a core busy, few enough to connect at once. */
const MAX_CLIENTS = 400;
/** One message to every client is at most this many bytes. */
const ROUND_BYTES = 4 * 1024 * 1024;
/** Pollers ask this often: the shortest interval that a run may have. */
const POLL_INTERVAL_MS = 10;
const CONNECT_PER_SECOND = 8000;
/** The part of the time in which the compiler gets to know the code. */
const WARM_UP = 0.4;
/** Times out what is stuck; far beyond any slot. */
const ANSWER_MS = 3000;
/** More messages than any client is sent in a calibration. */
const SCHEDULE: ScheduleSpec = {
  seed: 1,
  phase: 'calibrate',
  arrivals: 'constant',
  ratePerSecond: 20_000,
  durationSeconds: 1,
};

export interface CeilingSetting {
  readonly payloadBytes: number;
  readonly content: Content;
  readonly headers: HeaderStyle;
  /** Length of the cookie in every request; 0 without one. */
  readonly cookieBytes: number;
  readonly pinning: Pinning | null;
}

/** What one core of the generator can take of a transport. */
export interface CoreCeiling {
  /** Deliveries for each second of the generator's CPU time: what one core, wholly used, would take. */
  readonly deliveriesPerSecond: number;
  /** Part of a core that the shard used; the rest of the time the replay server was the slower one. */
  readonly utilization: number;
}

/**
 * One transport's calibration: a real shard with real clients, against a server that does as little as can be done.
 *
 * The kernel charges much of a receiver's work to the sender on loopback, so the sender is often the first at its
 * limit. What counts is therefore the shard's CPU time, under a load in which it is seldom idle. A shard that was kept
 * from running finds several messages in one read, which is cheaper than any that come one by one: such a read counts
 * as one delivery.
 */
export class CeilingProbe {
  private readonly host: HostChild;
  private readonly shard: ShardChild;

  /** Starts both processes, so that several probes can start at once. */
  constructor(
    private readonly scenario: string,
    private readonly setting: CeilingSetting,
  ) {
    this.host = startHost(setting.pinning?.server ?? null, REPLAY_ENTRY);
    this.shard = startShard(setting.pinning?.generator ?? null);
  }

  /** Waits until both processes are up; no client connects yet. @throws ChildDied, TimedOut */
  prepare(): Promise<void> {
    return this.unlessSomeoneDies(
      within(this.setUp(), ANSWER_MS, 'the replay server or its generator did not start'),
    );
  }

  /**
   * @param untilMs when it should be done (performance.now() scale)
   * @param stopped resolves when nobody wants the result any more
   * @returns null when there was no time left
   * @throws ChildDied, TimedOut
   */
  async measure(untilMs: number, stopped: Promise<void>): Promise<CoreCeiling | null> {
    return this.unlessSomeoneDies(this.line(untilMs, stopped));
  }

  async stop(): Promise<void> {
    await Promise.all([this.shard.end({ type: 'abort' }), this.host.end({ type: 'abort' })]);
  }

  private async line(untilMs: number, stopped: Promise<void>): Promise<CoreCeiling | null> {
    const { host, shard } = this;
    const { payloadBytes, content } = this.setting;
    const connected = shard.next('connected');
    shard.send({ type: 'connect' });
    await within(connected, ANSWER_MS, 'the clients did not connect to the replay server');
    const spareMs = untilMs - performance.now();
    if (spareMs < LEAST_MS) return null;
    const startNs = String(fromLocalMs(performance.now() - SCHEDULE.durationSeconds * 1000));
    shard.send({ type: 'start', phase: 'measure', startNs });
    host.send({ type: 'publish', schedule: SCHEDULE, startNs, firstSequence: 1, payloadBytes, content });
    await pause(spareMs * WARM_UP, stopped);
    // The second start takes the snapshot that counts.
    shard.send({ type: 'start', phase: 'measure', startNs });
    if (await pause(spareMs * (1 - WARM_UP), stopped)) return null;
    const answer = shard.next('result');
    shard.send({ type: 'finish', phase: 'measure' });
    host.send({ type: 'halt' });
    const { result } = await within(answer, ANSWER_MS, 'the generator did not report its result');
    const deliveries = Math.min(result.reads, result.window.down.payload / payloadBytes);
    if (deliveries < 1 || result.cpuMicros <= 0) return null;
    return {
      deliveriesPerSecond: (deliveries / result.cpuMicros) * 1e6,
      utilization: result.cpuMicros / 1000 / result.wallMs,
    };
  }

  private unlessSomeoneDies<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {});
    return Promise.race([work, this.host.untilDeath(), this.shard.untilDeath()]);
  }

  private async setUp(): Promise<void> {
    const { host, shard } = this;
    const { payloadBytes, content, headers, cookieBytes } = this.setting;
    const listening = host.next('listening');
    host.send({
      type: 'serve',
      scenario: this.scenario,
      settings: serverSettings({ port: 0, payloadBytes, pollIntervalMs: POLL_INTERVAL_MS }),
    });
    const { url } = await listening;
    const ready = shard.next('ready');
    const clients = Math.min(MAX_CLIENTS, Math.max(4, Math.floor(ROUND_BYTES / payloadBytes)));
    shard.send({
      type: 'plan',
      plan: {
        scenario: this.scenario,
        shard: 0,
        firstClient: 0,
        targets: [{ target: parseTarget(url), clients }],
        seed: 1,
        headers,
        cookieBytes,
        pollIntervalMs: POLL_INTERVAL_MS,
        payloadBytes,
        content,
        warmup: { ...SCHEDULE, durationSeconds: 0 },
        measure: SCHEDULE,
        connectPerSecond: CONNECT_PER_SECOND,
      },
    });
    await ready;
  }
}

/** A shorter time shows the compiler at work rather than the code. */
const LEAST_MS = 100;
