import type { ClientContext, Scenario } from './contract.js';
import { IntervalClient } from './wire/interval-client.js';

/** Keeps its connection, and asks on it once an interval. */
export class PollingClient extends IntervalClient {
  protected begin(): void {
    this.opening();
    this.next();
  }

  protected get isBusy(): boolean {
    return this.asking || this.isConnecting;
  }

  protected poll(): void {
    this.ask();
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
