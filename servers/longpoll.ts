import type { ServerResponse } from 'node:http';
import { Answers, answerEmpty, INVALID_CURSOR, parseCursor } from './answers.js';
import type { ReferenceServer, ServerDefinition, ServerSettings } from './contract.js';
import type { Feed } from './feed.js';
import { closeHttpServer, createHttpServer, listen, refuse } from './http-server.js';
import { postsTo } from './posts.js';
import { INVALID_TOPIC, logOf } from './topic.js';

const PATH = '/longpoll';

/**
 * Long polling: `GET /longpoll?since=0000000007` is held until there is a message after that number, and answered with
 * all that has accumulated, joined by LF; with 204 when the hold runs out. Without `since` it waits for the next one.
 */
export const longpoll: ServerDefinition = {
  id: 'longpoll',
  async start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer> {
    const answers = new Answers(feed, settings.maxQueuedBytes);
    const parked = new Map<ServerResponse, () => void>();
    // One function for all: a response closes when it is finished, too, and is then no longer parked.
    function closed(this: ServerResponse): void {
      const cancel = parked.get(this);
      if (cancel === undefined) return;
      parked.delete(this);
      cancel();
    }

    const server = createHttpServer(
      settings,
      PATH,
      (request, response, query) => {
        const log = logOf(feed, query);
        if (log === undefined) {
          refuse(response, 400, INVALID_TOPIC);
          return;
        }
        const asked = parseCursor(query);
        if (asked === 'invalid') {
          refuse(response, 400, INVALID_CURSOR);
          return;
        }
        const cursor = asked === 'none' ? log.lastSequence : asked;
        // Only the first of several pipelined requests owns the socket. The others are not held, for a client could
        // otherwise park any number of them on one connection.
        const hold = request.method === 'GET' && response.socket !== null;
        if (!hold || log.hasAfter(cursor)) {
          answers.answerSince(response, cursor, log);
          return;
        }
        const cancel = log.wait(cursor, settings.holdMs, (news) => {
          parked.delete(response);
          if (news) answers.answerSince(response, cursor, log);
          else answerEmpty(response);
        });
        parked.set(response, cancel);
        response.on('close', closed);
      },
      postsTo(feed, settings),
    );
    const authority = await listen(server, settings);
    return {
      url: `http://${authority}${PATH}`,
      held: () => parked.size,
      cutOff: () => 0,
      close: async () => {
        await closeHttpServer(server);
        // Responses are told of their socket's end a turn later than the server.
        for (const cancel of parked.values()) cancel();
        parked.clear();
      },
    };
  },
};
