import type { Content } from '../protocol/payload.js';
import type { ScheduleSpec } from '../protocol/schedule.js';
import type { Feed } from './feed.js';
import type { HandlerSample, HandlerSettings } from './handler-pool.js';
import type { WaitCounts } from './wait-counts.js';

/** Settings every reference server is given; the run's result prints them. */
export interface ServerSettings {
  /** Loopback address to listen on (127.0.0.0/8). */
  readonly address: string;
  /** 0 lets the system choose a five-digit port. */
  readonly port: number;
  /** Idle keep-alive connections are closed after this; must exceed the poll interval. */
  readonly keepAliveTimeoutMs: number;
  /** How long a long poll is held before it is answered without news. */
  readonly holdMs: number;
  /** Streams get a comment (or a ping) this often, never within this time of connecting. */
  readonly heartbeatMs: number;
  /** A client with more than this queued is cut off. */
  readonly maxQueuedBytes: number;
  /** A request's head has this long to arrive from its first byte on, and its body as long again. Default 10 s. */
  readonly headTimeoutMs?: number;
  /** Adds up the bytes of all sockets for {@link HostSample.bytes}; off by default, for it costs a little a client. */
  readonly countBytes?: boolean;
  /** Connections that are served at a time; those beyond are answered 503. Without it all are. See `limitConnections`. */
  readonly admission?: number;
  /** Messages belong to topics 1 to this; requests and upgrades name theirs. Left out: every message is everybody's. */
  readonly topics?: number;
  /** What clients say is published in their topic; without it nobody listens to them. */
  readonly echo?: EchoSettings;
  /** Every request and upgrade first needs one of these; without them it is answered at once. See `withHandler`. */
  readonly handlers?: HandlerSettings;
}

/** How clients' messages are to be taken. */
export interface EchoSettings {
  /** They are no text. WebSocket says so itself, a request's body does not. */
  readonly isBinary: boolean;
}

/** A running reference server. */
export interface ReferenceServer {
  /** http: or ws: URL with path. */
  readonly url: string;
  /**
   * Clients held now: parked long polls, subscribed streams, open sockets of pollers. A client that connects for each poll
   * is held while its poll lasts.
   */
  held(): number;
  /** Clients cut off because they read too slowly. */
  cutOff(): number;
  close(): Promise<void>;
}

/** A transport as the server half knows it: one file, one registry line. */
export interface ServerDefinition {
  readonly id: string;
  /** Loads what starting needs, if that takes long. A process that waits to serve does it meanwhile. */
  load?(): Promise<unknown>;
  start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer>;
}

/** What the runner tells a server host over the process channel (JSON). */
export type HostCommand =
  /** Before `serve`: load what the server needs, for a process that waits. */
  | { readonly type: 'load'; readonly scenario: string }
  | { readonly type: 'serve'; readonly scenario: string; readonly settings: ServerSettings }
  /** Publish a schedule, open loop. Instants are relative to `startNs` (CLOCK_MONOTONIC, decimal). */
  | {
      readonly type: 'publish';
      readonly schedule: ScheduleSpec;
      readonly startNs: string;
      readonly firstSequence: number;
      readonly payloadBytes: number;
      /** Default text. */
      readonly content?: Content;
      /** Messages left out at the beginning. */
      readonly from?: number;
    }
  /** Before `serve`: the log of an earlier process, as a broker kept it, up to this sequence number. */
  | {
      readonly type: 'restore';
      readonly through: number;
      readonly payloadBytes: number;
      /** Default text. */
      readonly content?: Content;
    }
  /** Compute a schedule that will be published next: sorting a million instants takes longer than a start can wait. */
  | { readonly type: 'prepare'; readonly schedule: ScheduleSpec }
  /** Stop publishing once this many of the schedule's messages are out (now, when left out); the rest stays unpublished. */
  | { readonly type: 'halt'; readonly after?: number }
  | { readonly type: 'sample'; readonly collect: boolean; readonly id: number }
  | { readonly type: 'abort' };

/** What a server host answers. */
export type HostReport =
  | { readonly type: 'listening'; readonly url: string; readonly pid: number }
  | { readonly type: 'prepared' }
  | { readonly type: 'published'; readonly count: number; readonly idleLagUs: readonly number[] }
  | { readonly type: 'sample'; readonly id: number; readonly sample: HostSample }
  | {
      readonly type: 'fault';
      readonly message: string;
      /** The message says all, as a sentence: not that of a process of ours. */
      readonly isWhole?: boolean;
    };

/** A host's own view of itself, from the operating system and V8. */
export interface HostSample {
  /** User and system time of the process so far (getrusage), microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  readonly held: number;
  readonly cutOff: number;
  /** Messages of clients that were dropped, for they did not begin with a number. */
  readonly misheard?: number;
  /** What the sockets of all clients read and wrote so far, closed ones contained; null unless the settings ask for it. */
  readonly bytes: SocketBytes | null;
  /** Absent unless the settings ask for handlers. */
  readonly handlers?: HandlerSample;
  /** Of a host that only stands for a server of the user's, which these costs are of. */
  readonly target?: TargetSample;
}

/** What the host of a server of the user's knows of it. */
export interface TargetSample {
  /** Its process; null where it is not known. */
  readonly pid: number | null;
  /** Why CPU and memory are not known, and 0 here; null when they are. */
  readonly unread: string | null;
  /** Nothing is sent to it. */
  readonly publishesItself: boolean;
  /** Messages that were sent to it, and answers that said that it took them. */
  readonly sent: number;
  readonly taken: number;
  /** Of those sent: twice, for the connection of the first was lost before it was answered. */
  readonly repeated: number;
  /** Of those sent: while one before was not answered, on another connection. */
  readonly overlapping: number;
  /** The others by kind; those not answered yet are none. */
  readonly failures: Readonly<Record<string, number>>;
  /** From sending a message to the answer that it was taken, as counts by bucket. */
  readonly answered: WaitCounts;
}

/** The sum of the counters of a server's accepted sockets (`net.Socket`), since it began to listen. */
export interface SocketBytes {
  readonly read: number;
  readonly written: number;
  /** Sockets accepted so far. */
  readonly sockets: number;
}
