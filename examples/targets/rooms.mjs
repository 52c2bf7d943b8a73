import { createServer } from 'node:http';
import { Server } from 'socket.io';

// Socket.IO: what one visitor says, everybody in the room hears.
const server = createServer();
const io = new Server(server, { serveClient: false });

io.on('connection', (socket) => {
  socket.join('lobby');
  socket.on('say', (text) => io.to('lobby').emit('said', { text }));
});

server.listen(Number(process.env.PORT), '127.0.0.1');
