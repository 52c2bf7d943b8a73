import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { encodeClientMessage } from '../../../scenarios/wire/client-frame.js';
import { OPCODE } from '../../../scenarios/wire/frames.js';
import type { PublishWay } from '../contract.js';
import { MESSAGE } from '../placeholders.js';
import { shownText } from '../redact.js';
import type { MessagePublisher, PublishPlace, Taken } from './contract.js';
import { BACKLOG, failureOfError, MOST_QUEUED_BYTES } from './http-publisher.js';
import { ServerFrames } from './server-frames.js';

const OPEN_MS = 10_000;
/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

type SocketWay = Extract<PublishWay, { by: 'websocket' }>;

/** One text message a message, on one WebSocket. A server that closes it gets no second one. */
export class SocketPublisher implements MessagePublisher {
  private socket: Socket | null = null;
  private isClosed = false;
  /** Nothing is sent twice on a socket. */
  readonly repeated = 0;

  constructor(
    private readonly way: SocketWay,
    private readonly place: PublishPlace,
    private readonly mostQueuedBytes = MOST_QUEUED_BYTES,
  ) {}

  async open(): Promise<void> {
    const { way } = this;
    const socket = await this.upgrade();
    this.socket = socket;
    const lost = (): void => {
      this.socket = null;
    };
    socket.on('error', lost);
    socket.on('close', lost);
    socket.setNoDelay(true);
    const isReady = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`did not say "${way.readyAt}" within ${OPEN_MS / 1000} s`)),
        OPEN_MS,
      );
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        end();
      };
      socket.on('close', () => settle(() => reject(new Error('closed the socket before anything was said'))));
      const frames = new ServerFrames({
        text: (text) => {
          const reply = Object.hasOwn(way.replies, text) ? way.replies[text] : undefined;
          if (reply !== undefined) this.say(reply);
          if (way.readyAt !== null && text.startsWith(way.readyAt)) settle(resolve);
        },
        ping: (payload) => this.write(OPCODE.pong, payload),
        end: () => socket.destroy(),
      });
      socket.on('data', (chunk: Buffer) => frames.eat(chunk));
      for (const text of way.hello) this.say(text);
      if (way.readyAt === null) settle(resolve);
    });
    await isReady;
  }

  send(message: string, taken: Taken): void {
    const { socket } = this;
    if (socket === null) {
      taken({ kind: 'closed', detail: 'could not go out: the server has closed the socket' });
      return;
    }
    if (socket.writableLength > this.mostQueuedBytes) {
      taken(BACKLOG);
      return;
    }
    const frame = frameOf(OPCODE.text, Buffer.from(this.way.message.replaceAll(MESSAGE, message)));
    socket.write(frame, (error) => taken(error ? failureOfError(error) : null));
  }

  close(): void {
    this.isClosed = true;
    this.socket?.destroy();
  }

  private say(text: string): void {
    this.write(OPCODE.text, Buffer.from(text));
  }

  private write(opcode: number, payload: Buffer): void {
    if (this.socket !== null && !this.isClosed) this.socket.write(frameOf(opcode, payload));
  }

  private upgrade(): Promise<Socket> {
    const { way, place } = this;
    const key = randomBytes(16).toString('base64');
    return new Promise((resolve, reject) => {
      const asked = request({
        host: place.address,
        port: place.port,
        path: way.path,
        headers: {
          host: place.host,
          ...way.headers,
          upgrade: 'websocket',
          connection: 'Upgrade',
          'sec-websocket-key': key,
          'sec-websocket-version': '13',
        },
        setHost: false,
        agent: false,
      });
      asked.setTimeout(OPEN_MS, () => asked.destroy(new Error(`no answer within ${OPEN_MS / 1000} s`)));
      asked.on('error', (error) => reject(new Error(failureOfError(error).detail)));
      asked.on('response', (answer) => {
        answer.resume();
        const { statusCode = 0, headers } = answer;
        const to = headers.location === undefined ? '' : ` to "${shownText(headers.location)}"`;
        reject(
          new Error(
            statusCode >= 300 && statusCode < 400
              ? `was answered with a redirect (${statusCode})${to}, and redirects are never followed`
              : `was answered with status ${statusCode} where an upgrade gives 101`,
          ),
        );
        asked.destroy();
      });
      asked.on('upgrade', (answer, socket: Socket, head) => {
        const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
        if (answer.headers['sec-websocket-accept'] !== accept) {
          socket.destroy();
          reject(new Error('was answered with a wrong Sec-WebSocket-Accept'));
          return;
        }
        socket.setTimeout(0);
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      asked.end();
    });
  }
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  return encodeClientMessage(opcode, payload, randomBytes(4).readUInt32BE());
}
