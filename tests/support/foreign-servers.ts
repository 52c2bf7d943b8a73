import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Server as SocketIoServer } from 'socket.io';
import { WebSocketServer } from 'ws';
import type { ForeignSpec, ForeignTransport } from '../../scenarios/foreign/contract.js';
import { Changes } from './changes.js';

/** A server as somebody might write it who has never heard of pushbench, in a few lines, and how to subscribe to it. */
export abstract class ForeignServer {
  /** What differs from a bare specification. */
  abstract readonly spec: Partial<ForeignSpec>;
  readonly server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #changes = new Changes();

  constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  protected abstract answer(request: IncomingMessage, response: ServerResponse): void;
  /** Sends a text to everybody who listens. */
  abstract publish(text: string): void;
  /** Who listens now. */
  protected abstract readonly listeners: number;

  /** Waits until so many listen. */
  holds(count: number): Promise<void> {
    return this.#changes.until(
      () => this.listeners >= count,
      () => `${count} listeners; there are ${this.listeners}`,
    );
  }

  protected changed(): void {
    this.#changes.changed();
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** Keeps what was said in a list, and answers with what came after `after`; `holds` what has no news. */
class ListServer extends ForeignServer {
  readonly spec = {
    path: '/list?after={cursor}&who={client}',
    headers: { 'X-Token': 'secret' },
    cursor: { start: '0', from: { json: 'next' } },
  } as const;
  readonly #said: string[] = [];
  readonly #waiting = new Map<ServerResponse, number>();

  constructor(private readonly keeps: boolean) {
    super();
  }

  protected get listeners(): number {
    return this.#waiting.size;
  }

  protected answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers['x-token'] !== 'secret') {
      response.writeHead(403).end();
      return;
    }
    const after = Number(new URL(request.url!, 'http://x').searchParams.get('after'));
    if (!this.keeps || after < this.#said.length) {
      this.#tell(response, after);
      return;
    }
    this.#waiting.set(response, after);
    response.on('close', () => this.#waiting.delete(response));
    this.changed();
  }

  #tell(response: ServerResponse, after: number): void {
    const items = this.#said.slice(after).map((text) => ({ text }));
    if (items.length === 0) response.writeHead(204).end();
    else {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ items, next: this.#said.length }));
    }
  }

  publish(text: string): void {
    this.#said.push(text);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [response, after] of waiting) this.#tell(response, after);
  }
}

/** Never ends its answers. */
class StreamServer extends ForeignServer {
  readonly spec: Partial<ForeignSpec>;
  readonly #open = new Set<ServerResponse>();
  #id = 0;

  constructor(private readonly isEventStream: boolean) {
    super();
    this.spec = { path: isEventStream ? '/events' : '/page' };
  }

  protected get listeners(): number {
    return this.#open.size;
  }

  protected answer(_request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Content-Type', this.isEventStream ? 'text/event-stream' : 'text/html');
    response.write(this.isEventStream ? ': welcome\n\n' : '<html><body>');
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
    this.changed();
  }

  publish(text: string): void {
    this.#id++;
    const piece = this.isEventStream
      ? `id: e${this.#id}\nevent: chat\ndata: {"by":"me",\ndata: "text":"${text}"}\n\n`
      : `<script>parent.say(${JSON.stringify(text)})</script>\n`;
    for (const response of this.#open) response.write(piece);
  }
}

class ChatServer extends ForeignServer {
  readonly spec = { path: '/chat', hello: ['join'], replies: { 'are you there?': 'yes' } } as const;
  readonly #ws = new WebSocketServer({ server: this.server });
  /** Who has joined and answered. */
  #joined = 0;

  constructor() {
    super();
    this.#ws.on('connection', (socket) => {
      socket.on('message', (text) => {
        if (String(text) === 'join') socket.send('are you there?');
        else if (String(text) === 'yes') this.#joined++;
        this.changed();
      });
      socket.on('error', () => {});
    });
  }

  protected get listeners(): number {
    return this.#joined;
  }

  protected answer(_request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(404).end();
  }

  publish(text: string): void {
    for (const socket of this.#ws.clients) socket.send(JSON.stringify({ by: 'me', text }));
  }
}

class RoomServer extends ForeignServer {
  readonly spec = { path: '/socket.io/?EIO=4&transport=websocket', hello: ['42["join","room"]'] } as const;
  readonly #io = new SocketIoServer(this.server, { pingInterval: 100, pingTimeout: 5000 });
  #joined = 0;

  constructor() {
    super();
    this.#io.on('connection', (socket) => {
      socket.on('join', async (room: string) => {
        await socket.join(room);
        this.#joined++;
        this.changed();
      });
    });
  }

  protected get listeners(): number {
    return this.#joined;
  }

  protected answer(): void {}

  publish(text: string): void {
    this.#io.to('room').emit('news', { by: 'me', text });
  }

  override async close(): Promise<void> {
    await this.#io.close();
  }
}

export const FOREIGN_SERVERS: Readonly<Record<ForeignTransport, () => ForeignServer>> = {
  polling: () => new ListServer(false),
  longpoll: () => new ListServer(true),
  stream: () => new StreamServer(false),
  sse: () => new StreamServer(true),
  websocket: () => new ChatServer(),
  socketio: () => new RoomServer(),
};
