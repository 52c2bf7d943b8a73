import type { Socket } from 'node:net';
import { NO_TOPIC } from '../protocol/topics.js';

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
  /** The topic of each, and its place in that topic's room. */
  readonly #topics: number[] = [];
  readonly #roomPlaces: number[] = [];
  /** Sockets by topic; those of no topic are in none. */
  readonly #rooms = new Map<number, Socket[]>();
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

  /**
   * Takes a socket in. The caller makes sure that {@link remove} is called when it closes. O(1).
   *
   * @param topic what it hears beside what is said to all; 0 in a feed without topics
   */
  add(socket: Socket, peer: Peer, topic: number = NO_TOPIC): void {
    if (this.#places.has(socket)) throw new Error('this socket already listens');
    this.#places.set(socket, this.#sockets.length);
    this.#sockets.push(socket);
    this.#peers.push(peer);
    this.#beatDueMs.push(performance.now() + this.#heartbeatMs);
    this.#topics.push(topic);
    this.#roomPlaces.push(topic === NO_TOPIC ? 0 : this.#enter(topic, socket));
  }

  /** Whether nobody would hear a message of this topic. */
  isDeaf(topic: number): boolean {
    return topic === NO_TOPIC ? this.size === 0 : !this.#rooms.has(topic);
  }

  /** Forgets a socket; harmless when it is not there. O(1): the last one takes its place. */
  remove(socket: Socket): void {
    const place = this.#places.get(socket);
    if (place === undefined) return;
    if (this.#topics[place] !== NO_TOPIC) this.#leave(place);
    this.#places.delete(socket);
    const last = this.#sockets.pop()!;
    const lastPeer = this.#peers.pop()!;
    const lastDueMs = this.#beatDueMs.pop()!;
    const lastTopic = this.#topics.pop()!;
    const lastRoomPlace = this.#roomPlaces.pop()!;
    if (last === socket) return;
    this.#sockets[place] = last;
    this.#peers[place] = lastPeer;
    this.#beatDueMs[place] = lastDueMs;
    this.#topics[place] = lastTopic;
    this.#roomPlaces[place] = lastRoomPlace;
    this.#places.set(last, place);
  }

  /** @returns the socket's place in its room */
  #enter(topic: number, socket: Socket): number {
    const room = this.#rooms.get(topic);
    if (room === undefined) {
      this.#rooms.set(topic, [socket]);
      return 0;
    }
    return room.push(socket) - 1;
  }

  /** The last of the room takes the place of the one that leaves. */
  #leave(place: number): void {
    const topic = this.#topics[place]!;
    const room = this.#rooms.get(topic)!;
    const last = room.pop()!;
    if (room.length === 0) this.#rooms.delete(topic);
    const roomPlace = this.#roomPlaces[place]!;
    if (roomPlace === room.length) return;
    room[roomPlace] = last;
    this.#roomPlaces[this.#places.get(last)!] = roomPlace;
  }

  /** Writes the same buffer to every client of the topic; to all when it is 0. */
  broadcast(data: Buffer, topic: number = NO_TOPIC): void {
    const sockets = topic === NO_TOPIC ? this.#sockets : this.#rooms.get(topic);
    if (sockets === undefined) return;
    // Backwards, because a removal moves the last client, already served, into the gap.
    for (let place = sockets.length - 1; place >= 0; place--) this.#send(sockets[place]!, data);
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
    this.#topics.length = 0;
    this.#roomPlaces.length = 0;
    this.#rooms.clear();
    this.#places.clear();
  }

  #send(socket: Socket, data: Buffer): void {
    if (socket.writableLength > this.#maxQueuedBytes) {
      this.#cutOff++;
      this.remove(socket);
      socket.destroy();
    } else if (!socket.writableEnded) {
      socket.write(data);
    } else if (socket.writableLength > 0) {
      // The peer has said goodbye, and what is queued for it it may never read.
      this.remove(socket);
      socket.destroy();
    }
  }
}
