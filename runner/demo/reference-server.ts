import { MARKER_BYTES } from '../../protocol/payload.js';
import { ChildDied } from '../child.js';
import type { LinkEnd } from '../link/contract.js';
import { serverSettings } from '../server-settings.js';
import type { Traffic, TransportId } from './contract.js';
import type { Segment } from './schedule.js';
import { ServerLife } from './server-life.js';

/** Nobody ever listens here: a call fails at once. An unused port could be given to somebody else. */
const CLOSED_PORT = 0;

/**
 * The reference server of one transport, in a process of its own that can be killed and started again. It publishes the
 * schedule that all of them share, and its sockets' counters add up over its lives.
 */
export class DemoServer {
  /** Where the server is now; calls fail while it is away. */
  readonly door: LinkEnd & { port: number } = { address: '127.0.0.1', port: CLOSED_PORT };
  /** The path of its URL, such as `/sse`; empty before the first start. */
  path = '';
  #life: ServerLife | null = null;
  /** A process that has started and is told to serve only when the time away is over. */
  #spare: ServerLife | null = null;
  /** The same in every life, unless somebody else took it meanwhile. */
  #port = 0;
  #ended = false;
  /** Of all lives that are over. */
  #earlier: Traffic = { up: 0, down: 0, published: 0 };

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

  /** Starts the process with the log so far and opens the door. @throws ChildDied when it cannot serve */
  async start(): Promise<void> {
    try {
      await this.#serve();
    } catch (error) {
      // The port was free for seconds: somebody else may have it now. Any other will do, the link knows which.
      if (!(error instanceof ChildDied) || this.#port === 0 || this.#ended) throw error;
      await this.#life?.end();
      this.#port = 0;
      await this.#serve();
    }
  }

  async #serve(): Promise<void> {
    const life = this.#spare ?? new ServerLife(this.schedule);
    this.#spare = null;
    this.#life = life;
    const settings = serverSettings({
      port: this.#port,
      payloadBytes: MARKER_BYTES,
      pollIntervalMs: this.pollIntervalMs,
    });
    const { port, path } = await life.serve(this.id, settings, this.onFault);
    this.#port = port;
    this.path = path;
    this.door.port = port;
  }

  /** The schedule has changed. */
  reschedule(): void {
    this.#life?.reschedule();
  }

  /** What the server's sockets have counted so far, over all lives. */
  async traffic(): Promise<Traffic> {
    // One that is being killed is read for the last time by then.
    if (this.door.port !== CLOSED_PORT) await this.#life?.read();
    return this.#sum();
  }

  #sum(): Traffic {
    const life = this.#life?.counters;
    if (life === undefined) return this.#earlier;
    const { up, down } = this.#earlier;
    return { up: up + life.up, down: down + life.down, published: life.published };
  }

  /** Ends the process at once, as a crash would, and gets the next one ready. */
  async kill(): Promise<void> {
    this.door.port = CLOSED_PORT;
    await this.#life?.kill();
    this.#earlier = this.#sum();
    this.#life = null;
    if (this.#ended) return;
    this.#spare = new ServerLife(this.schedule);
    this.#spare.load(this.id);
  }

  /** Ends the process for good. Never throws. */
  async end(): Promise<void> {
    this.#ended = true;
    this.door.port = CLOSED_PORT;
    await Promise.all([this.#life?.end(), this.#spare?.end()]);
  }
}
