import type { ServerDefinition } from './contract.js';
import { startSocketIo } from './socketio/server.js';

/** socket.io with polling only, as where no proxy lets a WebSocket through. */
export const socketioPolling: ServerDefinition = {
  id: 'socketio-polling',
  start: (feed, settings) => startSocketIo(feed, settings, ['polling']),
};
