import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { embeddedJson } from '../../reports/html/markup.js';
import { closeHttpServer, listen } from '../../servers/http-server.js';
import type { LinkEnd } from '../link/contract.js';
import { serverSettings } from '../server-settings.js';
import { refusalOf, TOKEN_FIELD } from './access.js';
import { type Command, commandOf } from './commands.js';
import {
  type DemoSettings,
  type DemoStatus,
  TRANSPORTS,
  type Traffic,
  type TransportId,
} from './contract.js';
import { passThrough } from './pass-through.js';
import { newestAt } from './schedule.js';
import type { DemoStage, Reading } from './stage.js';

/** Path of the frame's stream, which has to be of the page's own origin. */
const FRAME_PATH = '/iframe';
const MAX_COMMAND_BYTES = 1024;

const JSON_TYPE = 'application/json';
const SECURITY = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** What the page server needs to know of the demo. */
export interface PageServing {
  /** 0 is a free one. */
  readonly port: number;
  readonly stage: DemoStage;
  /** Where each transport is reached. */
  readonly ends: ReadonlyMap<TransportId, { readonly end: LinkEnd; readonly path: string }>;
  readonly titles: Readonly<Record<TransportId, string>>;
  readonly pollIntervalMs: number;
  readonly rates: readonly number[];
  readonly roundTripsMs: readonly number[];
}

/** Serves the demo's page on loopback: the page, its script and style, the state of things, and commands. */
export class PageServer {
  readonly #serving: PageServing;
  readonly #token = randomBytes(16).toString('hex');
  readonly #server: Server;
  /** Read once: a build may go on beside a demo. */
  readonly #html = readPageFile('index.html');
  readonly #files: ReadonlyMap<string, { readonly type: string; readonly body: string }>;
  #port = 0;
  /** The page whose traffic is counted, and the counters when it came. */
  #visitor = '';
  #before: Reading | null = null;

