import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A socket that shows what a server really sends. Reads are collected; `until` waits for more. */
export class RawClient {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  ended = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (data) => {
      this.received = Buffer.concat([this.received, data]);
      this.#wake?.();
    });
    // A server that cuts off may well reset.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = true;
      this.#wake?.();
    });
  }

  /** Connects to the server behind a URL; `paused` never reads. */
  static async open(url: string, paused = false): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    const client = new RawClient(socket);
    if (paused) socket.pause();
    return client;
  }

  get text(): string {
    return this.received.toString('utf8');
  }

  send(...lines: string[]): void {
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  /** Forgets what was received so far. */
  clear(): void {
    this.received = Buffer.alloc(0);
  }

  /** Waits until what was received satisfies the condition. Fails when the connection ends before. */
  async until(condition: (text: string) => boolean, what = 'an answer'): Promise<string> {
    while (!condition(this.text)) {
      if (this.ended)
        throw new Error(`the connection ended before ${what}: ${JSON.stringify(this.text.slice(-300))}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.text;
  }

  /** Waits for one whole response without chunks and returns it, leaving what follows. */
  async response(): Promise<Answer> {
    const whole = (text: string): Answer | undefined => {
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) return undefined;
      const head = text.slice(0, end);
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
      if (this.received.length < end + 4 + length) return undefined;
      return {
        status: Number(head.slice(9, 12)),
        head,
        body: this.received.toString('utf8', end + 4, end + 4 + length),
        bytes: end + 4 + length,
      };
    };
    await this.until((text) => whole(text) !== undefined, 'a whole response');
    const answer = whole(this.text)!;
    this.received = this.received.subarray(answer.bytes);
    return answer;
  }

  async closed(): Promise<void> {
    while (!this.ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  destroy(): void {
    this.socket.destroy();
  }
}

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly bytes: number;
}

/** The contents of a chunked body as far as it goes; fails on a malformed chunk line. */
export function dechunk(response: string): string {
  let rest = response.slice(response.indexOf('\r\n\r\n') + 4);
  let data = '';
  while (rest !== '') {
    const line = /^([0-9a-f]+)\r\n/.exec(rest);
    if (line === null) throw new Error(`no chunk line: ${JSON.stringify(rest.slice(0, 40))}`);
    const start = line[0].length;
    const length = Number.parseInt(line[1]!, 16);
    if (rest.length < start + length + 2) break;
    if (rest.slice(start + length, start + length + 2) !== '\r\n')
      throw new Error('a chunk does not end with CRLF');
    data += rest.slice(start, start + length);
    rest = rest.slice(start + length + 2);
  }
  return data;
}
