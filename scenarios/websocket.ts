import type { ClientContext, Scenario } from './contract.js';
import { WebSocketClient } from './wire/websocket-client.js';

export const websocket: Scenario = {
  id: 'websocket',
  title: 'WebSocket',
  family: 'socket',
  description: 'One upgrade, then frames of two bytes and the payload, over the ws library on the server.',
  asks: false,
  waitsForInterval: false,
  resumes: false,
  createClient: (context: ClientContext, index: number) => new WebSocketClient(context, index),
};
