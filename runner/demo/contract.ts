import type { Segment } from './schedule.js';

/** The five transports of the article, in the order of the page. */
export const TRANSPORTS = ['polling', 'longpoll', 'iframe', 'sse', 'websocket'] as const;

export type TransportId = (typeof TRANSPORTS)[number];

/** What the page is told once, inside its HTML. */
export interface DemoSettings {
  /** Proves that a command comes from this page. */
  readonly token: string;
  readonly transports: readonly {
    readonly id: TransportId;
    readonly title: string;
    /** URL, or a path of the page's own origin. */
    readonly address: string;
  }[];
  readonly pollIntervalMs: number;
  /** Messages a second that may be chosen. */
  readonly rates: readonly number[];
  /** Added round trips that may be chosen, milliseconds. */
  readonly roundTripsMs: readonly number[];
}

/** Counters of the accepted sockets of one transport's server since the page came, bytes. */
export interface Traffic {
  /** Client to server. */
  readonly up: number;
  readonly down: number;
  /** The newest message that the server had published when they were read: it is in them. */
  readonly published: number;
}

/** The servers were killed, and answered again later. Milliseconds of the runner's clock. */
export interface Outage {
  readonly sinceMs: number;
  /** Null while it lasts. */
  readonly untilMs: number | null;
}

/** How things stand. Instants are milliseconds of the runner's `performance.now()`. */
export interface DemoStatus {
  /** False for a page that another one has taken over from; its counters are not its own any more. */
  readonly active: boolean;
  readonly nowMs: number;
  /** The newest message that is due. */
  readonly published: number;
  readonly ratePerSecond: number;
  readonly roundTripMs: number;
  readonly segments: readonly Segment[];
  /** The latest of them last. */
  readonly outages: readonly Outage[];
  readonly traffic: Readonly<Record<TransportId, Traffic>>;
}
