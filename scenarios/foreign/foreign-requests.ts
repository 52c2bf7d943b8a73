import type { BrowserRequest } from '../browser-headers.js';
import type { ClientContext } from '../contract.js';
import { requestHead } from '../wire/request.js';
import type { ForeignSpec, ForeignTransport } from './contract.js';

const CLIENT = '{client}';
const CURSOR = '{cursor}';
const SUBPROTOCOL = 'sec-websocket-protocol';
/** A cursor may not be longer than this, in characters before they are encoded. */
const MAX_CURSOR = 512;

const KINDS: Readonly<Record<ForeignTransport, BrowserRequest>> = {
  polling: 'poll',
  longpoll: 'poll',
  stream: 'frame',
  sse: 'event-stream',
  websocket: 'upgrade',
  socketio: 'upgrade',
};

/** Puts the client's number among all clients of the trial in the place of `{client}`. */
export function ofClient(text: string, context: ClientContext, index: number): string {
  return text.includes(CLIENT) ? text.replaceAll(CLIENT, String((context.firstClient ?? 0) + index)) : text;
}

/** Sub-protocols that the specification's headers ask for. */
export function subprotocolsOf({ headers }: ForeignSpec): string[] {
  return Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === SUBPROTOCOL)
    .flatMap(([, value]) => value.split(',').map((each) => each.trim()))
    .filter((each) => each !== '');
}

/** The requests of all clients that share a context, without the blank line; made once, but for what differs. */
export class ForeignRequests {
  private readonly head: string;
  private cursor: string | null = null;
  private text = '';

  constructor(
    spec: ForeignSpec,
    private readonly context: ClientContext,
  ) {
    const { target, headers } = context;
    const own = Object.entries(spec.headers).filter(([name]) => name.toLowerCase() !== SUBPROTOCOL);
    // A server that looks for it answers others with something else.
    if (spec.transport === 'sse' && !own.some(([name]) => name.toLowerCase() === 'accept'))
      own.unshift(['Accept', 'text/event-stream']);
    const replaced = new Set([
      ...own.map(([name]) => name.toLowerCase()),
      // Answers are looked through as they come.
      'accept-encoding',
      'sec-websocket-extensions',
    ]);
    const [first, ...fields] = requestHead(target, spec.path, headers, KINDS[spec.transport]).split('\r\n');
    const kept = fields.filter((line) => line !== '' && !replaced.has(line.split(':', 1)[0]!.toLowerCase()));
    this.head = [first, ...kept, ...own.map(([name, value]) => `${name}: ${value}`), ''].join('\r\n');
  }

  /** @param cursor as the server gave it: at most 512 characters are sent, encoded */
  for(index: number, cursor = ''): string {
    if (cursor !== this.cursor) {
      this.cursor = cursor;
      // Half a pair of surrogates has no encoding.
      const text = Buffer.from(cursor.slice(0, MAX_CURSOR), 'utf8').toString('utf8');
      this.text = this.head.replaceAll(CURSOR, () => encodeURIComponent(text));
    }
    return ofClient(this.text, this.context, index);
  }
}
