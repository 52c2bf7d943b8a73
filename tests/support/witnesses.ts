import { Agent, get, type IncomingMessage } from 'node:http';
import { EventSource } from 'eventsource';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { ScenarioId } from '../../scenarios/registry.js';
import { Changes } from './changes.js';

const POLL_MS = 20;
const RETRY_MS = 20;

/** A client that somebody else wrote, or that is written as an application would: no code of ours reads its bytes. */
export abstract class Witness {
  /** Whole payloads, in order of arrival. */
  readonly heard: string[] = [];
  readonly #changes = new Changes();

  abstract close(): void;

  hears(count: number): Promise<void> {
    return this.#changes.until(
      () => this.heard.length >= count,
      () => `the witness to hear ${count} messages; it has heard ${this.heard.length}`,
    );
  }

  protected hear(message: string): void {
    this.heard.push(message);
    this.#changes.changed();
  }
}

/** Polls with `node:http`; `pauseMs` after an answer is null for long polling. */
class HttpPoller extends Witness {
  readonly #agent: Agent;
  #since = '0000000000';
  #closed = false;

  constructor(
    private readonly url: string,
    private readonly pauseMs: number | null,
    keepAlive = true,
  ) {
    super();
    this.#agent = new Agent({ keepAlive, maxSockets: 1 });
    this.#ask();
  }

  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }

  #ask(): void {
    if (this.#closed) return;
    const again = (ms: number | null): void => {
      if (ms === null) this.#ask();
      else setTimeout(() => this.#ask(), ms);
    };
    const request = get(`${this.url}?since=${this.#since}`, { agent: this.#agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      response.on('error', () => again(RETRY_MS));
      response.on('end', () => {
        for (const message of body === '' ? [] : body.split('\n')) {
          this.#since = message.slice(0, 10);
          this.hear(message);
        }
        again(this.pauseMs);
      });
    });
    request.on('error', () => again(RETRY_MS));
  }
}

/** Reads the endless page with `node:http` and looks for whole script elements. */
class IframeReader extends Witness {
  readonly #request;

  constructor(url: string) {
    super();
    let page = '';
    this.#request = get(url, { agent: false }, (response: IncomingMessage) => {
      response.on('error', () => {});
      response.setEncoding('utf8').on('data', (part: string) => {
        page += part;
        const end = page.lastIndexOf('</script>');
        if (end === -1) return;
        for (const [, text] of page.slice(0, end + 9).matchAll(/<script>parent\.m\((".*?")\)<\/script>/g))
          this.hear(JSON.parse(text!));
        page = page.slice(end + 9);
      });
    });
    this.#request.on('error', () => {});
  }

  close(): void {
    this.#request.destroy();
  }
}

/** The `eventsource` package. */
class EventSourceListener extends Witness {
  readonly #source: EventSource;

  constructor(url: string) {
    super();
    this.#source = new EventSource(url);
    this.#source.addEventListener('message', (event) => {
      if (event.lastEventId === event.data.slice(0, 10)) this.hear(event.data);
      else this.hear(`id ${event.lastEventId} on ${event.data}`);
    });
  }

  close(): void {
    this.#source.close();
  }
}

/** The client of the `ws` package. */
class WebSocketListener extends Witness {
  readonly #socket: WebSocket;

  constructor(url: string) {
    super();
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket.on('message', (data, isBinary) => this.hear(isBinary ? 'a binary message' : String(data)));
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** The `socket.io-client` package. */
class SocketIoListener extends Witness {
  readonly #socket: Socket;

  constructor(url: string, transports: string[]) {
    super();
    this.#socket = io(new URL(url).origin, { transports, forceNew: true, reconnectionDelay: RETRY_MS });
    this.#socket.on('message', (message, ...more) =>
      this.hear(more.length === 0 ? String(message) : `a message and ${more.length} more arguments`),
    );
  }

  close(): void {
    this.#socket.close();
  }
}

/** A witness of each transport; it connects, and reconnects where the transport does, by itself. */
export const WITNESSES: Readonly<Record<ScenarioId, (url: string) => Witness>> = {
  polling: (url) => new HttpPoller(url, POLL_MS),
  longpoll: (url) => new HttpPoller(url, null),
  iframe: (url) => new IframeReader(url),
  sse: (url) => new EventSourceListener(url),
  websocket: (url) => new WebSocketListener(url),
  'polling-close': (url) => new HttpPoller(url, POLL_MS, false),
  'sse-library': (url) => new EventSourceListener(url),
  'websocket-raw': (url) => new WebSocketListener(url),
  'socketio-polling': (url) => new SocketIoListener(url, ['polling']),
  'socketio-upgrade': (url) => new SocketIoListener(url, ['polling', 'websocket']),
};
