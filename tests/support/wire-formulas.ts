import type { ScenarioId } from '../../scenarios/registry.js';

/** RFC 9112, 7.1: a chunk of m bytes costs its length in hexadecimal and two line ends. */
const chunk = (m: number): number => m.toString(16).length + 4;

/** RFC 6455, 5.2: the header of a server's frame. */
const frame = (n: number): number => (n <= 125 ? 2 : n <= 65_535 ? 4 : 10);

/** `42["message","` and `"]`: the types of Engine.IO 4 and Socket.IO 5, then JSON. */
const EVENT = 14 + 2;
/** `id: ` and ten digits, LF. */
const EVENT_ID = 4 + 10 + 1;
/** `data: `, LF, and the blank line's LF. */
const EVENT_DATA = 6 + 2;
/** As better-sse writes it, without spaces: `event:message` LF, `id:` and ten digits LF, `data:`, LF and the blank line. */
const LIBRARY_EVENT = 14 + (3 + 10 + 1) + 5 + 2;
/** `<script>parent.m("`, `")</script>`, LF. */
const SCRIPT = 18 + 11 + 1;

/**
 * Bytes of framing for one message of n bytes delivered alone, from server to client, by the letter of each format:
 * RFC 9112 for chunks, the HTML standard for event streams, RFC 6455 for frames. Written down here and not imported,
 * for what imports the code under test only repeats it.
 */
export const FRAMING: Readonly<Record<ScenarioId, (n: number) => number>> = {
  polling: () => 0,
  longpoll: () => 0,
  iframe: (n) => SCRIPT + chunk(SCRIPT + n),
  sse: (n) => EVENT_ID + EVENT_DATA + chunk(EVENT_ID + EVENT_DATA + n),
  websocket: frame,
  'polling-close': () => 0,
  'sse-library': (n) => LIBRARY_EVENT + chunk(LIBRARY_EVENT + n),
  'websocket-raw': frame,
  'socketio-polling': () => EVENT,
  'socketio-upgrade': (n) => EVENT + frame(EVENT + n),
};

/** Scenarios that carry bytes as they are; the others have only text, and carry binary content as base64. */
export const CARRIES_BINARY: ReadonlySet<ScenarioId> = new Set(['websocket', 'websocket-raw']);

/** RFC 4648, section 4: four characters for every three bytes, begun ones contained. */
export const base64Bytes = (n: number): number => 4 * Math.ceil(n / 3);

/** The least a client sends, up to the blank line. */
export function minimalRequest(url: string, query = '', fields = ''): string {
  const { host, pathname } = new URL(url);
  return `GET ${pathname}${query} HTTP/1.1\r\nHost: ${host}\r\n${fields}\r\n`;
}
