import type { ClientContext, Scenario } from './contract.js';
import { SocketIoClient } from './wire/socket-io-client.js';

/** Stays with polling, as behind a proxy that lets no WebSocket through. */
class PollingClient extends SocketIoClient {
  protected joined(): void {
    this.ready();
  }
}

export const socketioPolling: Scenario = {
  id: 'socketio-polling',
  title: 'Socket.IO, polling',
  family: 'polling',
  description:
    'A socket.io session by long polling only: a held GET and POSTs beside it, on two keep-alive connections; ' +
    'without connection state recovery, so nothing is resumed.',
  asks: true,
  waitsForInterval: false,
  resumes: false,
  connections: 2,
  createClient: (context: ClientContext, index: number) => new PollingClient(context, index),
};
