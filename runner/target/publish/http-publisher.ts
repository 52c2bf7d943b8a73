import { Agent, type IncomingMessage, request } from 'node:http';
import type { PublishWay } from '../contract.js';
import { MESSAGE } from '../placeholders.js';
import { shownText } from '../redact.js';
import type { MessagePublisher, PublishFailure, PublishPlace, Taken } from './contract.js';

const ANSWER_MS = 10_000;
/** What waits for a server that does not read or answer is held no further than this: a schedule may be long. */
export const MOST_QUEUED_BYTES = 64 * 1024 * 1024;
/** What Node.js keeps of a request beside its text, about. */
const REQUEST_BYTES = 2048;

/** Of a message that was not sent, for too much was waiting. */
export const BACKLOG: PublishFailure = {
  kind: 'backlog',
  detail: 'could not go out: too much was waiting for the server to take it',
};

type HttpWay = Extract<PublishWay, { by: 'http' }>;

/** One request a message, over connections that are kept. */
export class HttpPublisher implements MessagePublisher {
  private readonly agent: Agent;
  private queuedBytes = 0;
  repeated = 0;

  constructor(
    private readonly way: HttpWay,
    private readonly place: PublishPlace,
    private readonly mostQueuedBytes = MOST_QUEUED_BYTES,
  ) {
    const { atOnce } = way;
    this.agent = new Agent({ keepAlive: true, maxSockets: atOnce, maxFreeSockets: atOnce, noDelay: true });
  }

  async open(): Promise<void> {}

  send(message: string, taken: Taken): void {
    const { path, body } = this.way;
    if (this.queuedBytes > this.mostQueuedBytes) {
      taken(BACKLOG);
      return;
    }
    const bytes = REQUEST_BYTES + path.length + body.length + message.length;
    this.queuedBytes += bytes;
    this.attempt(
      message,
      (failure) => {
        this.queuedBytes -= bytes;
        taken(failure);
      },
      true,
    );
  }

  /**
   * @param mayRepeat a kept connection that the server closed just now took nothing, most likely: the request goes out once
   * more, and is counted, for nobody can tell it from one that was lost behind the server's work
   */
  private attempt(message: string, taken: Taken, mayRepeat: boolean): void {
    const { way, place } = this;
    const body = way.body.replaceAll(MESSAGE, message);
    let isTold = false;
    const tell = (failure: PublishFailure | null): void => {
      if (isTold) return;
      isTold = true;
      taken(failure);
    };
    const sent = request({
      agent: this.agent,
      host: place.address,
      port: place.port,
      method: way.method,
      path: way.path.replaceAll(MESSAGE, message),
      headers: {
        host: place.host,
        ...way.headers,
        ...(way.method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      setHost: false,
    });
    sent.setTimeout(ANSWER_MS, () => {
      tell({ kind: 'timeout', detail: `was not answered within ${ANSWER_MS / 1000} s` });
      sent.destroy();
    });
    sent.on('response', (answer) => {
      tell(failureOfStatus(answer));
      answer.resume();
      // An answer without an end would keep its connection from the next message.
      answer.on('error', () => {});
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (!isTold && mayRepeat && sent.reusedSocket && error.code === 'ECONNRESET') {
        isTold = true;
        this.repeated++;
        this.attempt(message, taken, false);
        return;
      }
      tell(failureOfError(error));
    });
    sent.end(body);
  }

  close(): void {
    this.agent.destroy();
  }
}

function failureOfStatus({ statusCode = 0, headers }: IncomingMessage): PublishFailure | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  if (statusCode >= 300 && statusCode < 400) {
    return {
      kind: 'redirect',
      detail: `was answered with a redirect (${statusCode}) to "${shownText(headers.location ?? '')}", and redirects are never followed`,
    };
  }
  const kind = statusCode >= 500 ? 'http-5xx' : 'http-4xx';
  return { kind, detail: `was answered with status ${statusCode}` };
}

/** What went wrong with a connection. */
export function failureOfError(error: NodeJS.ErrnoException): PublishFailure {
  const kinds: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'refused',
    ECONNRESET: 'reset',
    EPIPE: 'reset',
    ETIMEDOUT: 'timeout',
  };
  const kind = kinds[error.code ?? ''] ?? ((error.code ?? '').startsWith('HPE_') ? 'protocol' : 'other');
  const details: Readonly<Record<string, string>> = {
    refused: 'met no listener',
    reset: 'lost its connection before it was answered',
    protocol: 'got an answer that is not HTTP',
  };
  return { kind, detail: details[kind] ?? `failed: ${error.message}` };
}
