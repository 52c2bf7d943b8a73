import type { FAILURE_KINDS } from '../protocol/failure-kinds.js';
import type { Content } from '../protocol/payload.js';
import type { Random } from '../protocol/random.js';
import type { Ledger } from './ledger.js';
import type { TimerWheel } from './timer-wheel.js';
import type { ReadThrottle } from './wire/read-throttle.js';

/** The way a transport moves messages; charts and the summary group by it. */
export type Family = 'polling' | 'streaming' | 'socket';

/** Why a client's connection or exchange went wrong. */
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** What clients of servers that are not ours tell besides. Synchronous and on the hot path, too. */
export interface ForeignEvents {
  /** A message without a marker, or of a server that publishes by itself one without the time it should carry. */
  unmarked(client: number): void;
  /** A marker of another run: somebody else's message. */
  otherRun(client: number): void;
  /**
   * A message of a server that publishes by itself.
   * @param carriedMs the time it carries, milliseconds since 1970; null when messages are not expected to carry any
   */
  heard(client: number, carriedMs: number | null): void;
}

/** What a virtual client tells whoever drives it. All calls are synchronous and made on the hot path: implementations must not allocate. */
export interface ClientEvents {
  /** The first read callback of a wake-up stamps it. Called once per read, before anything is parsed. */
  woke(): void;
  /** A TCP connection is begun, a client's first or a later one. */
  dialled(): void;
  /**
   * A whole message was parsed.
   * @param client index of the client within its shard
   * @param sequence the ten digits of the message
   * @param bytes length of the payload
   */
  delivered(client: number, sequence: number, bytes: number): void;
  /**
   * The transport is open: a stream's response head or an upgrade was accepted, or a poller's connection is established; of
   * a client that connects for each poll, the first is being answered.
   */
  connected(client: number, connectMs: number): void;
  /** An established client lost its connection; it reconnects by itself unless it was closed. */
  disconnected(client: number): void;
  failed(client: number, kind: FailureKind): void;
  /** A request was answered; `messages` is 0 for an empty answer. `up` and `down` are the bytes of this exchange. */
  answered(messages: number, up: number, down: number): void;
  /** What a client said in a request of its own was taken. */
  posted(): void;
  /** A poll was left out because the one before was still unanswered. */
  postponed(): void;
  /** Left out where nobody wants to hear of it. */
  readonly foreign?: ForeignEvents;
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
  /** Sub-protocols that WebSocket clients ask for, the preferred one first; default none. */
  readonly subprotocols?: readonly string[];
  /** What messages hold; default text. Transports that have only text carry `binary` as base64. */
  readonly content?: Content;
  /** Messages belong to topics, and each client listens and speaks in one: its path names it. Left out without topics. */
  readonly topics?: ClientTopics;
  /** The number of the shard's first client among all clients of the trial; 0 when left out. */
  readonly firstClient?: number;
  /** Length of the messages that pushbench publishes; clients of servers that are not ours have to know. */
  readonly payloadBytes?: number;
  /** A connection that has not opened within this is a failure of kind `timeout`; 10 s when left out. */
  readonly connectTimeoutMs?: number;
  /** The first back-off after a lost connection, milliseconds; doubles with each failed attempt, up to 32 times. */
  readonly reconnectMs: number;
  /** Clients come as somebody new: pollers ask without a cursor until they have heard a message, so that they start from now. */
  readonly startsNow?: true;
  /** Sockets are read only as fast as this allows; left out, as fast as the server sends. */
  readonly throttle?: ReadThrottle;
}

/** Which topic each client of a shard has: see `clientTopic`. */
export interface ClientTopics {
  readonly count: number;
  /** The number of the shard's first client among all clients of the trial. */
  readonly firstClient: number;
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
  /** The line with the visitor's cookie for this server, line end contained; empty or left out without one. */
  readonly cookie?: string;
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
  /**
   * Says something to the server, the way its transport has for it: on the same connection where it goes both ways, else in
   * a POST beside it. A client that is not connected counts a failure, and says it once it is.
   *
   * @param payload a message of at most 64 KiB; kept, not copied
   */
  say(payload: Buffer): void;
  /** Drops the connection at once and stays away. */
  close(): void;
  /** Goes away for good as a closed page does: its connection ends with a FIN, and TIME_WAIT is on its side. */
  leave(): void;
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
  /**
   * Each poll has a connection of its own, which the server closes: between polls a client has no socket, is neither
   * disconnected nor failed, and no server can tell how many clients it has.
   */
  readonly reconnectsEachPoll?: boolean;
  /** Where its upgrade is refused a client goes on another way, and counts a failure. */
  readonly fallsBack?: boolean;
  /** Connections that a client may hold at once; default 1. Ports and descriptors are reckoned with it. */
  readonly connections?: number;
  createClient(context: ClientContext, index: number): VirtualClient;
}
