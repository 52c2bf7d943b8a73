import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv4, type Server as SocketServer } from 'node:net';
import { isTurnedAway, limitConnections, SERVER_IS_FULL } from './admission.js';
import { answerClientErrors, HEAD_TIMEOUT_MS } from './client-errors.js';
import type { ServerSettings } from './contract.js';
import { QUEUE_IS_FULL, withHandler } from './handlers.js';
import { noteRequest } from './loop-activity.js';
import { originForm } from './request-target.js';
import { countBytes } from './socket-bytes.js';

/** A connect ramp of thousands must not find the queue of half-open connections full; the kernel caps it (somaxconn). */
const BACKLOG = 4096;
/** Request lines and headers above this are answered 431. A browser with cookies needs a tenth. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Node looks this often, in parts of the time that a head has, for those that take longer. */
const LOOKS = 4;
const PORT_ATTEMPTS = 50;

/** Every HTTP answer carries it: the article's pages come from another origin than their news. */
export const CORS: readonly [string, string] = ['Access-Control-Allow-Origin', '*'];

const METHODS = 'GET, HEAD, OPTIONS';
const preflight = (methods: string): string[] => [
  ...CORS,
  'Access-Control-Allow-Methods',
  methods,
  'Access-Control-Allow-Headers',
  'Last-Event-ID, Cache-Control, Content-Type',
  'Access-Control-Max-Age',
  '86400',
];

/** Answers a GET or HEAD of the server's path. `query` is what stands after the question mark, or ''. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse, query: string) => void;

/** Answers the POSTs of a server, and has time limits of its own until it is closed. */
export interface PostHandler {
  readonly answer: RequestHandler;
  close(): void;
}

/**
 * An HTTP server that knows one path: 404 elsewhere, 405 for other methods than GET and HEAD (and POST, where somebody
 * answers it), a CORS preflight.
 */
export function createHttpServer(
  settings: ServerSettings,
  path: string,
  handle: RequestHandler,
  posts: PostHandler | null = null,
): Server {
  const methods = posts === null ? METHODS : `${METHODS}, POST`;
  const server = createBareServer(settings, (request, response) => {
    const url = request.url!;
    const mark = url.indexOf('?');
    const asked = mark === -1 ? url : url.slice(0, mark);
    if (asked !== path) {
      refuse(response, 404, `There is only ${path} here.`);
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      handle(request, response, mark === -1 ? '' : url.slice(mark + 1));
    } else if (request.method === 'POST' && posts !== null) {
      posts.answer(request, response, mark === -1 ? '' : url.slice(mark + 1));
    } else if (request.method === 'OPTIONS') {
      response.writeHead(204, preflight(methods)).end();
    } else {
      refuse(response, 405, `Only ${methods} are answered here.`, ['Allow', methods]);
    }
  });
  if (posts !== null) server.on('close', () => posts.close());
  return server;
}

/**
 * An HTTP server that leaves paths and methods to whoever answers.
 *
 * The socket options and time-outs are the same for all transports: no delay, keep-alive, no limit on how long an
 * answer may take (streams and long polls are requests too). A request has to arrive in time, but a connection may stay
 * silent before its first one as long as between two, for pollers connect long before their phase.
 */
export function createBareServer(
  settings: ServerSettings,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const { keepAliveTimeoutMs, headTimeoutMs = HEAD_TIMEOUT_MS } = settings;
  const server = createServer(
    {
      noDelay: true,
      keepAlive: true,
      keepAliveTimeout: keepAliveTimeoutMs,
      headersTimeout: headTimeoutMs,
      // Of the whole request, a body contained. While one waits for a handler nobody reads its body.
      requestTimeout: settings.handlers === undefined ? 2 * headTimeoutMs : 0,
      connectionsCheckingInterval: headTimeoutMs / LOOKS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      noteRequest();
      request.url = originForm(request.url!);
      if (request.httpVersionMajor !== 1) refuse(response, 505, 'This server speaks HTTP/1.');
      else if (isTurnedAway(request.socket))
        refuse(response, 503, SERVER_IS_FULL, ['Retry-After', '1', 'Connection', 'close']);
      else if (settings.handlers === undefined) answer(request, response);
      else if (!withHandler(settings, request.socket, () => answer(request, response)))
        refuse(response, 503, QUEUE_IS_FULL, ['Retry-After', '1']);
    },
  );
  server.timeout = 0;
  server.maxRequestsPerSocket = 0;
  if (settings.countBytes) countBytes(server);
  limitConnections(server, settings);
  answerClientErrors(server, Math.max(0, keepAliveTimeoutMs - headTimeoutMs));
  return server;
}

/** Answers with an error status and one sentence. */
export function refuse(
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: readonly string[] = [],
): void {
  const body = `${sentence}\n`;
  response
    .writeHead(status, [
      'Content-Type',
      'text/plain; charset=utf-8',
      'Content-Length',
      String(Buffer.byteLength(body)),
      ...CORS,
      ...headers,
    ])
    .end(body);
}

/** The part of `net.Server` that listening needs. */
export type Listener = Pick<SocketServer, 'listen' | 'close' | 'address' | 'once' | 'removeListener'>;

/**
 * Listens on loopback and returns `address:port`.
 *
 * A port left to the system is asked for again until it has five digits, so that Host fields and with them request
 * sizes are the same in every run.
 *
 * @throws Error with a sentence for people: not a loopback address, port in use, not allowed, not available
 */
export async function listen(server: Listener, settings: ServerSettings): Promise<string> {
  const { address, port } = settings;
  if (!isIPv4(address) || !address.startsWith('127.')) {
    throw new Error(`Reference servers listen on loopback (127.0.0.0/8) only, not on ${address}.`);
  }
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    await listenOnce(server, address, port);
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('The server has no port.');
    if (port !== 0 || bound.port >= 10_000) return `${address}:${bound.port}`;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  throw new Error(
    `The system gave no five-digit port in ${PORT_ATTEMPTS} attempts; see net.ipv4.ip_local_port_range.`,
  );
}

function listenOnce(server: Listener, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      server.removeListener('listening', listening);
      reject(new Error(explain(error, address, port), { cause: error }));
    };
    const listening = (): void => {
      server.removeListener('error', failed);
      resolve();
    };
    server.once('error', failed);
    server.once('listening', listening);
    server.listen({ port, host: address, backlog: BACKLOG });
  });
}

function explain(error: NodeJS.ErrnoException, address: string, port: number): string {
  const where = `Cannot listen on ${address}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where}: the port is in use. Choose another, or 0 for any free one.`;
    case 'EACCES':
      return `${where}: this user may not open the port. Choose one above 1023.`;
    case 'EADDRNOTAVAIL':
      return `${where}: this machine does not have the address. 127.0.0.1 always exists.`;
    default:
      return `${where}: ${error.message}.`;
  }
}

/** Stops listening and drops every HTTP connection; resolves when the port is free. */
export function closeHttpServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
