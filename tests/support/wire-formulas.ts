import type { ScenarioId } from '../../scenarios/registry.js';

/** RFC 9112, 7.1: a chunk of m bytes costs its length in hexadecimal and two line ends. */
const chunk = (m: number): number => m.toString(16).length + 4;

/** `id: ` and ten digits, LF. */
const EVENT_ID = 4 + 10 + 1;
/** `data: `, LF, and the blank line's LF. */
const EVENT_DATA = 6 + 2;
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
  websocket: (n) => (n <= 125 ? 2 : n <= 65_535 ? 4 : 10),
};

/** The least a client sends, up to the blank line. */
export function minimalRequest(url: string, query = ''): string {
  const { host, pathname } = new URL(url);
  return `GET ${pathname}${query} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
}
