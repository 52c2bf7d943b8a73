import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { MessagePublisher, PublishFailure, PublishPlace } from './contract.js';
import { HttpPublisher } from './http-publisher.js';
import { SocketPublisher } from './socket-publisher.js';

const HTTP = {
  by: 'http',
  origin: null,
  method: 'POST',
  path: '/say?x={message}',
  headers: { 'x-room': '1' },
  body: '<{message}|{message}>',
  atOnce: 256,
} as const;

const SOCKET = {
  by: 'websocket',
  origin: null,
  path: '/chat',
  headers: {},
  hello: ['join'],
  readyAt: 'welcome',
  replies: { ping: 'pong' },
  message: '{"text":"{message}"}',
} as const;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function placeOf(server: Server | ReturnType<typeof createSocketServer>): Promise<PublishPlace> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { address: '127.0.0.1', port, host: `somewhere:${port}` };
}

function sent(publisher: MessagePublisher, message: string): Promise<PublishFailure | null> {
  closing.push(() => publisher.close());
  return new Promise((resolve) => publisher.send(message, resolve));
}

describe('publishing by HTTP', () => {
  it('puts the message into path and body, and the fields as they are given', async () => {
    const got: unknown[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request.setEncoding('utf8')) body += part;
      const { host, 'x-room': room } = request.headers;
      got.push([request.method, request.url, host, room, body]);
      response.writeHead(201).end('thanks');
    });
    const place = await placeOf(server);
    expect(await sent(new HttpPublisher(HTTP, place), 'hello')).toBeNull();
    expect(got).toEqual([['POST', '/say?x=hello', place.host, '1', '<hello|hello>']]);
  });

  it.each([
    [200, null],
    [204, null],
    [301, 'redirect'],
    [404, 'http-4xx'],
    [503, 'http-5xx'],
  ])('takes an answer with status %i for %s', async (status, kind) => {
    const place = await placeOf(
      createServer((_request, response) =>
        response.writeHead(status, { location: 'http://192.0.2.1/' }).end(),
      ),
    );
    const failure = await sent(new HttpPublisher(HTTP, place), 'a');
    expect(failure?.kind ?? null).toBe(kind);
    if (kind === 'redirect')
      expect(failure!.detail).toMatch(
        /redirect \(301\) to "http:\/\/192\.0\.2\.1\/", and redirects are never followed/,
      );
  });

  it('tells a closed port, a closed connection and an answer that is no HTTP apart', async () => {
    const rude = await placeOf(createSocketServer((socket) => socket.once('data', () => socket.destroy())));
    expect(await sent(new HttpPublisher(HTTP, rude), 'a')).toMatchObject({ kind: 'reset' });
    const strange = await placeOf(createSocketServer((socket) => socket.end('250 ready to serve\r\n')));
    expect(await sent(new HttpPublisher(HTTP, strange), 'a')).toMatchObject({ kind: 'protocol' });
    const gone = createServer();
    const place = await placeOf(gone);
    gone.close();
    await once(gone, 'close');
    expect(await sent(new HttpPublisher(HTTP, place), 'a')).toMatchObject({ kind: 'refused' });
  });

  it('sends again what met a kept connection that was just closed', async () => {
    let requests = 0;
    const server = createSocketServer((socket) => {
      let answered = 0;
      socket.on('error', () => {});
      socket.on('data', () => {
        requests++;
        // Each connection serves one request, says that it is kept, and drops the next one.
        if (answered++ === 0) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
        else socket.resetAndDestroy();
      });
    });
    const publisher = new HttpPublisher(HTTP, await placeOf(server));
    expect(await sent(publisher, 'a')).toBeNull();
    expect(publisher.repeated).toBe(0);
    expect(await sent(publisher, 'b')).toBeNull();
    expect(requests).toBe(3);
    // Nobody can tell it from one that was lost behind the server's work.
    expect(publisher.repeated).toBe(1);
  });

  it('takes nothing more when too much waits for a server that does not answer', async () => {
    const answers: (() => void)[] = [];
    const server = createServer((_request, response) => {
      answers.push(() => response.writeHead(204).end());
    });
    const publisher = new HttpPublisher(HTTP, await placeOf(server), 5000);
    const first = sent(publisher, 'a'.repeat(4000));
    const asked = once(server, 'request');
    expect(await sent(publisher, 'b')).toMatchObject({ kind: 'backlog' });
    await asked;
    answers[0]!();
    expect(await first).toBeNull();
    const third = sent(publisher, 'c');
    await once(server, 'request');
    answers[1]!();
    expect(await third).toBeNull();
  });

  it('shows neither secrets nor escape sequences of where it is redirected to', async () => {
    const place = await placeOf(
      createSocketServer((socket) =>
        socket.end('HTTP/1.1 302 Found\r\nlocation: /?key=hunter2\u009b31m\r\n\r\n', 'latin1'),
      ),
    );
    const failure = await sent(new HttpPublisher(HTTP, place), 'a');
    expect(failure!.detail).toContain('redirect (302) to "/?key=redacted"');
  });

  it.each([
    [1, 1],
    [2, 2],
    [256, 5],
  ])('has at most %i requests under way at once, as it was told, of five', async (atOnce, most) => {
    let underWay = 0;
    let seen = 0;
    const order: string[] = [];
    const waiting: (() => void)[] = [];
    const server = createServer((request, response) => {
      seen = Math.max(seen, ++underWay);
      order.push(new URL(request.url!, 'http://x').searchParams.get('x')!);
      const answer = (): void => {
        underWay--;
        response.writeHead(204).end();
        release();
      };
      waiting.push(answer);
      if (waiting.length === most || order.length === 5) release();
    });
    const release = (): void => waiting.shift()?.();
    const publisher = new HttpPublisher({ ...HTTP, atOnce }, await placeOf(server));
    const all = ['1', '2', '3', '4', '5'].map((message) => sent(publisher, message));
    expect(await Promise.all(all)).toEqual([null, null, null, null, null]);
    expect(seen).toBe(most);
    if (atOnce === 1) expect(order).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('publishing on a socket', () => {
  it('says hello, waits until it may publish, answers word for word, and keeps the order', async () => {
    const server = createServer();
    const heard: string[] = [];
    const done = new Promise<void>((resolve) => {
      new WebSocketServer({ server, path: '/chat' }).on('connection', (socket) => {
        socket.on('message', (data) => {
          heard.push(String(data));
          if (String(data) === 'join') socket.send('ping');
          if (String(data) === 'pong') socket.send('welcome home');
          if (heard.length === 4) resolve();
        });
      });
    });
    const publisher = new SocketPublisher(SOCKET, await placeOf(server));
    await publisher.open();
    expect(await sent(publisher, 'one')).toBeNull();
    expect(await sent(publisher, 'two')).toBeNull();
    await done;
    expect(heard).toEqual(['join', 'pong', '{"text":"one"}', '{"text":"two"}']);
  });

  it.each<[string, (response: import('node:http').ServerResponse) => void, RegExp]>([
    [
      'redirects',
      (response) => response.writeHead(302, { location: 'ws://192.0.2.1/' }).end(),
      /redirect \(302\) to "ws:\/\/192\.0\.2\.1\/"/,
    ],
    ['refuses', (response) => response.writeHead(403).end(), /status 403 where an upgrade gives 101/],
    ['hangs up', (response) => response.destroy(), /lost its connection/],
  ])('fails when the server %s', async (_what, answer, sentence) => {
    const server = createServer((_request, response) => answer(response));
    const publisher = new SocketPublisher(SOCKET, await placeOf(server));
    await expect(publisher.open()).rejects.toThrow(sentence);
  });

  it('fails when the answer to the upgrade is somebody else’s', async () => {
    const server = createServer();
    server.on('upgrade', (_request, socket) =>
      socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n',
      ),
    );
    await expect(new SocketPublisher(SOCKET, await placeOf(server)).open()).rejects.toThrow(
      /wrong Sec-WebSocket-Accept/,
    );
  });

  it('takes nothing more when too much waits for a server that does not read', async () => {
    const server = createServer();
    new WebSocketServer({ server }).on('connection', (_socket, { socket }) => socket.pause());
    const publisher = new SocketPublisher({ ...SOCKET, readyAt: null }, await placeOf(server), 1_000_000);
    await publisher.open();
    closing.push(() => publisher.close());
    const failures: (PublishFailure | null)[] = [];
    // The system's own buffers hold some of it.
    for (let n = 0; n < 64; n++)
      publisher.send('a'.repeat(500_000), (failure) => void failures.push(failure));
    expect(failures.at(-1)).toMatchObject({ kind: 'backlog' });
    expect(failures.filter((failure) => failure?.kind === 'backlog').length).toBeLessThan(64);
  });

  it('fails at once when the server has closed the socket, and at opening when it is never welcome', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.close());
    const place = await placeOf(server);
    await expect(new SocketPublisher(SOCKET, place).open()).rejects.toThrow(/closed the socket/);
    const publisher = new SocketPublisher({ ...SOCKET, readyAt: null }, place);
    await publisher.open();
    let failure: PublishFailure | null = null;
    while (failure === null) failure = await sent(publisher, 'a');
    expect(['closed', 'reset', 'other']).toContain(failure.kind);
  });
});