  private constructor(serving: PageServing) {
    this.#serving = serving;
    this.#files = new Map([
      ['/page.js', { type: 'text/javascript; charset=utf-8', body: readPageFile('page.js') }],
      ['/page.css', { type: 'text/css; charset=utf-8', body: readPageFile('page.css') }],
    ]);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (response.headersSent) request.socket.destroy();
        else
          tell(
            response,
            500,
            `The demo could not answer: ${error instanceof Error ? error.message : error}.`,
          );
      });
    });
  }

  /** @throws Error with a sentence when the port cannot be had */
  static async open(serving: PageServing): Promise<PageServer> {
    const page = new PageServer(serving);
    const authority = await listen(
      page.#server,
      serverSettings({ port: serving.port, payloadBytes: 0, pollIntervalMs: 0 }),
    );
    page.#port = Number(authority.split(':')[1]);
    return page;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  close(): Promise<void> {
    return closeHttpServer(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const { headers, method = '' } = request;
    for (const [name, value] of Object.entries(SECURITY)) response.setHeader(name, value);
    const refusal = refusalOf(
      {
        method,
        path,
        host: headers.host,
        origin: headers.origin,
        fetchSite: single(headers['sec-fetch-site']),
        contentType: headers['content-type'],
        token: single(headers[TOKEN_FIELD]),
      },
      { port: this.#port, token: this.#token },
    );
    if (refusal !== null) tell(response, 403, refusal);
    else if (path === '/command') await this.#command(request, response);
    else if (method !== 'GET' && method !== 'HEAD') {
      tell(response, 405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' });
    } else if (path === '/') this.#page(response);
    else if (path === '/time') json(response, { nowMs: performance.now() });
    else if (path === '/status')
      json(response, await this.#status(new URLSearchParams(query).get('page') ?? ''));
    else if (path === FRAME_PATH && method === 'GET') this.#frame(request, response);
    else if (this.#files.has(path)) {
      const { type, body } = this.#files.get(path)!;
      response.writeHead(200, { 'Content-Type': type }).end(body);
    } else tell(response, 404, 'There is nothing here. The page is at /.');
  }

  #page(response: ServerResponse): void {
    response
      .writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': this.#policy(),
      })
      .end(this.#html.replace('"{{settings}}"', () => embeddedJson(this.#settings()).text));
  }

  #settings(): DemoSettings {
    const { titles, pollIntervalMs, rates, roundTripsMs } = this.#serving;
    return {
      token: this.#token,
      transports: TRANSPORTS.map((id) => ({ id, title: titles[id], address: this.#addressOf(id) })),
      pollIntervalMs,
      rates,
      roundTripsMs,
    };
  }

  #addressOf(id: TransportId): string {
    if (id === 'iframe') return FRAME_PATH;
    const { end, path } = this.#serving.ends.get(id)!;
    return `${id === 'websocket' ? 'ws' : 'http'}://${end.address}:${end.port}${path}`;
  }

  /** The page may talk to itself and to the link, and to nobody else. */
  #policy(): string {
    const talks = TRANSPORTS.map((id) => this.#addressOf(id)).filter((address) => address !== FRAME_PATH);
    return [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      'img-src data:',
      "frame-src 'self'",
      `connect-src 'self' ${talks.map((address) => new URL(address).origin).join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; ');
  }

  #frame(request: IncomingMessage, response: ServerResponse): void {
    passThrough(request, response, this.#serving.ends.get('iframe')!.end);
  }

  async #command(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      tell(response, 405, 'Commands are sent by POST.', { Allow: 'POST' });
      return;
    }
    const body = await bodyOf(request);
    if (body === null) {
      tell(response, 413, `A command has at most ${MAX_COMMAND_BYTES} bytes.`);
      return;
    }
    const command = commandOf(body, this.#serving);
    if (typeof command === 'string') {
      tell(response, 400, command);
      return;
    }
    await this.#obey(command);
    json(response, await this.#status(command.page));
  }

  async #obey(command: Command): Promise<void> {
    const { stage } = this.#serving;
    switch (command.action) {
      case 'enter':
        this.#visitor = command.page;
        this.#before = await stage.read();
        return;
      case 'rate':
        return stage.setRate(command.ratePerSecond);
      case 'round-trip':
        return stage.setRoundTrip(command.roundTripMs);
      case 'restart':
        return stage.restart();
    }
  }

  async #status(page: string): Promise<DemoStatus> {
    const { stage } = this.#serving;
    const traffic = await stage.read();
    const nowMs = performance.now();
    const before = this.#before;
    return {
      active: page === this.#visitor,
      nowMs,
      published: newestAt(stage.segments, nowMs),
      ratePerSecond: stage.ratePerSecond,
      roundTripMs: stage.roundTripMs,
      segments: stage.segments,
      outages: stage.outages,
      traffic: Object.fromEntries(
        TRANSPORTS.map((id) => [id, since(traffic[id], before?.[id])]),
      ) as DemoStatus['traffic'],
    };
  }
}

function since(now: Traffic, before: Traffic | undefined): Traffic {
  return { ...now, up: now.up - (before?.up ?? 0), down: now.down - (before?.down ?? 0) };
}

/** @throws Error when the project has not been built */
function readPageFile(name: string): string {
  return readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');
}

function single(field: string | readonly string[] | undefined): string | undefined {
  return typeof field === 'string' ? field : field?.join(', ');
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': JSON_TYPE }).end(JSON.stringify(value));
}

function tell(
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers })
    .end(`${sentence}\n`);
}

/** The text of a request's body; null when it is longer than a command. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // Read to its end all the same, for a request that is cut off hears no answer.
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= MAX_COMMAND_BYTES) parts.push(part);
  }
  return bytes <= MAX_COMMAND_BYTES ? Buffer.concat(parts).toString('utf8') : null;
}
