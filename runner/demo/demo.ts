import type { Scenario } from '../../scenarios/contract.js';
import { scenarios } from '../../scenarios/registry.js';
import { type DemoSettings, TRANSPORTS, type TransportId } from './contract.js';
import { PageServer } from './page-server.js';
import { DemoStage } from './stage.js';

/** Messages a second that the page offers, beside the one it starts with. */
const RATES = [0.5, 1, 2, 5, 10] as const;
/** Added round trips that the page offers, milliseconds. */
const ROUND_TRIPS_MS: DemoSettings['roundTripsMs'] = [0, 50, 200];

export interface DemoOptions {
  /** 0 is a free one. */
  readonly port: number;
  readonly ratePerSecond: number;
  readonly pollIntervalMs: number;
}

/** The whole demo: servers, link and page. */
export class Demo {
  readonly #stage: DemoStage;
  #page: PageServer | null = null;

  constructor(private readonly options: DemoOptions) {
    this.#stage = new DemoStage(options.ratePerSecond, options.pollIntervalMs);
  }

  /**
   * Starts everything.
   * @returns the page's address
   * @throws ChildDied when a server cannot be started, Error with a sentence when the port cannot be had
   */
  async open(): Promise<string> {
    const { port, ratePerSecond, pollIntervalMs } = this.options;
    const ends = await this.#stage.open();
    const registry: Readonly<Record<TransportId, Scenario>> = scenarios;
    this.#page = await PageServer.open({
      port,
      stage: this.#stage,
      ends,
      titles: Object.fromEntries(TRANSPORTS.map((id) => [id, registry[id].title])) as Record<
        TransportId,
        string
      >,
      pollIntervalMs,
      rates: [...new Set([...RATES, ratePerSecond])].sort((a, b) => a - b),
      roundTripsMs: ROUND_TRIPS_MS,
    });
    return this.#page.url;
  }

  /** Rejects when a server ends although nobody asked for it; never resolves. */
  get untilFault(): Promise<never> {
    return this.#stage.untilFault;
  }

  /** Ends every process, connection and listener. */
  async close(): Promise<void> {
    await this.#page?.close();
    await this.#stage.close();
  }
}
