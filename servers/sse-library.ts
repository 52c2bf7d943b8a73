import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Channel, createChannel, createSession, type Session } from 'better-sse';
import { formatSequence } from '../protocol/payload.js';
import type { ReferenceServer, ServerDefinition, ServerSettings } from './contract.js';
import type { Feed, FeedMessage } from './feed.js';
import { CORS, closeHttpServer, createHttpServer, listen, refuse } from './http-server.js';
import { postsTo } from './posts.js';
import { INVALID_TOPIC, logOf } from './topic.js';

const PATH = '/sse-library';
/** How long a client waits before it reconnects. */
const RETRY_MS = 500;
const EVENT = 'message';
const LINE_ENDS = /\r\n|\r|\n/g;

interface State {
  readonly [key: string]: unknown;
  readonly response: ServerResponse;
  /** What it hears: its topic's log, or the feed. */
  readonly log: Feed;
}

/**
 * Server-sent events through the package better-sse, by its documented API: a session a client, a channel for all, event
 * ids of our own, and `lastId` to resume from, for which the feed's log is replayed before a session joins the channel.
 *
 * What the library does differently from `sse`: it writes `event:message` in every event and no space after a colon,
 * sends the retry time in a chunk of its own, has five header fields where ours has two, and formats and encodes each
 * event anew for every client, where ours is encoded once per publish. What it lacks and this adds: a bound on what is
 * queued for a slow reader.
 */
export const sseLibrary: ServerDefinition = {
  id: 'sse-library',
  async start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer> {
    /** By topic, made for the first session of each. */
    const channels = new Map<number, Channel<Record<string, unknown>, State>>();
    const channelOf = (topic: number): Channel<Record<string, unknown>, State> => {
      let channel = channels.get(topic);
      if (channel === undefined) {
        channel = createChannel<Record<string, unknown>, State>();
        channels.set(topic, channel);
      }
      return channel;
    };
    const catchingUp = new Set<Session<State>>();
    let cutOff = 0;

    /** Whether a session takes another message; cuts it off when too much is queued for it. */
    function keepsUp({ state: { response } }: Session<State>): boolean {
      if (response.destroyed) return false;
      if (response.socket?.writableEnded) {
        // Its client has said goodbye, and does not read what is queued for it.
        response.destroy();
        return false;
      }
      if (response.writableLength <= settings.maxQueuedBytes) return true;
      cutOff++;
      response.destroy();
      return false;
    }

    /** Sends the log after the cursor as fast as the client reads, then lets the session join the channel. */
    function catchUp(session: Session<State>, cursor: number): void {
      const { response, log } = session.state;
      let seen = cursor;
      while (log.hasAfter(seen) && !response.writableNeedDrain) {
        const [missed] = log.since(seen, 1);
        session.push(dataOf(missed!), EVENT, formatSequence(missed!.sequence));
        seen = missed!.sequence;
      }
      if (log.hasAfter(seen)) {
        catchingUp.add(session);
        response.once('drain', () => {
          if (session.isConnected) catchUp(session, seen);
        });
      } else {
        catchingUp.delete(session);
        channelOf(log.number).register(session);
      }
    }

    /** Null when the request was refused. */
    async function open(
      request: IncomingMessage,
      response: ServerResponse,
      log: Feed,
    ): Promise<Session<State> | null> {
      try {
        return await createSession<State>(request, response, {
          state: { response, log },
          headers: { [CORS[0]]: CORS[1] },
          retry: RETRY_MS,
          keepAlive: settings.heartbeatMs,
          // Its default would put a JSON string's quotes around the message.
          serializer: (data) => data as string,
        });
      } catch {
        // It makes a URL of the Host field, and a request of that, which not every field allows.
        refuse(response, 400, 'The Host field is no host.');
        return null;
      }
    }

    async function welcome(request: IncomingMessage, response: ServerResponse, log: Feed): Promise<void> {
      const session = await open(request, response, log);
      if (session === null) return;
      session.once('disconnected', () => catchingUp.delete(session));
      // An id from the future is one of an earlier life of the server: there is nothing after it.
      const cursor = Math.min(resumeFrom(session.lastId) ?? log.lastSequence, log.lastSequence);
      // With the id it resumes from, as `sse` does it: a client may lose its connection before its first message.
      session.push(formatSequence(log.lastSequence), 'ready', formatSequence(cursor));
      catchUp(session, cursor);
    }

    const server = createHttpServer(
      settings,
      PATH,
      (request, response, query) => {
        const log = logOf(feed, query);
        if (log === undefined) refuse(response, 400, INVALID_TOPIC);
        else if (opens(request, response)) void welcome(request, response, log);
      },
      postsTo(feed, settings),
    );
    const unsubscribe = feed.subscribe((message) => {
      const channel = channels.get(message.topic);
      if (channel === undefined || channel.sessionCount === 0) return;
      channel.broadcast(dataOf(message), EVENT, {
        eventId: formatSequence(message.sequence),
        filter: keepsUp,
      });
    });
    const authority = await listen(server, settings);
    return {
      url: `http://${authority}${PATH}`,
      held: () => {
        let held = catchingUp.size;
        for (const channel of channels.values()) held += channel.sessionCount;
        return held;
      },
      cutOff: () => cutOff,
      close: async () => {
        unsubscribe();
        await closeHttpServer(server);
      },
    };
  },
};

/** What an event's data is, once per publish. The library would lose every line of it after the first. */
function dataOf({ text }: FeedMessage): string {
  const data = text.toString('utf8');
  return data.includes('\n') || data.includes('\r') ? data.replace(LINE_ENDS, '\ndata:') : data;
}

/** Whether the request opens a stream; answers those that do not. */
function opens(request: IncomingMessage, response: ServerResponse): boolean {
  if (response.socket === null) {
    // Pipelined behind another request: behind a stream it would never be answered.
    request.socket.destroy();
    return false;
  }
  if (request.method === 'HEAD') {
    response.writeHead(200, ['Content-Type', 'text/event-stream', ...CORS]).end();
    return false;
  }
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  if (coding === undefined && Number(length) === 0) return true;
  // The library takes the end of a request that somebody reads for the end of the session, and a body that nobody reads
  // would keep the connection's end from being seen.
  refuse(response, 400, 'A stream is asked for without a body.', ['Connection', 'close']);
  return false;
}

/** An id that is no number of ours is no id at all. */
function resumeFrom(id: string): number | undefined {
  return /^\d{1,10}$/.test(id) ? Number(id) : undefined;
}
