import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { formatSequence } from '../../protocol/payload.js';
import type { ReferenceServer, ServerDefinition, ServerSettings } from '../../servers/contract.js';
import type { Feed, FeedMessage } from '../../servers/feed.js';

// Frozen: these servers are the yardstick of the self-benchmark, written as the documentation of node:http and ws
// shows it, one write or send a client. Changing them changes what the figures in docs/performance.md mean.

function listen(server: Server, settings: ServerSettings, path: string): Promise<string> {
  server.keepAliveTimeout = settings.keepAliveTimeoutMs;
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen({ port: 0, host: settings.address, backlog: 4096 }, () => {
      resolve(`http://${settings.address}:${(server.address() as AddressInfo).port}${path}`);
    });
  });
}

function stream(id: string, contentType: string, encode: (message: FeedMessage) => string): ServerDefinition {
  return {
    id,
    async start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer> {
      const clients = new Set<ServerResponse>();
      const server = createServer((request, response) => {
        response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-cache' });
        response.flushHeaders();
        clients.add(response);
        request.on('close', () => clients.delete(response));
      });
      feed.subscribe((message) => {
        const text = encode(message);
        for (const client of clients) client.write(text);
      });
      const url = await listen(server, settings, `/${id}`);
      return served(url, server, () => clients.size);
    },
  };
}

const longpoll: ServerDefinition = {
  id: 'longpoll',
  async start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer> {
    let parked = new Set<ServerResponse>();
    const server = createServer((request: IncomingMessage, response) => {
      const cursor = Number(new URL(request.url ?? '/', 'http://witness').searchParams.get('since') ?? 0);
      const missed = feed.since(cursor);
      if (missed.length > 0) {
        answer(response, missed.map((message) => message.payload.toString()).join('\n'));
        return;
      }
      parked.add(response);
      response.on('close', () => parked.delete(response));
    });
    feed.subscribe((message) => {
      const waiting = parked;
      parked = new Set();
      for (const response of waiting) answer(response, message.payload.toString());
    });
    const url = await listen(server, settings, '/longpoll');
    return served(url, server, () => parked.size);
  },
};

function answer(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end(body);
}

const websocket: ServerDefinition = {
  id: 'websocket',
  async start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer> {
    const server = createServer();
    const sockets = new WebSocketServer({ server, perMessageDeflate: false });
    sockets.on('connection', (socket: WebSocket) => {
      socket.on('error', () => {});
    });
    feed.subscribe((message) => {
      const text = message.payload.toString();
      for (const client of sockets.clients) {
        if (client.readyState === client.OPEN) client.send(text);
      }
    });
    const url = await listen(server, settings, '/websocket');
    return served(url.replace('http:', 'ws:'), server, () => sockets.clients.size);
  },
};

function served(url: string, server: Server, held: () => number): ReferenceServer {
  return {
    url,
    held,
    cutOff: () => 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const witnesses = {
  longpoll,
  iframe: stream('iframe', 'text/html', ({ payload }) => `<script>parent.m("${payload}")</script>\n`),
  sse: stream(
    'sse',
    'text/event-stream',
    ({ sequence, payload }) => `id: ${formatSequence(sequence)}\ndata: ${payload}\n\n`,
  ),
  websocket,
} as const satisfies Record<string, ServerDefinition>;
