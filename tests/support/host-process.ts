import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fromLocalMs } from '../../protocol/clock.js';
import type { Content } from '../../protocol/payload.js';
import type { Arrivals } from '../../protocol/schedule.js';
import type { HostCommand, HostReport, HostSample, ServerSettings } from '../../servers/contract.js';
import { ROOT } from '../project-files.js';
import { Changes } from './changes.js';

const ENTRY = join(ROOT, 'dist', 'servers', 'host.js');

const HOLD_LIMIT_MS = 20_000;
const LOOK_MS = 5;

/** Settings that keep heartbeats and hold time-outs out of a test. */
export const SETTINGS: ServerSettings = {
  address: '127.0.0.1',
  port: 0,
  keepAliveTimeoutMs: 120_000,
  holdMs: 60_000,
  heartbeatMs: 60_000,
  maxQueuedBytes: 64 * 1024 * 1024,
};

export interface Publishing {
  readonly count: number;
  /** Default 10. */
  readonly bytes?: number;
  /** Default text. */
  readonly content?: Content;
  /** Spread over this; 0 (the default) publishes all in one burst. */
  readonly seconds?: number;
  readonly arrivals?: Arrivals;
  /** Topics that the messages are spread over; as many as the server was told of. */
  readonly topics?: number;
}

/** A reference server in the process it really runs in, driven as the runner drives it. */
export class HostProcess {
  url = '';
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #changes = new Changes();
  readonly #reports: HostReport[] = [];
  #samples = 0;
  #nextSequence: number;

  private constructor(firstSequence: number) {
    this.#nextSequence = firstSequence;
    this.#process = fork(ENTRY, { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#exited = once(this.#process, 'exit');
    this.#process.on('message', (report) => {
      this.#reports.push(report as HostReport);
      this.#changes.changed();
    });
  }

  /** Starts a process and serves in it. @param firstSequence for one that follows another */
  static async serve(
    scenario: string,
    settings: Partial<ServerSettings> = {},
    firstSequence = 1,
  ): Promise<HostProcess> {
    const host = new HostProcess(firstSequence);
    host.#tell({ type: 'serve', scenario, settings: { ...SETTINGS, ...settings } });
    host.url = (await host.#hear('listening')).url;
    return host;
  }

  get pid(): number {
    return this.#process.pid!;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Publishes and waits until all is published. @returns their sequence numbers */
  async publish({
    count,
    bytes = 10,
    content = 'text',
    seconds = 0,
    arrivals = 'constant',
    topics,
  }: Publishing): Promise<number[]> {
    const durationSeconds = seconds || 0.001;
    const firstSequence = this.#nextSequence;
    this.#nextSequence += count;
    this.#tell({
      type: 'publish',
      schedule: {
        seed: firstSequence,
        phase: 'test',
        arrivals,
        ratePerSecond: count / durationSeconds,
        durationSeconds,
        ...(topics === undefined ? {} : { topics }),
      },
      startNs: String(fromLocalMs(performance.now())),
      firstSequence,
      payloadBytes: bytes,
      content,
    });
    const published = await this.#hear('published');
    if (published.count !== count) throw new Error(`${published.count} instead of ${count} were published`);
    return Array.from({ length: count }, (_, at) => firstSequence + at);
  }

  /** @param collect after a collection of garbage */
  async sample(collect = false): Promise<HostSample> {
    const id = ++this.#samples;
    this.#tell({ type: 'sample', collect, id });
    return (await this.#hear('sample')).sample;
  }

  /** Resolves once the server holds this many clients. */
  holds(count: number): Promise<void> {
    return this.#held((held) => held === count, `${count}`);
  }

  /** Resolves once the server holds this many clients or more: a browser opens connections to spare. */
  holdsAtLeast(count: number): Promise<void> {
    return this.#held((held) => held >= count, `${count} or more`);
  }

  async #held(condition: (held: number) => boolean, what: string): Promise<void> {
    const untilMs = performance.now() + HOLD_LIMIT_MS;
    for (;;) {
      const { held } = await this.sample();
      if (condition(held)) return;
      if (performance.now() > untilMs) throw new Error(`the server holds ${held} clients instead of ${what}`);
      // Without a pause this process and the server would do nothing else.
      await pause(LOOK_MS);
    }
  }

  /** Descriptors that the process has open. Linux only. */
  get descriptors(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Ends the process at once, as a crash would. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  #tell(command: HostCommand): void {
    this.#process.send(command);
  }

  async #hear<T extends HostReport['type']>(type: T): Promise<Extract<HostReport, { type: T }>> {
    const isAnswer = (report: HostReport): boolean => report.type === type || report.type === 'fault';
    await this.#changes.until(() => this.#reports.some(isAnswer), `the server process to say "${type}"`);
    const report = this.#reports.splice(this.#reports.findIndex(isAnswer), 1)[0]!;
    if (report.type === 'fault') throw new Error(`the server process failed: ${report.message}`);
    return report as Extract<HostReport, { type: T }>;
  }
}
