import type { Random } from '../protocol/random.js';
import type { Ledger } from './ledger.js';
import type { TimerWheel } from './timer-wheel.js';

/** The way a transport moves messages; charts and the summary group by it. */
export type Family = 'polling' | 'streaming' | 'socket';

/** Why a client's connection or exchange went wrong. */
export type FailureKind =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'no-ports'
  | 'no-descriptors'
  | 'closed'
  | 'http-4xx'
  | 'http-503'
  | 'http-5xx'
  | 'protocol'
  | 'payload'
  | 'other';

/** What a virtual client tells whoever drives it. All calls are synchronous and made on the hot path: implementations must not allocate. */
export interface ClientEvents {
  /** The first read callback of a wake-up stamps it. Called once per read, before anything is parsed. */
  woke(): void;
  /**
   * A whole message was parsed.
   * @param client index of the client within its shard
   * @param sequence the ten digits of the message
   * @param bytes length of the payload
   */
  delivered(client: number, sequence: number, bytes: number): void;
  /** The transport is open: a stream's response head or an upgrade was accepted, or a poller's connection is established. */
  connected(client: number, connectMs: number): void;
  /** An established client lost its connection; it reconnects by itself unless it was closed. */
  disconnected(client: number): void;
  failed(client: number, kind: FailureKind): void;
  /** A request was answered; `messages` is 0 for an empty answer. `up` and `down` are the bytes of this exchange. */
  answered(messages: number, up: number, down: number): void;
  /** A poll was left out because the one before was still unanswered. */
  postponed(): void;
}

/** What every client of a shard shares. */
export interface ClientContext {
  readonly target: Target;
  readonly events: ClientEvents;
  readonly ledger: Ledger;
  readonly wheel: TimerWheel;
  readonly random: Random;
  /** One buffer for all sockets of the process: reads are synchronous, so no two clients use it at once. */
  readonly readBuffer: Buffer;
  readonly pollIntervalMs: number;
  readonly headers: HeaderStyle;
  /** The first back-off after a lost connection, milliseconds; doubles with each failed attempt, up to 32 times. */
  readonly reconnectMs: number;
}

export type HeaderStyle = 'minimal' | 'browser';

/** Where the server is: a parsed http: URL, numbers and strings only. WebSocket uses the same form. */
export interface Target {
  /** An IP address. */
  readonly address: string;
  readonly port: number;
  /** As it stands in the Host field. */
  readonly host: string;
  /** Path with query, as the server announced it. */
  readonly path: string;
}

/** One simulated visitor. It reconnects and resumes by itself from `open` to `close`. */
export interface VirtualClient {
  open(): void;
  /**
   * No more messages will be published after `lastSequence`: pollers stop at their first empty answer once they have
   * reached it. Streams ignore it.
   */
  settle(lastSequence: number): void;
  /** Publishing goes on: pollers that stopped resume. */
  resume(): void;
  /** The shard's wheel says that this client's entry is due. */
  timer(): void;
  /** Drops the connection at once and stays away. */
  close(): void;
  /** Bytes of all its sockets so far, from the sockets' own counters. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** A transport as the client half knows it: one file, one registry line. */
export interface Scenario {
  readonly id: string;
  /** For people: "Long polling". */
  readonly title: string;
  readonly family: Family;
  /** One sentence for `list` and the documentation. */
  readonly description: string;
  /** Whether messages arrive in answers to requests; `requests` and `exchange` are empty otherwise. */
  readonly asks: boolean;
  /** Whether delivery waits for the poll interval. */
  readonly waitsForInterval: boolean;
  /** Whether a client that lost its connection asks for what it missed. */
  readonly resumes: boolean;
  createClient(context: ClientContext, index: number): VirtualClient;
}
