import type { ClientContext, Scenario } from './contract.js';
import { EventStreamParser } from './wire/event-stream.js';
import { closeHead, requestHead } from './wire/request.js';
import { StreamingClient } from './wire/streaming-client.js';

/** Reads an event stream; after a loss it waits as long as the server asked and sends the last id it saw. */
class SseClient extends StreamingClient {
  protected readonly parser = new EventStreamParser(this);

  protected request(): string {
    const { target, headers } = this.context;
    const id = this.parser.lastEventId;
    const fields = id === '' ? '' : `Last-Event-ID: ${id}\r\n`;
    return closeHead(requestHead(target, target.path, headers, 'event-stream'), fields);
  }

  protected override reconnectMs(): number {
    return this.parser.retryMs ?? super.reconnectMs();
  }
}

export const sse: Scenario = {
  id: 'sse',
  title: 'Server-sent events',
  family: 'streaming',
  description: 'An event stream; after a drop the client sends the last id it saw and gets what it missed.',
  asks: false,
  waitsForInterval: false,
  resumes: true,
  createClient: (context: ClientContext, index: number) => new SseClient(context, index),
};
