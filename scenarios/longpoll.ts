import type { ClientContext, Scenario } from './contract.js';
import { AskingClient } from './wire/asking-client.js';

/** Asks at once again after every answer; the server holds the request until there is news. */
export class LongPollClient extends AskingClient {
  protected begin(): void {
    this.opening();
    this.ask();
  }

  protected answered(): void {
    this.ask();
  }

  /** Asking at once again would hammer a server that has just said it is in trouble: back off, as after a loss. */
  protected refused(): void {
    this.drop();
  }
}

export const longpoll: Scenario = {
  id: 'longpoll',
  title: 'Long polling',
  family: 'polling',
  description: 'A keep-alive GET that the server holds until there is news; the client asks again at once.',
  asks: true,
  waitsForInterval: false,
  resumes: true,
  createClient: (context: ClientContext, index: number) => new LongPollClient(context, index),
};
