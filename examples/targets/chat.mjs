import { createServer } from 'node:http';
import express from 'express';
import { WebSocketServer } from 'ws';

// A chat: whoever says something says it to everybody, on a socket or in a POST.
const app = express();
app.use(express.json());
const server = createServer(app);
const room = new WebSocketServer({ server, path: '/chat' });

function sayToAll(author, text) {
  const line = JSON.stringify({ author, text });
  for (const visitor of room.clients) if (visitor.readyState === 1) visitor.send(line);
}

room.on('connection', (visitor) => {
  let author = 'somebody';
  visitor.on('error', () => {});
  visitor.on('message', (data) => {
    const said = JSON.parse(String(data));
    if (said.join !== undefined) author = said.join;
    else sayToAll(author, said.text);
  });
});

app.post('/say', (request, response) => {
  sayToAll('the desk', request.body.text);
  response.status(204).end();
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('The chat is open.'));
