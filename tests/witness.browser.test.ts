import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Scenario } from '../scenarios/contract.js';
import { type ScenarioId, scenarios } from '../scenarios/registry.js';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.js';
import { readProjectFile } from './project-files.js';
import { Changes } from './support/changes.js';
import { Stage } from './support/stage.js';
import { expectSameTestimony, publishTestimony, TESTIMONY } from './support/testimony.js';

const CLIENTS = 3;

/** How a page asks with XHR; `pause` is what stands between an answer and the next question. */
const asking = (pause: string): string => `
  let since = '0000000000';
  function ask() {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', url + '?since=' + since);
    xhr.onload = () => {
      if (xhr.status === 200)
        for (const message of xhr.responseText.split('\\n')) {
          since = message.slice(0, 10);
          hear(message);
        }
      else if (xhr.status !== 204) hear('status ' + xhr.status);
      ${pause};
    };
    xhr.onerror = () => hear('an error');
    xhr.send();
  }
  ask();`;

const LISTENING_SOCKET = `
    const socket = new WebSocket(url);
    socket.onmessage = ({ data }) => hear(data);
    socket.onclose = () => hear('closed');`;

const LISTENING_SOURCE = `
    const source = new EventSource(url);
    source.onmessage = ({ data, lastEventId }) =>
      hear(lastEventId === data.slice(0, 10) ? data : 'id ' + lastEventId + ' on ' + data);
    source.onerror = () => hear('an error');`;

/** socket.io's own client for browsers. */
const SOCKET_IO = readProjectFile('node_modules/socket.io-client/dist/socket.io.min.js');
const listeningIo = (transports: readonly string[]): string => `
    ${SOCKET_IO}
    const socket = io(new URL(url).origin, { transports: ${JSON.stringify(transports)} });
    socket.on('message', hear);
    socket.on('disconnect', (reason) => hear('disconnected: ' + reason));
    socket.on('connect_error', (error) => hear(String(error)));`;

/** What a page does to listen to each transport, as the article's pages do. */
const LISTENING: Readonly<Record<ScenarioId, string>> = {
  polling: asking('setTimeout(ask, 30)'),
  longpoll: asking('ask()'),
  iframe: `
    window.m = hear;
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.src = url;
    document.body.append(frame);`,
  sse: LISTENING_SOURCE,
  websocket: LISTENING_SOCKET,
  'polling-close': asking('setTimeout(ask, 30)'),
  'sse-library': LISTENING_SOURCE,
  'websocket-raw': LISTENING_SOCKET,
  'socketio-polling': listeningIo(['polling']),
  'socketio-upgrade': listeningIo(['polling', 'websocket']),
};

const pageOf = (id: ScenarioId, url: string): string => `<!doctype html><title>${id}</title><body><script>
  const url = ${JSON.stringify(url)};
  ${LISTENING[id]}
</script>`;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] });
});
afterAll(() => browser?.close());

const stage = new Stage();
afterEach(() => stage.clear());

/**
 * Pages come from another origin than their news, as in the article. Only a frame must be of its parent's own, or it
 * could not call into it; then the page is put in the browser's hands as if it came from the server.
 */
const OF_SERVERS_ORIGIN: ReadonlySet<ScenarioId> = new Set(['iframe']);
const HTML = { contentType: 'text/html; charset=utf-8' };

/** Serves one page on a port of its own. @returns its address */
async function servePage(html: string): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/') response.setHeader('Content-Type', HTML.contentType).end(html);
    else response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage.later(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A page in Chromium, and what it has heard. */
class Visitor {
  readonly heard: string[] = [];
  readonly faults: string[] = [];
  readonly #changes = new Changes();

  private constructor(readonly page: Page) {}

  /** Opens a page that listens to the server. */
  static async open(id: ScenarioId, url: string): Promise<Visitor> {
    const page = await browser.newPage();
    stage.later(() => page.close());
    const visitor = new Visitor(page);
    page.on('pageerror', (error) => visitor.faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') visitor.faults.push(message.text());
    });
    await page.exposeFunction('hear', (message: string) => {
      visitor.heard.push(message);
      visitor.#changes.changed();
    });
    const html = pageOf(id, url);
    let address = `${new URL(url).origin}/`;
    if (OF_SERVERS_ORIGIN.has(id))
      await page.route(address, (route) => route.fulfill({ ...HTML, body: html }));
    else address = await servePage(html);
    // An endless frame keeps a page from ever being loaded.
    await page.goto(address, { waitUntil: 'commit' });
    return visitor;
  }

  hears(count: number): Promise<void> {
    return this.#changes.until(
      () => this.heard.length >= count,
      () => `the page to hear ${count} messages; it has heard ${this.heard.length} (${this.faults})`,
    );
  }
}

describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  it('brings a page in Chromium exactly what it brings our clients', async () => {
    const { host, crowd } = await stage.play(scenario, { clients: CLIENTS });
    const visitor = await Visitor.open(scenario.id as ScenarioId, host.url);
    if (!scenario.reconnectsEachPoll) await host.holdsAtLeast(CLIENTS + 1);
    await publishTestimony(host);
    await Promise.all([crowd.received(TESTIMONY), visitor.hears(TESTIMONY)]);
    expectSameTestimony(visitor.heard, crowd);
    expect(visitor.faults).toEqual([]);
  });
});
