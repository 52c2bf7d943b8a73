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

/**
 * Where a value stands in a JSON text: names and indices joined by dots, such as `data.items.0.text`; `*` stands for every
 * element of a list or object, and the empty path for the whole. A message of Socket.IO is the list of its event's name
 * and arguments: `1.text`.
 */
export type JsonPath = string;

/** Where pushbench's marker is looked for in a message: anywhere in its text, or in one string of a JSON message. */
export type FindMarker = { readonly in: 'anywhere' } | { readonly in: 'json'; readonly path: JsonPath };

/** What the next request of a client that asks depends on: a value of the answer before. */
export interface ForeignCursor {
  /** Of the first request. Later ones send at most 512 characters, encoded; an answer without a value leaves it as it was. */
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
  /** Added to every request and upgrade, in this order, in place of the client's own of that name: see `foreignMistakes`. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Said as text messages, one by one, once a socket is open. Of Socket.IO they are packets, such as `42["join","room"]`, and
   * said once the namespace is joined; a first one that begins with `40` joins it in place of the bare `40`.
   */
  readonly hello: readonly string[];
  /** Text messages of the server that are answered, word for word. */
  readonly replies: Readonly<Record<string, string>>;
  readonly find: FindMarker;
  /** Null where every request is the same. */
  readonly cursor: ForeignCursor | null;
  /** Eight lower-case hex digits: a marker of another run is somebody else's message. */
  readonly run: string;
  /**
   * Null where pushbench publishes; else messages have no marker, and latency is known only if they carry a time. A message
   * without the time that it should carry is none; one that carries several (`*`) is several.
   */
  readonly self: { readonly time: CarriedTime | null } | null;
}
