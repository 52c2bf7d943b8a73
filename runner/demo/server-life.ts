import { setTimeout as delay } from 'node:timers/promises';
import { fromLocalMs } from '../../protocol/clock.js';
import { MARKER_BYTES } from '../../protocol/payload.js';
import type { HostReport, ServerSettings } from '../../servers/contract.js';
import { type HostChild, startHost } from '../side.js';
import type { TargetHostReport } from '../target/contract.js';
import { parseTarget } from '../target.js';
import { dueMs, newestAt, type Segment } from './schedule.js';

/** A server that does not answer within this is shown as it was last. */
const READING_LIMIT_MS = 500;

/** What a server has moved in this life, and the newest message that is in it. */
export interface LifeCounters {
  readonly up: number;
  readonly down: number;
  readonly published: number;
}

/** One server process, from its start to its end. */
export class ServerLife {
  /** As read last. */
  counters: LifeCounters = { up: 0, down: 0, published: 0 };
  readonly #host: HostChild = startHost(null);
  readonly #answered = new Map<number, () => void>();
  #readings = 0;
  #published = 0;

  /** @param schedule as it is now */
  constructor(private readonly schedule: () => readonly Segment[]) {
    this.#host.onReport((report) => this.#hear(report));
  }

  /**
   * Serves with the log so far, and publishes from then on.
   * @param onFault called when the process ends although nobody ended it
   * @returns the server's port and path
   * @throws ChildDied when it cannot
   */
  async serve(
    scenario: string,
    settings: ServerSettings,
    onFault: (error: unknown) => void,
  ): Promise<{ readonly port: number; readonly path: string }> {
    const listening = this.#host.next('listening');
    const through = newestAt(this.schedule(), performance.now());
    this.#published = through;
    this.counters = { ...this.counters, published: through };
    if (through > 0) this.#host.send({ type: 'restore', through, payloadBytes: MARKER_BYTES });
    this.#host.send({ type: 'serve', scenario, settings: { ...settings, countBytes: true } });
    const { url } = await listening;
    this.#order();
    this.#host.untilDeath().catch(onFault);
    return parseTarget(url);
  }

  /** Gets ready to serve this one. */
  load(scenario: string): void {
    this.#host.send({ type: 'load', scenario });
  }

  /** The schedule has changed: takes the waiting order back, so that the next one follows the new schedule. */
  reschedule(): void {
    this.#host.send({ type: 'halt' });
  }

  /** Reads the counters now, unless the process is busy for long. */
  read(): Promise<void> {
    const answered = this.#ask();
    return Promise.race([answered, delay(READING_LIMIT_MS, undefined, { ref: false })]);
  }

  /**
   * Ends the process at once: connections break without a goodbye, as in a crash.
   *
   * The counters are asked for in the same breath. The process answers and exits within one turn of its loop, so nothing
   * that it wrote is missing from them.
   */
  async kill(): Promise<void> {
    const answered = this.#ask();
    await this.#host.end({ type: 'abort' });
    // The exit may be told before the last words are.
    await Promise.race([answered, delay(READING_LIMIT_MS)]);
  }

  /** Ends the process for good. Never throws. */
  end(): Promise<void> {
    return this.#host.end({ type: 'abort' });
  }

  #ask(): Promise<void> {
    const id = ++this.#readings;
    const answered = new Promise<void>((resolve) => this.#answered.set(id, resolve));
    this.#host.send({ type: 'sample', collect: false, id });
    return answered;
  }

  /**
   * The process reports in the order in which things happened to it: a message is in the counters exactly when it was
   * reported before them.
   */
  #hear(report: HostReport | TargetHostReport): void {
    if (report.type === 'published') {
      this.#published += report.count;
      this.#order();
    } else if (report.type === 'sample') {
      const { bytes } = report.sample;
      if (bytes !== null) this.counters = { up: bytes.read, down: bytes.written, published: this.#published };
      this.#answered.get(report.id)?.();
      this.#answered.delete(report.id);
    }
  }

  /** One order a message: the next one follows the schedule as it is then. */
  #order(): void {
    const sequence = this.#published + 1;
    const instantMs = dueMs(this.schedule(), sequence) ?? performance.now();
    this.#host.send({
      type: 'publish',
      // The only message of a constant schedule is due in its middle.
      schedule: {
        seed: 0,
        phase: 'demo',
        arrivals: 'constant',
        ratePerSecond: 1000,
        durationSeconds: 0.001,
      },
      startNs: String(fromLocalMs(instantMs - 0.5)),
      firstSequence: sequence,
      payloadBytes: MARKER_BYTES,
    });
  }
}
