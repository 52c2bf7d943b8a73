import { setTimeout as delay } from 'node:timers/promises';
import { fromLocalMs } from '../../protocol/clock.js';
import { MARKER_BYTES } from '../../protocol/payload.js';
import { ChildDied } from '../child.js';
import type { LinkEnd } from '../link/contract.js';
import { serverSettings } from '../server-settings.js';
import { type HostChild, sampleHost, startHost } from '../side.js';
import { parseTarget } from '../target.js';
import type { Traffic, TransportId } from './contract.js';
import { dueMs, newestAt, type Segment } from './schedule.js';

/** Nobody ever listens here: a call fails at once. An unused port could be given to somebody else. */
const CLOSED_PORT = 0;
/** A server that does not answer within this is shown as it was last. */
const READING_LIMIT_MS = 500;
/** The one reading of a life that this file numbers itself; those of `sampleHost` are positive. */
const LAST_READING = -1;

/**
 * The reference server of one transport, in a process of its own that can be killed and started again. It publishes the
 * schedule that all of them share, and its sockets' counters add up over its lives.
 */
export class DemoServer {
  /** Where the server is now; calls fail while it is away. */
  readonly door: LinkEnd & { port: number } = { address: '127.0.0.1', port: CLOSED_PORT };
  #host: HostChild | null = null;
  /** A process that has started and is told to serve only when the time away is over. */
  #spare: HostChild | null = null;
  /** The same in every life, unless somebody else took it meanwhile. */
  #port = 0;
  #path = '';
  #ended = false;
  #earlier: Traffic = { up: 0, down: 0 };
  #life: Traffic = { up: 0, down: 0 };

  /**
   * @param schedule as it is now
   * @param onFault called when the process ends although nobody killed it
   */
  constructor(
    readonly id: TransportId,
    private readonly pollIntervalMs: number,
    private readonly schedule: () => readonly Segment[],
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** The path of its URL, such as `/sse`. */
  get path(): string {
    return this.#path;
  }

  /** Starts the process with the log so far and opens the door. @throws ChildDied when it cannot serve */
  async start(): Promise<void> {
    try {
      await this.#serve();
    } catch (error) {
      // The port was free for seconds: somebody else may have it now. Any other will do, the link knows which.
      if (!(error instanceof ChildDied) || this.#port === 0 || this.#ended) throw error;
      await this.#host?.end({ type: 'abort' });
      this.#port = 0;
      await this.#serve();
    }
  }

  async #serve(): Promise<void> {
    const host = this.#spare ?? startHost(null);
    this.#spare = null;
    this.#host = host;
    const listening = host.next('listening');
    const through = newestAt(this.schedule(), performance.now());
    if (through > 0) host.send({ type: 'restore', through, payloadBytes: MARKER_BYTES });
    const settings = serverSettings({
      port: this.#port,
      payloadBytes: MARKER_BYTES,
      pollIntervalMs: this.pollIntervalMs,
    });
    host.send({ type: 'serve', scenario: this.id, settings: { ...settings, countBytes: true } });
    const { port, path } = parseTarget((await listening).url);
    this.#port = port;
    this.#path = path;
    this.door.port = port;
    void this.#publishFrom(host, through + 1);
    host.untilDeath().catch(this.onFault);
  }

  /** One order a message: the next one follows the schedule as it is then. Ends with the process. */
  async #publishFrom(host: HostChild, first: number): Promise<void> {
    let sequence = first;
    try {
      for (;;) {
        const instantMs = dueMs(this.schedule(), sequence) ?? performance.now();
        const published = host.next('published');
        host.send({
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
        sequence += (await published).count;
      }
    } catch (error) {
      if (!(error instanceof ChildDied)) this.onFault(error);
    }
  }

  /** The schedule has changed: takes the waiting order back, so that the next one follows the new schedule. */
  reschedule(): void {
    this.#host?.send({ type: 'halt' });
  }

  /** What the server's sockets have counted so far, over all lives. */
  async traffic(): Promise<Traffic> {
    const host = this.#host;
    if (host !== null) {
      const reading = await Promise.race([
        sampleHost(host, false).catch(() => null),
        delay(READING_LIMIT_MS, null, { ref: false }),
      ]);
      if (reading?.bytes && this.#host === host) {
        this.#life = { up: reading.bytes.read, down: reading.bytes.written };
      }
    }
    return { up: this.#earlier.up + this.#life.up, down: this.#earlier.down + this.#life.down };
  }

  /**
   * Ends the process at once: connections break without a goodbye, as in a crash.
   *
   * The counters are asked for in the same breath. The process answers and exits within one turn of its loop, so nothing
   * that it wrote is missing from them.
   */
  async kill(): Promise<void> {
    const host = this.#host;
    this.door.port = CLOSED_PORT;
    this.#host = null;
    if (host === null) return;
    const answered = new Promise<void>((resolve) => {
      host.onReport((report) => {
        if (report.type !== 'sample' || report.id !== LAST_READING) return;
        const { bytes } = report.sample;
        if (bytes !== null) this.#life = { up: bytes.read, down: bytes.written };
        resolve();
      });
    });
    host.send({ type: 'sample', collect: false, id: LAST_READING });
    await host.end({ type: 'abort' });
    // The exit may be told before the last words are.
    await Promise.race([answered, delay(READING_LIMIT_MS, undefined, { ref: false })]);
    if (!this.#ended) this.#spare = startHost(null);
    this.#earlier = { up: this.#earlier.up + this.#life.up, down: this.#earlier.down + this.#life.down };
    this.#life = { up: 0, down: 0 };
  }

  /** Ends the process for good. Never throws. */
  async end(): Promise<void> {
    const own = [this.#host, this.#spare];
    this.#ended = true;
    this.door.port = CLOSED_PORT;
    this.#host = null;
    this.#spare = null;
    await Promise.all(own.map((host) => host?.end({ type: 'abort' })));
  }
}
