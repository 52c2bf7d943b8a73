import type { SocketOwner } from '../wire/wire-socket.js';

/** Stands in for the socket of a client, for tests that play the server by hand: `vi.mock` puts it in the place of WireSocket. */
export class FakeSocket {
  /** Every socket that was made, oldest first. */
  static readonly made: FakeSocket[] = [];

  connecting = true;
  bytesRead = 0;
  bytesWritten = 0;
  written = '';
  end: 'destroyed' | 'reset' | null = null;

  constructor(
    readonly owner: SocketOwner,
    private readonly readBuffer: Buffer,
  ) {
    FakeSocket.made.push(this);
  }

  connect(): void {}

  write(data: string | Buffer): void {
    if (this.end !== null) throw new Error('a write to a socket that was given up');
    this.bytesWritten += data.length;
    this.written += data.toString('latin1');
  }

  destroy(): void {
    this.end ??= 'destroyed';
  }

  resetAndDestroy(): void {
    this.end ??= 'reset';
  }

  /** The server accepts the connection. */
  accept(): void {
    this.connecting = false;
    this.owner.opened();
  }

  /** The server sends text, which arrives in one read. A socket that was given up reads nothing. */
  send(text: string): void {
    if (this.end !== null || text === '') return;
    const length = this.readBuffer.write(text, 'latin1');
    this.bytesRead += length;
    this.owner.read(this.readBuffer, length);
  }

  /** The server closes the connection. */
  close(): void {
    this.owner.closed(this as never);
  }

  /** The connection breaks with a code of the operating system. */
  break(code: string): void {
    this.owner.broke(this as never, Object.assign(new Error(code), { code }));
  }
}
