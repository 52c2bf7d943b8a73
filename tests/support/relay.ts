import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { quietPort } from './quiet-port.js';

/** How a connection ends: in good order, or with a reset. */
export type Ending = 'FIN' | 'RST';

/** Takes a connection in place of the server behind the relay. */
export type Stranger = (socket: Socket) => void;

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  /** Bytes that may still pass to the client, and how it ends then. */
  budget: number;
  ending: Ending;
}

const LASTING = { budget: Number.POSITIVE_INFINITY, ending: 'FIN' } as const;

/** A relay between clients and a server that can be told to lose connections: what the wire does to a real client. */
export class Relay {
  readonly url: string;
  /** When set, it answers new connections instead of the server. */
  stranger: Stranger | null = null;
  /** Connections accepted so far. */
  accepted = 0;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #port: number;
  #server: Server;
  #fate: Pick<Link, 'budget' | 'ending'> = LASTING;
  readonly #links = new Set<Link>();
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, url: string) {
    this.#server = server;
    const relayed = new URL(url);
    this.#target = { host: relayed.hostname, port: Number(relayed.port) };
    this.#port = (server.address() as { port: number }).port;
    relayed.port = String(this.#port);
    this.url = relayed.href;
    server.on('connection', this.#accept);
  }

  /** @param url of the server behind it */
  static async to(url: string): Promise<Relay> {
    return new Relay(await listening(await quietPort()), url);
  }

  /** Loses every connection now. */
  cut(ending: Ending): void {
    for (const link of [...this.#links]) this.#end(link, ending);
  }

  /**
   * Loses every connection that stands now once this many more bytes have passed to its client; with `later` also each that
   * is made until `spare`.
   */
  cutAfter(bytes: number, ending: Ending, later = false): void {
    for (const link of this.#links) {
      link.budget = bytes;
      link.ending = ending;
    }
    if (later) this.#fate = { budget: bytes, ending };
  }

  /** Connections made from now on last. */
  spare(): void {
    this.#fate = LASTING;
  }

  /** Stops listening and loses every connection: the server is down. */
  async down(ending: Ending): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut(ending);
    for (const socket of this.#sockets) socket.destroySoon();
    await closed;
  }

  /** Listens again on the same port. */
  async up(): Promise<void> {
    this.#server = await listening(this.#port);
    this.#server.on('connection', this.#accept);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  readonly #accept = (client: Socket): void => {
    this.accepted++;
    client.setNoDelay(true);
    this.#keep(client);
    if (this.stranger !== null) {
      this.stranger(client);
      return;
    }
    const upstream = connect({ ...this.#target, noDelay: true });
    this.#keep(upstream);
    const link: Link = { client, upstream, ...this.#fate };
    this.#links.add(link);
    client.on('data', (data) => void upstream.write(data));
    upstream.on('data', (data) => this.#pass(link, data));
    client.on('close', () => {
      this.#links.delete(link);
      upstream.destroy();
    });
    upstream.on('close', () => client.destroySoon());
  };

  #pass(link: Link, data: Buffer): void {
    if (!this.#links.has(link)) return;
    const part = data.subarray(0, link.budget);
    link.budget -= part.length;
    const cut = link.budget === 0;
    const sent = link.client.write(part, () => {
      if (cut) this.#end(link, link.ending);
    });
    if (cut) {
      link.upstream.pause();
      return;
    }
    if (sent) return;
    link.upstream.pause();
    link.client.once('drain', () => link.upstream.resume());
  }

  #end(link: Link, ending: Ending): void {
    this.#links.delete(link);
    link.upstream.destroy();
    if (ending === 'RST') link.client.resetAndDestroy();
    else link.client.end();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

async function listening(port: number): Promise<Server> {
  const server = createServer();
  server.listen({ port, host: '127.0.0.1', backlog: 1024 });
  await once(server, 'listening');
  return server;
}
