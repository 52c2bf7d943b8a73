import type { ClientContext } from '../contract.js';
import { DOWN } from '../ledger.js';
import type { ForeignSpec } from './contract.js';
import { MarkerFinder, type MarkerSink } from './marker-finder.js';
import { type Listener, plannedBytes } from './message-reader.js';
import type { ForeignStreamParser } from './stream-parser.js';

/** Finds markers in an endless text that has no ends of messages: each is told as soon as its payload is complete. */
export class MarkerStream implements ForeignStreamParser, MarkerSink {
  dispatched = 0;
  readonly idleBytes = 0;
  readonly spoke = false;
  private readonly finder: MarkerFinder;
  private bytes = 0;
  private strangers = 0;

  constructor(
    spec: ForeignSpec,
    private readonly context: ClientContext,
    private readonly index: number,
    private readonly listener: Listener,
  ) {
    this.finder = new MarkerFinder(this, spec.run, plannedBytes(context));
  }

  get atRest(): boolean {
    return this.finder.atRest;
  }

  get isUnmarked(): boolean {
    return this.bytes > 0 && this.dispatched === 0 && this.strangers === 0 && this.atRest;
  }

  reset(): void {
    this.finder.reset();
    this.clear();
  }

  clear(): void {
    this.dispatched = 0;
    this.bytes = 0;
    this.strangers = 0;
  }

  eat(buffer: Buffer, start: number, end: number): void {
    this.context.ledger.put(DOWN.framing, end - start);
    this.bytes += end - start;
    this.finder.eat(buffer, start, end);
  }

  marked(sequence: number, bytes: number): void {
    this.dispatched++;
    this.context.ledger.move(DOWN.framing, DOWN.payload, bytes);
    this.listener.message(sequence, bytes);
  }

  stranger(): void {
    this.strangers++;
    this.context.events.foreign?.otherRun(this.index);
  }
}
