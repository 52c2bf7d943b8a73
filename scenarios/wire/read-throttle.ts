import type { WireSocket } from './wire-socket.js';

/**
 * Lets every socket be read once between two beats: one buffer, then nothing until the next.
 *
 * What is not read stays in the kernel, and past its buffers with the server. One ticker serves all sockets.
 */
export class ReadThrottle {
  private waiting: WireSocket[] = [];
  private resuming: WireSocket[] = [];
  private ticker: NodeJS.Timeout | null = null;

  /** @param everyMs time between two reads of a socket */
  constructor(private readonly everyMs: number) {}

  /** A socket was read. @returns false: it must not be read again before the next beat, which resumes it */
  mayGoOn(socket: WireSocket): boolean {
    this.waiting.push(socket);
    this.ticker ??= setInterval(() => this.beat(), this.everyMs);
    return false;
  }

  /** Ends the beat; sockets that wait stay paused. */
  stop(): void {
    if (this.ticker !== null) clearInterval(this.ticker);
    this.ticker = null;
    this.waiting.length = 0;
  }

  private beat(): void {
    const due = this.waiting;
    this.waiting = this.resuming;
    this.resuming = due;
    for (const socket of due) socket.resume();
    due.length = 0;
  }
}
