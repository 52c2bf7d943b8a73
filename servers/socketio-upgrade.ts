import type { ServerDefinition } from './contract.js';
import { startSocketIo } from './socketio/server.js';

/** socket.io as it is by default: a session begins by polling, and moves to a WebSocket when its client asks for one. */
export const socketioUpgrade: ServerDefinition = {
  id: 'socketio-upgrade',
  start: (feed, settings) => startSocketIo(feed, settings, ['polling', 'websocket']),
};
