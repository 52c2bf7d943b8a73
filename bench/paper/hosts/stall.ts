import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { runHost } from '../../../servers/host-process.js';
import { sse } from '../../../servers/sse.js';
import { PLAIN_SOCKET } from './plain-socket.js';

// An SSE server that also answers plain requests, for a naive measure beside the stream: one process, one event loop.
runHost({
  sse: {
    id: 'sse',
    async start(feed, settings) {
      const socket = process.env[PLAIN_SOCKET]!;
      // Of a trial before this one, whose server left without closing.
      rmSync(socket, { force: true });
      const plain = createServer((_request, response) => response.end(String(process.pid)));
      await new Promise<void>((resolve, reject) => {
        plain.once('error', reject);
        plain.listen(socket, resolve);
      });
      const server = await sse.start(feed, settings);
      return {
        ...server,
        close: async () => {
          plain.close();
          plain.closeAllConnections();
          await server.close();
        },
      };
    },
  },
});
