import { createServer } from 'node:http';
import { createChannel, createSession } from 'better-sse';

// A feed of events over better-sse: whoever posts a line publishes it.
const feed = createChannel();

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (request.method === 'GET' && pathname === '/feed') {
    feed.register(await createSession(request, response));
  } else if (request.method === 'POST' && pathname === '/publish') {
    let line = '';
    for await (const part of request.setEncoding('utf8')) line += part;
    feed.broadcast({ line }, 'news');
    response.writeHead(202).end();
  } else {
    response.writeHead(404).end();
  }
});

server.listen(Number(process.env.PORT), '127.0.0.1');
