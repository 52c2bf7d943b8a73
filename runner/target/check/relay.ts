import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between the check's clients and the target, so that connections can be cut as a lost network cuts them. */
export class Relay {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isClosed = false;

  constructor(private readonly to: { readonly address: string; readonly port: number }) {
    this.server = createServer({ noDelay: true }, (near) => this.join(near));
  }

  /** @returns the port to connect to, on 127.0.0.1 */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as { port: number }).port));
    });
  }

  /** Cuts every connection; until `mend` nobody gets through. */
  cut(): void {
    this.isClosed = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isClosed = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket): void {
    if (this.isClosed) {
      near.destroy();
      return;
    }
    const far = connect({ host: this.to.address, port: this.to.port, noDelay: true });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        // What it said last is still on its way to the other side.
        other.destroySoon();
      });
      socket.pipe(other);
    }
  }
}
