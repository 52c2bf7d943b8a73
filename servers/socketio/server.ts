import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { Server } from 'socket.io';
import { MAX_SAID_BYTES } from '../../protocol/payload.js';
import { NO_TOPIC } from '../../protocol/topics.js';
import { isTurnedAway, TURNED_AWAY } from '../admission.js';
import type { ReferenceServer, ServerSettings } from '../contract.js';
import type { Feed } from '../feed.js';
import { withHandler } from '../handlers.js';
import { CORS, closeHttpServer, createBareServer, listen, refuse } from '../http-server.js';
import { lastWords } from '../last-words.js';
import { noteRequest } from '../loop-activity.js';
import { originForm } from '../request-target.js';
import { INVALID_TOPIC, logOf, queryOf } from '../topic.js';
import { type Account, drop, hangUp, isHeld, queuedBytes, type Visitor } from './queue.js';

/** The library's default, so that its client finds it without being told. */
const PATH = '/socket.io/';
/** A ping has longer to be answered than it takes until the next, up to the library's default. */
const pingTimeoutMs = (heartbeatMs: number): number =>
  Math.min(20_000, Math.max(1_000, Math.ceil((heartbeatMs * 4) / 3)));
/** A packet around what a client may say, in base64 when it is no text. */
const MAX_PACKET_BYTES = 2 * MAX_SAID_BYTES;
const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const BUSY =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * socket.io as it comes, on an HTTP server with the settings of the others: every message is one `io.send`, which the
 * library encodes once and hands to every session; compression and connection state recovery are off, so a client begins
 * with what is published after it came.
 *
 * Recovery is not used although the in-memory adapter has it: it adds an id to every message, keeps every packet of two
 * minutes, and a session whose poll was just answered is not restored before its ping timeout has told the server that
 * the client is gone.
 *
 * Polls are held until there is a packet, a ping at the latest: `holdMs` has no part in it.
 *
 * @param transports what clients may speak; with both, they begin by polling and may move to a WebSocket
 */
export async function startSocketIo(
  feed: Feed,
  settings: ServerSettings,
  transports: readonly ('polling' | 'websocket')[],
): Promise<ReferenceServer> {
  const io = new Server<Record<string, never>, { message: (text: string) => void }, object, Account>({
    transports: [...transports],
    allowUpgrades: transports.length > 1,
    pingInterval: settings.heartbeatMs,
    pingTimeout: pingTimeoutMs(settings.heartbeatMs),
    maxHttpBufferSize: MAX_PACKET_BYTES,
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
  });
  // It would put itself before our own listeners; so it is given a server that never listens, and ours hands over.
  io.attach(createServer());
  const { engine } = io;
  engine.on('headers', (headers: Record<string, string>, { headers: asked }: { headers: object }) => {
    if (!('upgrade' in asked)) headers[CORS[0]] = CORS[1];
  });
  engine.on('connection', (session: Pick<NodeJS.EventEmitter, 'on'>) => session.on('close', hangUp));
  const visitors = io.sockets.sockets;
  io.on('connection', (visitor) => {
    visitor.data = { packets: 0, bytes: 0 };
    // A session was refused unless it named a topic.
    const log = logOf(feed, queryOf(visitor.request.url ?? '')) ?? feed;
    if (log.number !== NO_TOPIC) void visitor.join(String(log.number));
    const { echo } = settings;
    if (echo === undefined) return;
    visitor.on('message', (text: unknown) => {
      log.hear(
        Buffer.from(typeof text === 'string' ? text : '', echo.isBinary ? 'base64' : 'utf8'),
        echo.isBinary,
      );
    });
  });

  const server = createBareServer(settings, (request, response) => {
    const url = request.url!;
    if (url.split('?', 1)[0] !== PATH) refuse(response, 404, `There is only ${PATH} here.`);
    else if (logOf(feed, queryOf(url)) === undefined) refuse(response, 400, INVALID_TOPIC);
    else engine.handleRequest(request as never, response);
  });
  const wires = new Set<Socket>();
  function left(this: Socket): void {
    wires.delete(this);
  }
  // Without a listener Node answers an upgrade as if it were none, which is right where there is no WebSocket.
  if (transports.includes('websocket')) {
    server.on('upgrade', (request, duplex, head) => {
      noteRequest();
      const wire = duplex as Socket;
      const upgrade = (): void => {
        wires.add(wire);
        wire.on('close', left);
        engine.handleUpgrade(request as never, wire, head);
      };
      request.url = originForm(request.url!);
      const isOurs = request.url.split('?', 1)[0] === PATH;
      const isFull = isTurnedAway(wire);
      if (isOurs && !isFull && withHandler(settings, wire, upgrade)) return;
      lastWords(wire, isFull ? TURNED_AWAY : isOurs ? BUSY : NOT_FOUND);
    });
  }

  let cutOff = 0;
  /** A client whose queue is full is cut off before it gets another message. */
  function makeRoom(visitor: Visitor): void {
    if (queuedBytes(visitor) <= settings.maxQueuedBytes) return;
    cutOff++;
    drop(visitor);
  }
  const unsubscribe = feed.subscribe(({ topic, text }) => {
    if (topic === NO_TOPIC) {
      for (const visitor of visitors.values()) makeRoom(visitor);
      io.send(text.toString('utf8'));
      return;
    }
    const room = String(topic);
    const members = io.sockets.adapter.rooms.get(room);
    // The library would encode the message for an empty room, too.
    if (members === undefined) return;
    for (const id of members) makeRoom(visitors.get(id)!);
    io.to(room).emit('message', text.toString('utf8'));
  });
  const stop = async (): Promise<void> => {
    unsubscribe();
    await io.close();
    for (const wire of wires) wire.destroy();
    if (server.listening) await closeHttpServer(server);
  };
  try {
    const authority = await listen(server, settings);
    return {
      url: `http://${authority}${PATH}`,
      held: () => {
        let held = 0;
        for (const visitor of visitors.values()) if (isHeld(visitor)) held++;
        return held;
      },
      cutOff: () => cutOff,
      close: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
