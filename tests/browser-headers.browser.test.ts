import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BROWSER_FIELDS, BROWSER_VERSION, type BrowserRequest } from '../scenarios/browser-headers.js';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.js';
import { Changes } from './support/changes.js';
import { compareWithFrozen, type HeaderField } from './support/header-freeze.js';

/** A path for each kind of request, and what answers it. */
const ANSWERS: Readonly<Record<BrowserRequest | 'page', readonly [path: string, answer: string]>> = {
  page: ['/', answer('text/html', '<!doctype html><title>page</title>')],
  poll: ['/poll', answer('text/plain', '0000000001')],
  post: ['/post', answer('text/plain', 'ok')],
  frame: ['/frame', answer('text/html', '<!doctype html><title>frame</title>')],
  'event-stream': ['/events', answer('text/event-stream', 'data: 0000000001\n\n')],
  upgrade: ['/socket', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'],
};
/** The request builder adds these to an upgrade, and to what has a body, itself. */
const OWN_FIELDS: Readonly<Partial<Record<BrowserRequest, readonly string[]>>> = {
  upgrade: ['upgrade', 'connection', 'sec-websocket-key', 'sec-websocket-version'],
  post: ['content-length'],
};

function answer(type: string, body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

let browser: Browser;
let server: Server;
let host = '';
const sockets = new Set<Socket>();
const heads = new Map<string, string>();
const changes = new Changes();

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = text.slice(0, end);
      text = '';
      const path = head.split(' ')[1]!;
      if (!heads.has(path)) heads.set(path, head);
      const known = Object.values(ANSWERS).find(([own]) => own === path);
      socket.write(known?.[1] ?? 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      changes.changed();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] });
  const page = await browser.newPage();
  await page.goto(`http://${host}/`);
  await page.evaluate(`
    fetch('/poll');
    fetch('/post', { method: 'POST', body: '40' });
    new EventSource('/events');
    new WebSocket('ws://${host}/socket');
    const frame = document.createElement('iframe');
    frame.src = '/frame';
    document.body.append(frame);
  `);
  const wanted = Object.values(ANSWERS).map(([path]) => path);
  await changes.until(
    () => wanted.every((path) => heads.has(path)),
    () => `requests for ${wanted}; there were ${[...heads.keys()]}`,
  );
});

afterAll(async () => {
  await browser?.close();
  for (const socket of sockets) socket.destroy();
  server?.close();
});

it.each(Object.keys(BROWSER_FIELDS) as BrowserRequest[])(
  'sends with a live "%s" request the fields that are frozen',
  (kind) => {
    const fields = heads
      .get(ANSWERS[kind][0])!
      .split('\r\n')
      .slice(1)
      .map((text): HeaderField => {
        const at = text.indexOf(': ');
        return [text.slice(0, at), text.slice(at + 2).replaceAll(host, '{host}')];
      })
      .filter(([name]) => name !== 'Host')
      .filter(([name]) => !OWN_FIELDS[kind]?.includes(name.toLowerCase()));
    const frozen = BROWSER_FIELDS[kind];
    const found = compareWithFrozen(kind, frozen, BROWSER_VERSION, fields, browser.version());
    // Another major version may differ: then the frozen fields still are what that version sent, only older.
    if (!found.same) process.stderr.write(`${found.message}\n`);
    expect(found.fails, found.message).toBe(false);
  },
);
