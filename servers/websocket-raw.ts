import { createServer, type Server, type Socket } from 'node:net';
import { NO_TOPIC } from '../protocol/topics.js';
import { limitConnections } from './admission.js';
import { Audience } from './audience.js';
import { HEAD_TIMEOUT_MS } from './client-errors.js';
import type { ServerDefinition } from './contract.js';
import { Deadlines } from './deadlines.js';
import { listen } from './http-server.js';
import { countBytes } from './socket-bytes.js';
import { encodeMessageFrame, OPCODE, PING_FRAME } from './websocket-frame.js';
import { Outbox } from './websocket-raw/outbox.js';
import { type Hall, type MessageHandler, Visitor, type VisitorSocket } from './websocket-raw/visitor.js';

const PATH = '/websocket';

/** What a server may be told beside its settings. */
export interface RawWebSocketOptions {
  /** What to do with clients' messages; without it they are published with `echo`, else checked and passed over. */
  readonly onMessage?: MessageHandler;
  /** From this side's goodbye to the other's, milliseconds; then the connection is dropped. */
  readonly goodbyeTimeoutMs?: number;
}

// Shared by all connections, so that a client costs no closures.
function heard(this: Socket, piece: Buffer): void {
  (this as VisitorSocket).visitor.read(piece);
}
function gone(this: Socket): void {
  (this as VisitorSocket).visitor.gone();
}
function ignore(): void {}

/** What a client says is published in its topic, as with the other server. */
function publish(visitor: Visitor, opcode: number, payload: Buffer): void {
  visitor.log.hear(payload, opcode === OPCODE.binary);
}

/**
 * WebSocket by the letter of RFC 6455, on plain sockets: no HTTP server, no library. The same work per client as with the
 * `ws` server: one frame a publish, one write a client, a ping each heartbeat, the same limits.
 *
 * Its answers to upgrades are byte for byte those of `ws`. Where the RFC leaves room it takes the strict side: a length
 * that is not in its shortest form is a protocol error.
 */
export function rawWebSocket(options: RawWebSocketOptions = {}): ServerDefinition {
  const { onMessage = null, goodbyeTimeoutMs = 10_000 } = options;
  return {
    id: 'websocket-raw',
    async start(feed, settings) {
      const audience = new Audience<Visitor>(settings.maxQueuedBytes);
      // Here it is counted from connecting on: an upgrade is asked for at once.
      const { headTimeoutMs = HEAD_TIMEOUT_MS } = settings;
      const arriving = new Deadlines<Visitor>(headTimeoutMs, (visitor) => visitor.drop());
      const leaving = new Deadlines<Visitor>(goodbyeTimeoutMs, (visitor) => visitor.drop());
      const waiting = new Set<Visitor>();
      const hall: Hall = {
        path: PATH,
        feed,
        settings,
        audience,
        arriving,
        waiting,
        leaving,
        outbox: new Outbox(),
        onMessage: onMessage ?? (settings.echo === undefined ? null : publish),
      };

      const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
        (socket as VisitorSocket).visitor = new Visitor(socket, hall);
        socket.on('data', heard);
        socket.on('error', ignore);
        socket.on('close', gone);
      });
      if (settings.countBytes) countBytes(server);
      limitConnections(server, settings);
      const unsubscribe = feed.subscribe((message) => {
        const { topic } = message;
        if (topic === NO_TOPIC || !audience.isDeaf(topic))
          audience.broadcast(encodeMessageFrame(message), topic);
      });
      audience.startHeartbeat(settings.heartbeatMs, (socket, visitor) => {
        if (visitor.awaitsPong) {
          audience.remove(socket);
          socket.destroy();
        } else {
          visitor.awaitsPong = true;
          audience.send(socket, PING_FRAME);
        }
      });
      const stop = async (): Promise<void> => {
        unsubscribe();
        const closed = server.listening ? closeServer(server) : undefined;
        audience.close();
        for (const { socket } of [...arriving.items(), ...waiting, ...leaving.items()]) socket.destroy();
        arriving.close();
        leaving.close();
        await closed;
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
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
}

export const websocketRaw: ServerDefinition = rawWebSocket();
