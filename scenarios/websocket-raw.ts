import type { ClientContext, Scenario } from './contract.js';
import { WebSocketClient } from './wire/websocket-client.js';

/** The same client as of `websocket`, so that a difference between the two is the servers'. */
export const websocketRaw: Scenario = {
  id: 'websocket-raw',
  title: 'WebSocket, raw',
  family: 'socket',
  description: 'The same upgrade and frames, over a server of plain sockets without a library.',
  asks: false,
  waitsForInterval: false,
  resumes: false,
  createClient: (context: ClientContext, index: number) => new WebSocketClient(context, index),
};
