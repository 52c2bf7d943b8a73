import { EventStreamParser } from './event-stream.js';
import { closeHead, requestHead } from './request.js';
import { StreamingClient } from './streaming-client.js';
import { clientPath } from './topic-path.js';

/** Reads an event stream; after a loss it waits as long as the server asked and sends the last id it saw. */
export class EventSourceClient extends StreamingClient {
  protected readonly parser = new EventStreamParser(this);

  protected request(): string {
    const { target, headers } = this.context;
    const id = this.parser.lastEventId;
    const fields = id === '' ? '' : `Last-Event-ID: ${id}\r\n`;
    return closeHead(
      requestHead(target, clientPath(this.context, this.index), headers, 'event-stream'),
      fields,
    );
  }

  protected override reconnectMs(): number {
    return this.parser.retryMs ?? super.reconnectMs();
  }
}
