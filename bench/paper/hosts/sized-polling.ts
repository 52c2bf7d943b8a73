import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ReferenceServer, ServerDefinition, ServerSettings } from '../../../servers/contract.js';
import type { Feed } from '../../../servers/feed.js';
import { closeHttpServer, createHttpServer, listen } from '../../../servers/http-server.js';

/** Heads of an exchange as a published figure has them. */
export interface SizedHeads {
  readonly path: string;
  /** Of every request, with line ends and the blank line. */
  readonly requestBytes: number;
  /** Fields of the answer beside Content-Length and Date, names and values in turn. */
  readonly answerFields: readonly string[];
}

/** Digits of a cursor at the end of a poll. */
const CURSOR_DIGITS = 10;

/**
 * A polling server whose requests have a head of an exact size, and whose answers have the fields it is given, with
 * Content-Length and Date and nothing else.
 *
 * The client sends the path that a server announces, so what a request lacks is padded there: the bytes that a browser's
 * fields and cookies would take. The wire does not know the difference.
 */
export function sizedPolling(heads: SizedHeads): ServerDefinition {
  return {
    id: 'polling',
    async start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer> {
      const server = createHttpServer(settings, heads.path, (_request: IncomingMessage, response, query) =>
        answer(response, heads.answerFields, feed, Number(query.slice(-CURSOR_DIGITS))),
      );
      let open = 0;
      server.on('connection', (socket: Socket) => {
        open++;
        socket.on('close', () => open--);
      });
      const authority = await listen(server, settings);
      return {
        url: `http://${authority}${paddedPath(heads, authority)}`,
        held: () => open,
        cutOff: () => 0,
        close: () => closeHttpServer(server),
      };
    },
  };
}

function answer(response: ServerResponse, fields: readonly string[], feed: Feed, cursor: number): void {
  const body = feed
    .since(cursor)
    .map(({ payload }) => payload.toString('latin1'))
    .join('\n');
  // Node adds Connection and Keep-Alive unless Connection was removed.
  response.removeHeader('Connection');
  response.writeHead(200, [...fields, 'Content-Length', String(body.length)]).end(body);
}

/** The path with a query that makes a poll's head as long as it is to be. */
function paddedPath({ path, requestBytes }: SizedHeads, authority: string): string {
  const base = `${path}?fields=`;
  const head = `GET ${base}&since=${'0'.repeat(CURSOR_DIGITS)} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
  return base + 'x'.repeat(requestBytes - head.length);
}
