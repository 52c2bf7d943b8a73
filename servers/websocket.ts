import type { Socket } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { MAX_SAID_BYTES } from '../protocol/payload.js';
import { NO_TOPIC } from '../protocol/topics.js';
import { isTurnedAway, TURNED_AWAY } from './admission.js';
import { Audience } from './audience.js';
import type { ServerDefinition } from './contract.js';
import type { Feed } from './feed.js';
import { withHandler } from './handlers.js';
import { closeHttpServer, createHttpServer, listen, refuse } from './http-server.js';
import { lastWords } from './last-words.js';
import { noteRequest } from './loop-activity.js';
import { originForm } from './request-target.js';
import { chooseSubprotocol } from './subprotocols.js';
import { INVALID_TOPIC, logOf, queryOf } from './topic.js';
import { encodeMessageFrame, PING_FRAME } from './websocket-frame.js';

const PATH = '/websocket';
const BUSY =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const BAD_TOPIC = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: ${INVALID_TOPIC.length}\r\n\r\n${INVALID_TOPIC}`;
const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** A connection as `ws` keeps it, with what this server has to know about it. */
class Visitor extends WebSocket {
  wire: Socket | undefined;
  /** What it speaks in; undefined when nobody listens. */
  log: Feed | undefined;
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
function said(this: WebSocket, message: RawData, isBinary: boolean): void {
  (this as Visitor).log?.hear(message as Buffer, isBinary);
}
function ignore(): void {}

/**
 * WebSocket through `ws`, without compression. `ws` does the handshake, parses what clients send and answers their pings
 * and close frames; clients' messages are ignored, or published in their topic when the settings ask for an echo.
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
      maxPayload: MAX_SAID_BYTES,
      handleProtocols: (offers) => chooseSubprotocol(offers) ?? false,
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
      request.url = originForm(request.url!);
      if (request.url.split('?', 1)[0] !== PATH) {
        lastWords(wire, NOT_FOUND);
        return;
      }
      const log = logOf(feed, queryOf(request.url));
      if (log === undefined) {
        lastWords(wire, BAD_TOPIC);
        return;
      }
      if (isTurnedAway(wire)) {
        lastWords(wire, TURNED_AWAY);
        return;
      }
      const upgrade = (): void =>
        upgrader.handleUpgrade(request, wire, head, (visitor) => {
          visitor.wire = wire;
          visitor.audience = audience;
          visitor.on('pong', pongReceived);
          if (settings.echo !== undefined) {
            visitor.log = log;
            visitor.on('message', said);
          }
          // A broken frame closes the connection; there is nothing else to do about it.
          visitor.on('error', ignore);
          wire.on('close', left);
          audience.add(wire, visitor, log.number);
        });
      if (!withHandler(settings, wire, upgrade)) lastWords(wire, BUSY);
    });
    const unsubscribe = feed.subscribe((message) => {
      const { topic } = message;
      if (topic === NO_TOPIC || !audience.isDeaf(topic))
        audience.broadcast(encodeMessageFrame(message), topic);
    });
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
