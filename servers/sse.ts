import type { IncomingMessage } from 'node:http';
import { formatSequence } from '../protocol/payload.js';
import type { ServerDefinition } from './contract.js';
import { COMMENT, encodeEvent } from './event-stream-encoder.js';
import { startStreamServer } from './stream-server.js';

/** How long a client waits before it reconnects. */
const RETRY_MS = 500;

/**
 * Server-sent events: a `ready` event with the last sequence number, then one event a message with its number as id.
 * A client that sends `Last-Event-ID` gets everything after it first, as far as the log goes back.
 */
export const sse: ServerDefinition = {
  id: 'sse',
  start: (feed, settings) =>
    startStreamServer(feed, settings, {
      path: '/sse',
      contentType: 'text/event-stream',
      headers: ['Cache-Control', 'no-cache'],
      // With the id it resumes from, so that a client that loses its connection before the first message that follows
      // knows where it was.
      prelude: (cursor, newest) =>
        encodeEvent({
          retry: RETRY_MS,
          event: 'ready',
          id: formatSequence(cursor),
          data: formatSequence(newest),
        }),
      encode: (message) => encodeEvent({ id: formatSequence(message.sequence), data: message.text }),
      heartbeat: COMMENT,
      resumeFrom: lastEventId,
    }),
};

/** An id that is no number of ours is no id at all. One from the future finds nothing after it. */
function lastEventId(request: IncomingMessage): number | undefined {
  const text = request.headers['last-event-id'];
  return typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
