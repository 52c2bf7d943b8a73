import { connect, type Socket } from 'node:net';
import type { LinkEnd } from './contract.js';
import type { Signal } from './lane.js';
import { type LinkContext, Way } from './way.js';

/**
 * A client's connection and the one made for it to the server, with a way in each direction.
 *
 * The client's TCP connection to the link stands at once, since the kernel makes it. What a real one would have taken is
 * taken from the first bytes: the server is called half a round trip after the client, and what the client sends first
 * starts only when its SYN would have been answered, a round trip after it called.
 */
export class LinkedConnection {
  private readonly up: Way;
  private readonly down: Way;
  private server: Socket | null = null;
  private readonly ended = { up: false, down: false };
  private over = false;

  constructor(
    private readonly context: LinkContext,
    private readonly client: Socket,
    private readonly target: LinkEnd,
    private readonly onOver: (connection: LinkedConnection) => void,
  ) {
    const { delayMs } = context.pace;
    const calledMs = performance.now();
    this.up = new Way(context, 'up', calledMs + 2 * delayMs, (signal) => this.atServer(signal));
    this.down = new Way(context, 'down', calledMs + 3 * delayMs, (signal) => this.atClient(signal));
    this.up.readFrom(client);
    this.down.writeTo(client);
    client.on('data', (data: Buffer) => this.up.bytes(data));
    this.watch(client, 'up');
    this.up.signal('open');
  }

  /** Drops both connections at once. */
  destroy(): void {
    this.finish();
    this.client.destroy();
    this.server?.destroy();
  }

  private callServer(): void {
    const server = connect({
      host: this.target.address,
      port: this.target.port,
      noDelay: true,
      allowHalfOpen: true,
      onread: {
        buffer: this.context.readBuffer,
        callback: (length, buffer) => {
          this.down.bytes(Buffer.from(buffer.subarray(0, length)));
          return true;
        },
      },
    });
    this.server = server;
    this.down.readFrom(server);
    this.up.writeTo(server);
    this.watch(server, 'down');
  }

  /** Turns the end of what one side sends into a signal on its way. */
  private watch(socket: Socket, direction: 'up' | 'down'): void {
    socket.on('end', () => {
      this.ended[direction] = true;
      this[direction].signal('end');
    });
    // Its 'close' follows, and says the same.
    socket.on('error', () => {});
    socket.on('close', (hadError) => this.closed(direction, hadError));
  }

  private closed(direction: 'up' | 'down', hadError: boolean): void {
    if (this.over) return;
    const other = direction === 'up' ? 'down' : 'up';
    // Whoever is gone receives nothing more.
    this[other].close();
    if (hadError || !this.ended[direction]) this[direction].signal('reset');
    else if (this.client.destroyed && this.server?.destroyed) this.finish();
  }

  private atServer(signal: Signal): void {
    if (signal === 'open') this.callServer();
    else if (signal === 'end') this.server?.end();
    else this.reset(this.server);
  }

  private atClient(signal: Signal): void {
    if (signal === 'end') this.client.end();
    else this.reset(this.client);
  }

  private reset(socket: Socket | null): void {
    this.finish();
    // A socket that is still connecting has nothing to reset.
    if (socket?.connecting) socket.destroy();
    else socket?.resetAndDestroy();
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.up.close();
    this.down.close();
    this.onOver(this);
  }
}
