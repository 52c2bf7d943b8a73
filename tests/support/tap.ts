import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Changes } from './changes.js';
import { quietPort } from './quiet-port.js';

/** Stands between clients and a server and writes down what the clients say, byte for byte. */
export class Tap {
  readonly url: string;
  /** What each connection's client has sent, as latin1, in the order they came. */
  readonly said: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #changes = new Changes();

  private constructor(
    readonly server: Server,
    url: string,
  ) {
    const target = new URL(url);
    const own = new URL(url);
    own.port = String((server.address() as { port: number }).port);
    this.url = own.href;
    server.on('connection', (client) => {
      const at = this.said.push('') - 1;
      this.#changes.changed();
      const upstream = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => {});
        from.on('close', () => {
          this.#sockets.delete(from);
          // What it said last may still be on its way.
          to.destroySoon();
        });
      }
      client.on('data', (part) => {
        this.said[at] += part.toString('latin1');
        upstream.write(part);
      });
      upstream.on('data', (part) => client.write(part));
    });
  }

  /** @param url of the server behind it */
  static async to(url: string): Promise<Tap> {
    const server = createServer({ noDelay: true });
    server.listen(await quietPort(), '127.0.0.1');
    await once(server, 'listening');
    return new Tap(server, url);
  }

  /** Everything that was said. */
  get all(): string {
    return this.said.join('');
  }

  /** Resolves once there have been this many connections. */
  accepts(connections: number): Promise<void> {
    return this.#changes.until(() => this.said.length >= connections, `${connections} connections`);
  }

  /** Loses every connection now. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }
}
