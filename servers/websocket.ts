import type { Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { Audience } from './audience.js';
import type { ServerDefinition } from './contract.js';
import { closeHttpServer, createHttpServer, listen, refuse } from './http-server.js';
import { noteRequest } from './loop-activity.js';
import { encodeTextFrame, PING_FRAME } from './websocket-frame.js';

const PATH = '/websocket';
const MAX_CLIENT_MESSAGE_BYTES = 64 * 1024;
const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** A connection as `ws` keeps it, with what this server has to know about it. */
class Visitor extends WebSocket {
  wire: Socket | undefined;
  audience: Audience<Visitor> | undefined;
  awaitsPong = false;

  /** Whoever starts the closing handshake, no message may follow the close frame, so it leaves the audience first. */
  override close(code?: number, reason?: string | Buffer): void {
    if (this.wire !== undefined) this.audience?.remove(this.wire);
    super.close(code, reason);
  }
}

// Shared by all connections, so that a client costs no closures.
function pongReceived(this: WebSocket): void {
  (this as Visitor).awaitsPong = false;
}
function ignore(): void {}

/**
 * WebSocket through `ws`, without compression. `ws` does the handshake, parses what clients send and answers their pings
 * and close frames; clients' messages are ignored.
 *
 * Messages are framed once per publish and written to the raw socket, one write a client: `ws.send` would frame each
 * copy anew, and this server is to do the same work per client as the others. That is safe: without compression `ws`
 * hands its own frames to the socket whole and synchronously, so none can be split by ours.
 */
export const websocket: ServerDefinition = {
  id: 'websocket',
  async start(feed, settings) {
    const audience = new Audience<Visitor>(settings.maxQueuedBytes);
    const upgrader = new WebSocketServer({
      noServer: true,
      WebSocket: Visitor,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    });
    function left(this: Socket): void {
      audience.remove(this);
    }

    const server = createHttpServer(settings, PATH, (_request, response) => {
      refuse(response, 426, 'This is a WebSocket server.', ['Upgrade', 'websocket', 'Connection', 'Upgrade']);
    });
    server.on('upgrade', (request, duplex, head) => {
      noteRequest();
      const wire = duplex as Socket;
      if (request.url?.split('?', 1)[0] !== PATH) {
        wire.on('error', ignore);
        wire.end(NOT_FOUND);
        return;
      }
      upgrader.handleUpgrade(request, wire, head, (visitor) => {
        visitor.wire = wire;
        visitor.audience = audience;
        visitor.on('pong', pongReceived);
        // A broken frame closes the connection; there is nothing else to do about it.
        visitor.on('error', ignore);
        wire.on('close', left);
        audience.add(wire, visitor);
      });
    });
    const unsubscribe = feed.subscribe((message) => audience.broadcast(encodeTextFrame(message.payload)));
    audience.startHeartbeat(settings.heartbeatMs, (wire, visitor) => {
      if (visitor.awaitsPong) {
        audience.remove(wire);
        visitor.terminate();
      } else {
        visitor.awaitsPong = true;
        audience.send(wire, PING_FRAME);
      }
    });
    const stop = async (): Promise<void> => {
      unsubscribe();
      audience.close();
      if (server.listening) await closeHttpServer(server);
    };
    try {
      const authority = await listen(server, settings);
      return {
        url: `ws://${authority}${PATH}`,
        held: () => audience.size,
        cutOff: () => audience.cutOff,
        close: stop,
      };
    } catch (error) {
      await stop();
      throw error;
    }
  },
};
