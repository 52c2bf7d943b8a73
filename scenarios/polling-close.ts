import type { ClientContext, Scenario } from './contract.js';
import { IntervalClient } from './wire/interval-client.js';

/**
 * Asks once when it is opened and then once an interval, each time on a new connection that the server closes after its
 * answer.
 *
 * The client is connected from the head of its first answer on. Between polls it has no socket, and that is no loss; a
 * poll that fails is one, and then it comes back as any other client: after its back-off it asks at once, and goes on
 * with its grid. It waits for the server's end of the connection before it closes its own, so that TIME_WAIT stays with
 * the server, as in HTTP/1.0.
 *
 * The request is HTTP/1.1 with `Connection: close`, which says what HTTP/1.0 means by saying nothing: but for that one
 * field it is the request of `polling`, so what differs between the two is the connection alone.
 */
class PollingCloseClient extends IntervalClient {
  protected override get closesEachTime(): boolean {
    return true;
  }

  protected begin(): void {
    this.ask();
  }

  /** It connects, or has asked; a connection that only waits for its end is neither. */
  protected get isBusy(): boolean {
    return this.asking || this.isConnecting;
  }

  protected poll(): void {
    // The server has answered and not closed all the interval long.
    if (this.dialled) this.hangUp();
    this.dial();
  }

  override head(): void {
    // Nothing that follows the answer of a connection belongs to anybody (RFC 9112, 9.6).
    if (!this.asking) {
      this.hangUp();
      return;
    }
    super.head();
    if (this.state !== 'opening' || !this.isNews) return;
    this.opening();
    this.next();
  }

  override end(): void {
    const isLeft = this.asking && !this.http.closes;
    super.end();
    // A server that would keep the connection: this client does not.
    if (isLeft) this.hangUp();
  }

  protected override refused(): void {
    // Without an answer before it was never connected.
    if (this.state === 'open') super.refused();
    else this.drop();
  }

  override fault(message: string): void {
    if (this.asking) super.fault(message);
    else this.hangUp();
  }

  /** The end of every exchange; before its answer is whole it is a loss. */
  protected override hungUp(): void {
    // An answer without a length ends here.
    const isWhole = this.asking ? this.http.close() : this.state === 'open';
    if (isWhole) this.hangUp();
    else this.fail('closed');
  }
}

export const pollingClose: Scenario = {
  id: 'polling-close',
  title: 'Polling, new connections',
  family: 'polling',
  description:
    'The same poll as HTTP/1.0 knew it: a new TCP connection each time, which the server closes after its answer.',
  asks: true,
  waitsForInterval: true,
  resumes: true,
  reconnectsEachPoll: true,
  createClient: (context: ClientContext, index: number) => new PollingCloseClient(context, index),
};
