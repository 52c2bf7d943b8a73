import { AskingClient } from './asking-client.js';

/**
 * A client that asks once an interval, on a grid of its own whose phase is drawn by lot, whatever the answers do: open
 * loop, as a page with setInterval would, save that a poll is left out while the one before is unanswered.
 */
export abstract class IntervalClient extends AskingClient {
  private nextMs = 0;
  private lastSequence = Number.POSITIVE_INFINITY;
  private stopped = false;

  /** A poll is under way. */
  protected abstract readonly isBusy: boolean;
  /** The grid's instant has come and no poll is under way. */
  protected abstract poll(): void;
  /** Waits for the grid's next instant; the first call draws its phase. */
  protected next(): void {
    const { pollIntervalMs, random, wheel } = this.context;
    const now = performance.now();
    if (this.nextMs === 0) this.nextMs = now + random() * pollIntervalMs;
    if (this.nextMs < now) this.nextMs += Math.ceil((now - this.nextMs) / pollIntervalMs) * pollIntervalMs;
    // There is one entry a client in the wheel, and a connection that does not come about is looked after, too.
    wheel.schedule(this.index, this.isConnecting ? Math.min(this.nextMs, this.connectByMs) : this.nextMs);
  }

  protected override due(): void {
    super.due();
    if (this.state !== 'open') return;
    if (performance.now() >= this.nextMs) {
      if (this.isBusy) this.context.events.postponed();
      else this.poll();
      this.nextMs += this.context.pollIntervalMs;
    }
    this.next();
  }

  protected answered(messages: number): void {
    if (messages === 0 && this.cursor >= this.lastSequence) {
      this.stopped = true;
      this.context.wheel.cancel(this.index);
    }
  }

  /** The next poll comes at its own time, or at the first on the grid that the server allows. */
  protected refused(): void {
    const allowedMs = performance.now() + this.http.retryAfterMs;
    this.obeyRetryAfter(0);
    if (allowedMs <= this.nextMs) return;
    const interval = this.context.pollIntervalMs;
    this.nextMs += Math.ceil((allowedMs - this.nextMs) / interval) * interval;
    this.next();
  }

  override settle(lastSequence: number): void {
    this.lastSequence = lastSequence;
  }

  override resume(): void {
    this.lastSequence = Number.POSITIVE_INFINITY;
    if (!this.stopped) return;
    this.stopped = false;
    if (this.state === 'open') this.next();
  }
}
