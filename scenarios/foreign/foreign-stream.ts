import type { ClientContext } from '../contract.js';
import { closeHead } from '../wire/request.js';
import { StreamingClient } from '../wire/streaming-client.js';
import type { ForeignSpec } from './contract.js';
import type { ForeignRequests } from './foreign-requests.js';
import { LineStream } from './line-stream.js';
import { MarkerStream } from './marker-stream.js';
import type { ForeignStreamParser } from './stream-parser.js';

/**
 * A client of an endless answer. Markers are found wherever they stand and told at once; where messages have to be read
 * as JSON, or the server publishes by itself, each line is one.
 */
export class ForeignStreamClient extends StreamingClient {
  protected readonly parser: ForeignStreamParser;

  constructor(
    spec: ForeignSpec,
    private readonly requests: ForeignRequests,
    context: ClientContext,
    index: number,
  ) {
    super(context, index);
    const isMarked = spec.self === null && spec.find.in === 'anywhere';
    this.parser = isMarked
      ? new MarkerStream(spec, context, index, this)
      : new LineStream(spec, context, index, this);
  }

  protected request(): string {
    return closeHead(this.requests.for(this.index));
  }

  override chunkEnd(framing: number): void {
    if (this.state === 'open' && this.parser.isUnmarked) this.context.events.foreign?.unmarked(this.index);
    super.chunkEnd(framing);
  }
}
