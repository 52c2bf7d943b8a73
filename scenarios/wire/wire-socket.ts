import { Socket } from 'node:net';

/** What a socket's events are told to. One table entry a client, instead of closures on each socket. */
export interface SocketOwner {
  opened(): void;
  /**
   * `length` bytes stand at the start of the shared read buffer; they are gone after the call.
   * @returns whether reading goes on; after false nothing is read until the socket's `resume`
   */
  read(buffer: Buffer, length: number): boolean;
  /** The socket is named because one that was given up may still speak. */
  broke(socket: WireSocket, error: NodeJS.ErrnoException): void;
  closed(socket: WireSocket): void;
}

/**
 * A raw socket that reads into one buffer shared by all sockets of the process.
 *
 * Reads are synchronous: the kernel's bytes are copied into the buffer and handed on before the next socket is read.
 * Every listener is one shared function, and the stream's own machinery of chunks and 'data' events is never entered;
 * this is what keeps a client under five kilobytes.
 */
export class WireSocket extends Socket {
  readonly owner: SocketOwner;

  constructor(owner: SocketOwner, readBuffer: Buffer) {
    // `onread` is documented for the options of net.connect(), which hands them to this constructor.
    super({ onread: { buffer: readBuffer, callback: onRead } } as ConstructorParameters<typeof Socket>[0]);
    this.owner = owner;
    this.once('connect', onConnect);
    this.on('error', onError);
    this.on('close', onClose);
  }
}

// Node calls this as a method of the socket; a test holds every Node version to it.
function onRead(this: unknown, length: number, buffer: Uint8Array): boolean {
  return (this as WireSocket).owner.read(buffer as Buffer, length);
}

function onConnect(this: WireSocket): void {
  this.owner.opened();
}

function onError(this: WireSocket, error: NodeJS.ErrnoException): void {
  this.owner.broke(this, error);
}

function onClose(this: WireSocket): void {
  this.owner.closed(this);
}
