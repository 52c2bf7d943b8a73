import type { Socket } from 'node:net';

/**
 * The sockets of a streaming server, written to together.
 *
 * Policy for a client that reads too slowly: the kernel's socket buffer fills first, then Node queues for it. Before
 * each write, a client with more than `maxQueuedBytes` queued is cut off: its connection is destroyed at once, what was
 * queued is dropped, and it is counted. It may come back and, where the transport can, resume. So a server's memory is
 * bounded by clients x (maxQueuedBytes + one message), and a stalled reader never delays the others. A client that
 * disconnects is removed when its socket closes; nothing of it stays.
 *
 * @typeParam Peer what the server keeps beside the socket (null when nothing)
 */
export class Audience<Peer = null> {
  // Parallel arrays instead of an object a client: three slots and a map entry are all a listener costs here.
  readonly #sockets: Socket[] = [];
  readonly #peers: Peer[] = [];
  readonly #beatDueMs: number[] = [];
  readonly #places = new Map<Socket, number>();
  readonly #maxQueuedBytes: number;
  #heartbeatMs = 0;
  #heart: NodeJS.Timeout | undefined;
  #cutOff = 0;

  constructor(maxQueuedBytes: number) {
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  get size(): number {
    return this.#sockets.length;
  }

  /** Clients cut off so far. */
  get cutOff(): number {
    return this.#cutOff;
  }

  /** Takes a socket in. The caller makes sure that {@link remove} is called when it closes. O(1). */
  add(socket: Socket, peer: Peer): void {
    if (this.#places.has(socket)) throw new Error('this socket already listens');
    this.#places.set(socket, this.#sockets.length);
    this.#sockets.push(socket);
    this.#peers.push(peer);
    this.#beatDueMs.push(performance.now() + this.#heartbeatMs);
  }

  /** Forgets a socket; harmless when it is not there. O(1): the last one takes its place. */
  remove(socket: Socket): void {
    const place = this.#places.get(socket);
    if (place === undefined) return;
    this.#places.delete(socket);
    const last = this.#sockets.pop()!;
    const lastPeer = this.#peers.pop()!;
    const lastDueMs = this.#beatDueMs.pop()!;
    if (last === socket) return;
    this.#sockets[place] = last;
    this.#peers[place] = lastPeer;
    this.#beatDueMs[place] = lastDueMs;
    this.#places.set(last, place);
  }

  /** Writes the same buffer to every client. */
  broadcast(data: Buffer): void {
    // Backwards, because a removal moves the last client, already served, into the gap.
    for (let place = this.#sockets.length - 1; place >= 0; place--) this.#send(this.#sockets[place]!, data);
  }

  /** Writes to one client under the same policy. */
  send(socket: Socket, data: Buffer): void {
    this.#send(socket, data);
  }

  /**
   * Calls `beat` for each client every `intervalMs`, the first time one interval after it was taken in.
   *
   * Each client keeps its own phase: 10,000 beats in one turn of the loop would hold up a message by 0.1 s.
   * A beat comes at most a twentieth of the interval late. One timer serves all.
   */
  startHeartbeat(intervalMs: number, beat: (socket: Socket, peer: Peer) => void): void {
    this.#heartbeatMs = intervalMs;
    this.#heart = setInterval(
      () => {
        const now = performance.now();
        for (let place = this.#sockets.length - 1; place >= 0; place--) {
          if (this.#beatDueMs[place]! > now) continue;
          this.#beatDueMs[place] = now + intervalMs;
          beat(this.#sockets[place]!, this.#peers[place]!);
        }
      },
      Math.min(1000, Math.max(5, intervalMs / 20)),
    );
  }

  /** Ends the heartbeat and drops every connection. */
  close(): void {
    clearInterval(this.#heart);
    this.#heart = undefined;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.length = 0;
    this.#peers.length = 0;
    this.#beatDueMs.length = 0;
    this.#places.clear();
  }

  #send(socket: Socket, data: Buffer): void {
    if (socket.writableLength > this.#maxQueuedBytes) {
      this.#cutOff++;
      this.remove(socket);
      socket.destroy();
    } else if (!socket.writableEnded) {
      // The peer may have said goodbye while the queue drains: a write would then be an error.
      socket.write(data);
    }
  }
}
