import { createServer } from 'node:http';

// Long polling: GET /inbox?after=<id> is answered with the messages behind that id, as soon as there is one.
const messages = [];
const waiting = new Set();

function answer({ after, response }) {
  const news = messages.slice(after);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ messages: news, next: messages.length }));
}

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (request.method === 'GET' && pathname === '/inbox') {
    // Who names no id begins with what comes next.
    const after = Number(searchParams.get('after') || messages.length);
    const reader = { after, response };
    if (messages.length > after) return answer(reader);
    waiting.add(reader);
    response.on('close', () => waiting.delete(reader));
    return;
  }
  if (request.method === 'POST' && pathname === '/send') {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    messages.push({ id: messages.length + 1, text });
    response.writeHead(204).end();
    for (const reader of waiting) answer(reader);
    waiting.clear();
    return;
  }
  response.writeHead(404).end();
});

server.keepAliveTimeout = 120_000;
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
