import { setTimeout as delay } from 'node:timers/promises';
import type { LinkEnd } from '../link/contract.js';
import { Link } from '../link/link.js';
import { type Outage, TRANSPORTS, type Traffic, type TransportId } from './contract.js';
import { DemoServer } from './reference-server.js';
import { type Segment, withRate } from './schedule.js';

/** How long the servers stay away, so that a person sees messages pass by. */
const AWAY_MS = 3000;
/** The page draws the last seconds only. */
const KEPT_OUTAGES = 4;

/** What the counters of all servers say now. */
export type Reading = Readonly<Record<TransportId, Traffic>>;

/** The five servers, the link in front of them, and what a visitor may do to both. */
export class DemoStage {
  roundTripMs = 0;
  segments: readonly Segment[];
  outages: readonly Outage[] = [];
  readonly #link = new Link({ oneWayMs: 0, bandwidthBitsPerSecond: null });
  readonly #servers: readonly DemoServer[];
  readonly #leaving = new AbortController();
  #restarting: Promise<void> | null = null;
  #fail: (error: unknown) => void = () => {};
  /** Rejects when a server ends although nobody killed it, or does not come back. */
  readonly untilFault: Promise<never>;

  constructor(ratePerSecond: number, pollIntervalMs: number) {
    this.segments = [{ firstSequence: 1, startMs: performance.now(), ratePerSecond }];
    this.untilFault = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    // Whoever waits for it hears of it; before that it must not end the process.
    this.untilFault.catch(() => {});
    this.#servers = TRANSPORTS.map(
      (id) => new DemoServer(id, pollIntervalMs, () => this.segments, this.#fail),
    );
  }

  /**
   * Starts the servers and the link.
   * @returns where each transport is reached, through the link, and on which path
   * @throws ChildDied when a server cannot be started
   */
  async open(): Promise<ReadonlyMap<TransportId, { readonly end: LinkEnd; readonly path: string }>> {
    const ends = await Promise.all(
      this.#servers.map(async (server) => {
        await server.start();
        return [server.id, { end: await this.#link.to(server.door), path: server.path }] as const;
      }),
    );
    return new Map(ends);
  }

  /** Messages a second from about now on, on all transports alike. */
  setRate(ratePerSecond: number): void {
    this.segments = withRate(this.segments, ratePerSecond, performance.now());
    for (const server of this.#servers) server.reschedule();
  }

  get ratePerSecond(): number {
    return this.segments.at(-1)!.ratePerSecond;
  }

  /** The round trip between every visitor and every server, from now on. */
  setRoundTrip(roundTripMs: number): void {
    this.roundTripMs = roundTripMs;
    this.#link.setDelay(roundTripMs / 2);
  }

  /** Kills all servers and starts them again after a while, each on its port. Once at a time. */
  restart(): void {
    this.#restarting ??= this.#restart()
      .catch((error: unknown) => {
        if (!this.#leaving.signal.aborted) this.#fail(error);
      })
      .finally(() => {
        this.#restarting = null;
      });
  }

  async #restart(): Promise<void> {
    const sinceMs = performance.now();
    this.outages = [...this.outages, { sinceMs, untilMs: null }].slice(-KEPT_OUTAGES);
    await Promise.all(this.#servers.map((server) => server.kill()));
    await delay(AWAY_MS, undefined, { signal: this.#leaving.signal });
    await Promise.all(this.#servers.map((server) => server.start()));
    this.outages = [...this.outages.slice(0, -1), { sinceMs, untilMs: performance.now() }];
  }

  /** Reads all counters. */
  async read(): Promise<Reading> {
    const traffic = await Promise.all(this.#servers.map((server) => server.traffic()));
    return Object.fromEntries(TRANSPORTS.map((id, at) => [id, traffic[at]!])) as Reading;
  }

  /** Ends every process and drops every connection. Never throws. */
  async close(): Promise<void> {
    this.#leaving.abort();
    this.#link.stop();
    await Promise.all(this.#servers.map((server) => server.end()));
    // A restart that was under way may have started one more.
    await this.#restarting;
    await Promise.all(this.#servers.map((server) => server.end()));
  }
}
