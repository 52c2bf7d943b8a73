import type { Socket } from 'node:net';
import { encodeFrame, frameHeaderBytes, writeFrameHeader } from '../websocket-frame.js';

const ROOM_BYTES = 16 * 1024;

/**
 * Replies to what one read brought, gathered so that they leave in one write: ten pings that came together cost one
 * system call, and what a client that does not read leaves queued is a few buffers, not one for each of its pings.
 * A server has one, since reads come one after another.
 */
export class Outbox {
  readonly #room = Buffer.allocUnsafeSlow(ROOM_BYTES);
  #length = 0;
  #wrote = false;

  /** Frames a reply behind those before it; `payload` is copied. */
  put(socket: Socket, opcode: number, payload: Buffer): void {
    const bytes = frameHeaderBytes(payload.length) + payload.length;
    if (this.#length + bytes > ROOM_BYTES) {
      this.#write(socket);
      this.#wrote = true;
    }
    if (bytes > ROOM_BYTES) {
      socket.write(encodeFrame(opcode, payload));
      this.#wrote = true;
      return;
    }
    const at = writeFrameHeader(this.#room, this.#length, opcode, payload.length);
    payload.copy(this.#room, at);
    this.#length = at + payload.length;
  }

  /** Hands everything to the socket. @returns whether there was any reply since the last read */
  flush(socket: Socket): boolean {
    const replied = this.#wrote || this.#length > 0;
    this.#wrote = false;
    this.#write(socket);
    return replied;
  }

  /** In one buffer of its own size. */
  #write(socket: Socket): void {
    if (this.#length === 0) return;
    socket.write(Buffer.from(this.#room.subarray(0, this.#length)));
    this.#length = 0;
  }
}
