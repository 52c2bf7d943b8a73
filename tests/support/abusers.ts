import type { Scenario } from '../../scenarios/contract.js';
import { scenarios } from '../../scenarios/registry.js';
import type { RawClient } from '../../servers/testing/raw-client.js';
import { text } from '../../servers/websocket-raw/testing/client-frames.js';
import type { Besieged } from './besieged.js';

export const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
export const UPGRADE = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];

export const ALL = Object.values(scenarios) as Scenario[];
export const only = (...ids: string[]): Scenario[] => ALL.filter(({ id }) => ids.includes(id));
/** Answered at once, from a cursor. */
export const POLLS = only('polling', 'polling-close');
/** One endless answer. */
export const STREAMS = only('iframe', 'sse', 'sse-library');
export const SOCKETS = only('websocket', 'websocket-raw');
export const ENGINES = only('socketio-polling', 'socketio-upgrade');
/** Those that a WebSocket can be opened to. */
export const WIRES = [...SOCKETS, ...only('socketio-upgrade')];
/** Answered by Node's HTTP server, and with our own words. */
export const PLAIN = [...POLLS, ...only('longpoll'), ...STREAMS];
export const isRaw = ({ id }: { readonly id: string }): boolean => id === 'websocket-raw';
export const is = (kind: readonly Scenario[], { id }: { readonly id: string }): boolean =>
  kind.some((one) => one.id === id);

/** Sends it all and waits for the head of an answer. @returns its status; 0 when the connection ended without one */
export async function statusOf(client: RawClient, bytes: string | Buffer): Promise<number> {
  client.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  await client.until((answer) => answer.includes('\r\n\r\n')).catch(() => {});
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(client.text)?.[1] ?? 0);
}

/** Asks on a connection of its own. @param line default: a good request line */
export async function ask(
  siege: Besieged,
  fields: readonly string[],
  line = `GET ${siege.target()} HTTP/1.1`,
) {
  const client = await siege.visit();
  const host = fields.some((field) => field.startsWith('Host:')) ? [] : ['Host: x'];
  return statusOf(client, [line, ...host, ...fields, '', ''].join('\r\n'));
}

/** A connection on which a stream, a WebSocket or a session over one is open. */
export async function opened(siege: Besieged): Promise<RawClient> {
  const client = await siege.visit();
  const overWire = siege.id === 'socketio-upgrade';
  const target = overWire ? siege.target().replace('polling', 'websocket') : siege.target();
  const fields = overWire || is(SOCKETS, siege) ? [...UPGRADE, KEY] : [];
  client.send(`GET ${target} HTTP/1.1`, 'Host: x', ...fields);
  await client.until((answer) => answer.includes('\r\n\r\n'));
  if (!overWire) return client;
  // Without a namespace a session hears nothing.
  client.socket.write(text('40'));
  await client.until((answer) => answer.includes('40{"sid"'));
  return client;
}

/** A session of Socket.IO that has joined, and no poll of it is held. */
export async function session(siege: Besieged): Promise<{ polls: RawClient; query: string }> {
  const polls = await siege.visit();
  polls.send(`GET ${siege.target()} HTTP/1.1`, 'Host: x');
  const { sid } = JSON.parse((await polls.response()).body.slice(1)) as { sid: string };
  const query = `&sid=${sid}`;
  polls.socket.write(`POST ${siege.target(query)} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n40`);
  const { body } = await polls.response();
  if (body !== 'ok') throw new Error(`the session was refused: ${body}`);
  return { polls, query };
}
