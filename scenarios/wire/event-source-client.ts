import { EventStreamParser } from './event-stream.js';
import { closeHead, requestHead } from './request.js';
import { StreamingClient } from './streaming-client.js';
import { clientPath } from './topic-path.js';

/** Reads an event stream; after a loss it waits as long as the server asked and sends the last id it saw. */
export class EventSourceClient extends StreamingClient {
  protected readonly parser = this.makeParser();

  /** Called while the client is being made: what it calls may keep the client, and ask it nothing yet. */
  protected makeParser(): EventStreamParser {
    return new EventStreamParser(this);
  }

  protected request(): string {
    const id = this.parser.lastEventId;
    return closeHead(this.requestHead(), id === '' ? '' : `Last-Event-ID: ${id}\r\n`);
  }

  /** The request without the id and the blank line. */
  protected requestHead(): string {
    const { target, headers } = this.context;
    return requestHead(target, clientPath(this.context, this.index), headers, 'event-stream');
  }

  protected override reconnectMs(): number {
    return this.parser.retryMs ?? super.reconnectMs();
  }
}
