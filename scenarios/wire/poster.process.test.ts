import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePayload } from '../../protocol/payload.js';
import { sumLayers } from '../ledger.js';
import { sharedContext } from '../testing/shared-context.js';
import { Poster } from './poster.js';

const HEARD = 'HTTP/1.1 204 No Content\r\n\r\n';

/** What the server does with each whole POST it gets, in their order; 204 when nothing is left. */
type Act = (socket: Socket) => void;
const says =
  (text: string): Act =>
  (socket) =>
    socket.write(text);

let server: Server;
let acts: Act[];
/** Sequence numbers that came, and on which connection. */
let came: { sequence: number; connection: number }[];
let changed: () => void;
const sockets: Socket[] = [];

beforeEach(async () => {
  acts = [];
  came = [];
  changed = () => {};
  server = createServer((socket) => {
    const connection = sockets.push(socket);
    socket.on('error', () => {});
    let text = '';
    socket.setEncoding('latin1').on('data', (part) => {
      text += part;
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        const length = Number(/Content-Length: (\d+)/.exec(text)?.[1] ?? 0);
        if (end === -1 || text.length < end + 4 + length) return;
        came.push({ sequence: Number(text.slice(end + 4, end + 14)), connection });
        text = text.slice(end + 4 + length);
        (acts.shift() ?? says(HEARD))(socket);
        changed();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

let poster: Poster | null = null;
afterEach(async () => {
  poster?.close(true);
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

function start(closing = false) {
  const { port } = server.address() as AddressInfo;
  const target = {
    address: '127.0.0.1',
    port,
    host: `127.0.0.1:${port}`,
    path: '/news',
    cookie: 'Cookie: id=0\r\n',
  };
  const context = sharedContext(() => {}, { target, reconnectMs: 5 });
  const made = new Poster(context, 3, closing);
  poster = made;
  return { poster: made, told: context.events.told, ledger: context.ledger };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const posted = (told: readonly string[]): number => told.filter((each) => each === 'posted').length;
const sequences = (): number[] => came.map(({ sequence }) => sequence);

/** Every byte of the line was put down once. */
function expectBalanced({ poster: { line }, ledger }: ReturnType<typeof start>): void {
  const { up, down } = ledger.snapshot();
  expect([sumLayers(up), sumLayers(down)]).toEqual([line.bytesWritten, line.bytesRead]);
  for (const bytes of [...Object.values(up), ...Object.values(down)]) expect(bytes).toBeGreaterThanOrEqual(0);
}

describe('what a client posts', () => {
  it('goes one at a time, in order, on one connection, made when there is something to say', async () => {
    const it = start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sockets).toEqual([]);
    for (const sequence of [1, 2, 3]) it.poster.post(encodePayload(sequence, 20));
    await until(() => posted(it.told) === 3);
    expect(came).toEqual([1, 2, 3].map((sequence) => ({ sequence, connection: 1 })));
    const { up, down } = it.ledger.snapshot();
    expect([up.payload, up.header + 60, down.header]).toEqual([
      60,
      it.poster.line.bytesWritten,
      3 * HEARD.length,
    ]);
    expectBalanced(it);
  });

  it('goes on a new connection each time where each exchange has one', async () => {
    acts = Array.from(
      { length: 2 },
      () => (socket: Socket) => socket.end(`HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n`),
    );
    const it = start(true);
    for (const sequence of [1, 2]) it.poster.post(encodePayload(sequence, 10));
    await until(() => posted(it.told) === 2);
    expect(came).toEqual([1, 2].map((sequence) => ({ sequence, connection: sequence })));
    expect(it.told).toEqual(['posted', 'posted']);
    expectBalanced(it);
  });

  it.each([
    ['its connection was reset', (socket: Socket) => void socket.resetAndDestroy(), 'failed 3 reset'],
    ['its connection was closed', (socket: Socket) => void socket.end(), 'failed 3 closed'],
    ['it was answered 503', says('HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy'), 'failed 3 http-503'],
    ['the answer was none', says('I do not speak HTTP\r\n\r\n'), 'failed 3 protocol'],
  ])('is posted again, before what came later, when %s', async (_, act, failure) => {
    acts = [says(HEARD), act];
    const it = start();
    for (const sequence of [1, 2, 3]) it.poster.post(encodePayload(sequence, 20));
    await until(() => posted(it.told) === 3);
    expect(sequences()).toEqual([1, 2, 2, 3]);
    expect(it.told).toEqual(['posted', failure, 'posted', 'posted']);
    expectBalanced(it);
  });

  it('waits as long as the server asks before it is posted again', async () => {
    acts = [says('HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n')];
    const it = start();
    const startedMs = performance.now();
    it.poster.post(encodePayload(1, 10));
    await until(() => posted(it.told) === 1);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
  });

  it('is not posted again when it was refused as wrong; the next is', async () => {
    acts = [says('HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno\n')];
    const it = start();
    for (const sequence of [1, 2]) it.poster.post(encodePayload(sequence, 10));
    await until(() => posted(it.told) === 1);
    expect(sequences()).toEqual([1, 2]);
    expect(it.told).toEqual(['failed 3 http-4xx', 'posted']);
    expectBalanced(it);
  });

  it('does not fail because the server closed the connection between two of them', async () => {
    const it = start();
    it.poster.post(encodePayload(1, 10));
    await until(() => posted(it.told) === 1);
    sockets[0]!.end();
    await until(() => !it.poster.line.isDialled);
    it.poster.post(encodePayload(2, 10));
    await until(() => posted(it.told) === 2);
    expect(it.told).toEqual(['posted', 'posted']);
    expectBalanced(it);
  });

  it('gives a connection up on which somebody answers what nobody asked', async () => {
    const it = start();
    it.poster.post(encodePayload(1, 10));
    await until(() => posted(it.told) === 1);
    sockets[0]!.write(HEARD);
    await until(() => !it.poster.line.isDialled);
    it.poster.post(encodePayload(2, 10));
    await until(() => posted(it.told) === 2);
    expectBalanced(it);
  });

  it('is nothing any more once the client has gone, in whatever it was', async () => {
    acts = [(socket) => void socket.resetAndDestroy()];
    const it = start();
    it.poster.post(encodePayload(1, 10));
    await until(() => it.told.length === 1);
    it.poster.close(false);
    it.poster.post(encodePayload(2, 10));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(sequences()).toEqual([1]);
    expectBalanced(it);
  });
});
