import type { Socket } from 'node:net';
import { Answers } from './answers.js';
import type { ReferenceServer, ServerDefinition, ServerSettings } from './contract.js';
import type { Feed } from './feed.js';
import { closeHttpServer, createHttpServer, listen } from './http-server.js';
import { postsTo } from './posts.js';

const PATH = '/polling-close';

/**
 * Polling as HTTP/1.0 knew it: the same answers as `polling`, and after each the server closes the connection, whatever
 * the request says of it. It closes first, so that TIME_WAIT is the server's and the client's port is free
 * at once: a client's kernel can take the same port again while the server's still remembers it.
 */
export const pollingClose: ServerDefinition = {
  id: 'polling-close',
  async start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer> {
    const answers = new Answers(feed, settings.maxQueuedBytes);
    const server = createHttpServer(
      settings,
      PATH,
      (_request, response, query) => {
        response.shouldKeepAlive = false;
        answers.answerPoll(response, query);
      },
      postsTo(feed, settings, { closing: true }),
    );
    let open = 0;
    const closed = (): void => {
      open--;
    };
    server.on('connection', (socket: Socket) => {
      open++;
      socket.on('close', closed);
    });
    const authority = await listen(server, settings);
    return {
      url: `http://${authority}${PATH}`,
      held: () => open,
      cutOff: () => 0,
      close: () => closeHttpServer(server),
    };
  },
};
