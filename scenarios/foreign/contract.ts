import type { Family } from '../contract.js';

/** How a server that is not ours gets its messages to clients, with the family that charts group it by. */
export const FOREIGN_TRANSPORTS = {
  polling: 'polling',
  longpoll: 'polling',
  /** An endless response, such as an iframe's. */
  stream: 'streaming',
  sse: 'streaming',
  websocket: 'socket',
  /** Engine.IO 4 over a WebSocket from the start: its pings are answered, its namespace is joined. */
  socketio: 'socket',
} as const satisfies Record<string, Family>;

export type ForeignTransport = keyof typeof FOREIGN_TRANSPORTS;

/** Where a value stands in a JSON text: names and indices joined by dots, such as `data.items.0.text`. */
export type JsonPath = string;

/** Where pushbench's marker is looked for in a message: anywhere in its text, or in one string of a JSON message. */
export type FindMarker = { readonly in: 'anywhere' } | { readonly in: 'json'; readonly path: JsonPath };

/** What the next request of a client that asks depends on: a value of the answer before. */
export interface ForeignCursor {
  /** Of the first request. */
  readonly start: string;
  readonly from: { readonly header: string } | { readonly json: JsonPath };
}

/** The time that a message of a server which publishes by itself carries: since 1970, or in ISO 8601. */
export interface CarriedTime {
  readonly json: JsonPath;
  readonly unit: 's' | 'ms' | 'us' | 'iso';
}

/**
 * How a virtual client subscribes to a server that is not ours, and what it looks for in what arrives. Plain data, so it
 * can cross to a shard. Texts may hold `{client}`, the client's number among all of the trial.
 */
export interface ForeignSpec {
  /** Stands for the target wherever a scenario's id does. */
  readonly id: string;
  readonly title: string;
  readonly transport: ForeignTransport;
  /** Path with query; of clients that ask it may hold `{cursor}`. */
  readonly path: string;
  /** Added to every request and upgrade, in this order. */
  readonly headers: Readonly<Record<string, string>>;
  /** Said as text messages, one by one, once a socket is open. */
  readonly hello: readonly string[];
  /** Text messages of the server that are answered, word for word. */
  readonly replies: Readonly<Record<string, string>>;
  readonly find: FindMarker;
  /** Null where every request is the same. */
  readonly cursor: ForeignCursor | null;
  /** Eight lower-case hex digits: a marker of another run is somebody else's message. */
  readonly run: string;
  /** Null where pushbench publishes; else messages have no marker, and latency is known only if they carry a time. */
  readonly self: { readonly time: CarriedTime | null } | null;
}
