import type { ClientContext } from '../contract.js';
import { DOWN } from '../ledger.js';
import { EventSourceClient } from '../wire/event-source-client.js';
import { type EventBody, EventStreamParser } from '../wire/event-stream.js';
import type { ForeignSpec } from './contract.js';
import type { ForeignRequests } from './foreign-requests.js';
import { MessageReader } from './message-reader.js';

/** Reads an event stream of a server that is not ours: events of every type are looked through. */
export class ForeignEventSourceClient extends EventSourceClient implements EventBody {
  private readonly reader: MessageReader;
  /** An event with something for us ended in this chunk. */
  private hasHeard = false;

  constructor(
    spec: ForeignSpec,
    private readonly requests: ForeignRequests,
    context: ClientContext,
    index: number,
  ) {
    super(context, index);
    this.reader = new MessageReader(spec, context, index, this);
  }

  protected override makeParser(): EventStreamParser {
    return new EventStreamParser(this, this);
  }

  protected override requestHead(): string {
    return this.requests.for(this.index);
  }

  protected override rewind(): void {
    super.rewind();
    this.reader.reset();
    this.hasHeard = false;
  }

  part(buffer: Buffer, start: number, end: number): void {
    this.reader.part(buffer, start, end);
  }

  event(bytes: number): void {
    if (this.state !== 'open') this.reader.reset();
    else if (this.reader.whole(bytes) > 0) this.hasHeard = true;
  }

  /** Events tell for themselves; of a chunk with nothing for us its lines are idle, too. */
  override chunkEnd(framing: number): void {
    if (this.state !== 'open') return;
    if (!this.hasHeard && this.parser.atRest) this.ledger.move(DOWN.framing, DOWN.idle, framing);
    this.hasHeard = false;
    this.clearChunk();
  }
}
