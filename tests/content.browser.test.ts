import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Content, encodePayload, isPayload } from '../protocol/payload.js';
import type { Scenario } from '../scenarios/contract.js';
import { type ScenarioId, scenarios } from '../scenarios/registry.js';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.js';
import { Changes } from './support/changes.js';
import { Stage } from './support/stage.js';

const CLIENTS = 2;
/** With reads and chunks of every alignment to the characters. */
const SIZES = [19, 20, 21, 22, 100, 4099, 65_535, 65_536];

/** What a page does to hear text, and how it hands on bytes; a message is told as base64 of its UTF-8 or of itself. */
const HEAR = `
  const base64 = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const hearText = (text) => tell('text', base64(new TextEncoder().encode(text)));
  const hearBytes = (buffer) => tell('bytes', base64(new Uint8Array(buffer)));`;

const SOCKET = `
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }) => (typeof data === 'string' ? hearText(data) : hearBytes(data));`;

/** Scenarios whose page can be written in a few lines, one of each format. */
const PAGES = {
  longpoll: `
    let since = '0000000000';
    const ask = async () => {
      const answer = await fetch(url + '?since=' + since);
      if (answer.status === 200)
        for (const message of (await answer.text()).split('\\n')) {
          since = message.slice(0, 10);
          hearText(message);
        }
      ask();
    };
    ask();`,
  iframe: `
    window.m = hearText;
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.src = url;
    document.body.append(frame);`,
  sse: 'new EventSource(url).onmessage = ({ data }) => hearText(data);',
  websocket: SOCKET,
  'websocket-raw': SOCKET,
} as const satisfies Partial<Record<ScenarioId, string>>;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] });
});
afterAll(() => browser?.close());

const stage = new Stage();
afterEach(() => stage.clear());

const HTML = 'text/html; charset=utf-8';

/** Serves one page on a port of its own. @returns its address */
async function servePage(html: string): Promise<string> {
  const server = createServer((_request, response) => response.setHeader('Content-Type', HTML).end(html));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage.later(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A page in Chromium that listens to the server. */
async function visit(id: keyof typeof PAGES, url: string) {
  const heard: { readonly kind: string; readonly payload: Buffer }[] = [];
  const changes = new Changes();
  const page: Page = await browser.newPage();
  stage.later(() => page.close());
  await page.exposeFunction('tell', (kind: string, base64: string) => {
    heard.push({ kind, payload: Buffer.from(base64, 'base64') });
    changes.changed();
  });
  const body = `<!doctype html><title>${id}</title><body><script>const url = ${JSON.stringify(url)};${HEAR}${PAGES[id]}</script>`;
  let address: string;
  if (id === 'iframe') {
    // A frame calls into its parent only where both are of one origin.
    address = `${new URL(url).origin}/`;
    await page.route(address, (route) => route.fulfill({ contentType: HTML, body }));
  } else {
    address = await servePage(body);
  }
  // An endless frame keeps a page from ever being loaded.
  await page.goto(address, { waitUntil: 'commit' });
  return {
    heard,
    hears: (messages: number) => changes.until(() => heard.length >= messages, `${messages} messages`),
  };
}

async function expectSame(id: keyof typeof PAGES, content: Content, kind: 'text' | 'bytes'): Promise<void> {
  const scenario: Scenario = scenarios[id];
  const { host, crowd } = await stage.play(scenario, { clients: CLIENTS, content });
  const page = await visit(id, host.url);
  await host.holdsAtLeast(CLIENTS + 1);
  for (const bytes of SIZES) await host.publish({ count: 2, bytes, content });
  const published = SIZES.flatMap((bytes) => [bytes, bytes]);
  await Promise.all([crowd.received(published.length), page.hears(published.length)]);
  for (const [at, { kind: own, payload }] of page.heard.entries()) {
    expect([own, payload.length]).toEqual([kind, published[at]]);
    expect(payload.equals(encodePayload(at + 1, published[at]!, content))).toBe(true);
    expect(isPayload(payload, content)).toBe(true);
  }
  for (const [client, own] of crowd.sequences.entries()) {
    expect(own).toEqual(published.map((_, at) => at + 1));
    expect(crowd.lengths[client]).toEqual(published);
  }
  crowd.audit();
  expect([crowd.imbalances, crowd.failures]).toEqual([[], []]);
}

describe('a page in Chromium', () => {
  it.each(Object.keys(PAGES) as (keyof typeof PAGES)[])(
    'hears the same Unicode text over %s as our clients, character by character',
    (id) => expectSame(id, 'unicode', 'text'),
  );

  it.each(['websocket', 'websocket-raw'] as const)('hears the same bytes over %s as our clients', (id) =>
    expectSame(id, 'binary', 'bytes'),
  );
});
