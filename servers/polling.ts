import type { Socket } from 'node:net';
import { Answers } from './answers.js';
import type { ReferenceServer, ServerDefinition, ServerSettings } from './contract.js';
import type { Feed } from './feed.js';
import { closeHttpServer, createHttpServer, listen } from './http-server.js';
import { postsTo } from './posts.js';

const PATH = '/polling';

/**
 * Polling: `GET /polling?since=0000000007` is answered at once, with the messages after that number joined by LF, or
 * with 204. Without `since` the newest message is the answer, as in the article's clock.
 */
export const polling: ServerDefinition = {
  id: 'polling',
  async start(feed: Feed, settings: ServerSettings): Promise<ReferenceServer> {
    const answers = new Answers(feed, settings.maxQueuedBytes);
    const server = createHttpServer(
      settings,
      PATH,
      (_request, response, query) => answers.answerPoll(response, query),
      postsTo(feed, settings),
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
