import type { ServerDefinition } from '../../../servers/contract.js';
import type { FeedListener } from '../../../servers/feed.js';
import { runHost } from '../../../servers/host-process.js';
import { servers } from '../../../servers/registry.js';

/** One message that nobody is sent: the fifth. */
const LOST = 5;

function losing(server: ServerDefinition): ServerDefinition {
  return {
    ...server,
    start(feed, settings) {
      const subscribe = feed.subscribe.bind(feed);
      feed.subscribe = (listener: FeedListener) => {
        let heard = 0;
        return subscribe((message) => {
          if (++heard !== LOST) listener(message);
        });
      };
      return server.start(feed, settings);
    },
  };
}

runHost(Object.fromEntries(Object.entries(servers).map(([id, server]) => [id, losing(server)])));
