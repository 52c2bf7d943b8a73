import type { ClientContext, Scenario } from './contract.js';
import { AskingClient } from './wire/asking-client.js';

/**
 * Asks once an interval, on a grid of its own whose phase is drawn by lot, whatever the answers do: open loop, as a
 * page with setInterval would, save that a poll is left out while the one before is unanswered.
 */
class PollingClient extends AskingClient {
  private nextMs = 0;
  private lastSequence = Number.POSITIVE_INFINITY;
  private stopped = false;

  protected begin(): void {
    this.opening();
    const { pollIntervalMs, random } = this.context;
    if (this.nextMs === 0) this.nextMs = performance.now() + random() * pollIntervalMs;
    this.next();
  }

  private next(): void {
    const now = performance.now();
    const interval = this.context.pollIntervalMs;
    if (this.nextMs < now) this.nextMs += Math.ceil((now - this.nextMs) / interval) * interval;
    this.context.wheel.schedule(this.index, this.nextMs);
  }

  protected override due(): void {
    if (this.asking) this.context.events.postponed();
    else this.ask();
    this.nextMs += this.context.pollIntervalMs;
    this.next();
  }

  protected answered(messages: number): void {
    if (messages === 0 && this.cursor >= this.lastSequence) {
      this.stopped = true;
      this.context.wheel.cancel(this.index);
    }
  }

  /** The next poll comes at its own time. */
  protected refused(): void {}

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

export const polling: Scenario = {
  id: 'polling',
  title: 'Polling',
  family: 'polling',
  description: 'A keep-alive GET at a fixed interval that asks for everything after the last message seen.',
  asks: true,
  waitsForInterval: true,
  resumes: true,
  createClient: (context: ClientContext, index: number) => new PollingClient(context, index),
};
