import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { LinkSettings } from './contract.js';
import { Link } from './link.js';
import { paceOf } from './pace.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server, a link in front of it and a way to visit it. */
async function stage(settings: LinkSettings, onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = new Link(settings);
  const end = await link.to({
    address: '127.0.0.1',
    port: (server.address() as { port: number }).port,
  });
  closers.push(() => {
    link.stop();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const visit = async (): Promise<Socket> => {
    const socket = connect({ host: end.address, port: end.port, noDelay: true, allowHalfOpen: true });
    closers.push(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  return { link, server, visit };
}

const delaying = (oneWayMs: number): LinkSettings => ({ oneWayMs, bandwidthBitsPerSecond: null });

/** Everything a socket reads until its end. Iterating over it would destroy it there, half-closed or not. */
async function all(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  await once(socket, 'end');
  return Buffer.concat(parts);
}

describe('a link', () => {
  it('delays each direction by half the round trip, and never less', async () => {
    const { visit, link } = await stage(delaying(30), (socket) =>
      socket.on('data', (data) => socket.write(data)),
    );
    const socket = await visit();
    socket.write('x');
    await once(socket, 'data');
    link.open();
    for (let turn = 0; turn < 5; turn++) {
      const sentMs = performance.now();
      socket.write('y');
      await once(socket, 'data');
      const tripMs = performance.now() - sentMs;
      expect(tripMs).toBeGreaterThanOrEqual(60);
      expect(tripMs).toBeLessThan(110);
    }
    const { bytesUp, bytesDown, releases, error } = link.result();
    expect({ bytesUp, bytesDown, releases, count: error.count }).toEqual({
      bytesUp: 5,
      bytesDown: 5,
      releases: 10,
      count: 10,
    });
  });

  it('takes two round trips for a first answer: one for the set-up, one for the question', async () => {
    let calledMs = 0;
    let askedMs = 0;
    const { visit } = await stage(delaying(40), (socket) => {
      calledMs = performance.now();
      socket.on('data', (data) => {
        askedMs = performance.now();
        socket.write(data);
      });
    });
    const startMs = performance.now();
    const socket = await visit();
    socket.write('x');
    await once(socket, 'data');
    // One transit for the call; two more until the question may start and has come.
    expect(calledMs - startMs).toBeGreaterThanOrEqual(40);
    expect(askedMs - startMs).toBeGreaterThanOrEqual(120);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(160);
    expect(performance.now() - startMs).toBeLessThan(240);
  });

  it('passes a half-close on: the other direction goes on', async () => {
    const { visit, link } = await stage(delaying(10), async (socket) => {
      const heard = await all(socket);
      socket.end(`heard ${heard}`);
    });
    const socket = await visit();
    const startMs = performance.now();
    socket.end('all of it');
    expect(String(await all(socket))).toBe('heard all of it');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(40);
    await expect.poll(() => link.size).toBe(0);
  });

  it('passes resets on, both ways', async () => {
    const broken: string[] = [];
    const { visit, link } = await stage(delaying(10), (socket) => {
      socket.on('error', (error: NodeJS.ErrnoException) => broken.push(error.code!));
      socket.on('data', (data) => {
        if (String(data) === 'reset me') socket.resetAndDestroy();
        else socket.write(data);
      });
    });
    const cut = await visit();
    cut.write('hello');
    await once(cut, 'data');
    cut.resetAndDestroy();
    await expect.poll(() => broken).toEqual(['ECONNRESET']);

    const answered = await visit();
    answered.write('reset me');
    await expect(once(answered, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect.poll(() => link.size).toBe(0);
  });

  it('answers with a reset when the server behind it refuses', async () => {
    const { visit, server, link } = await stage(delaying(10), () => {});
    server.close();
    await once(server, 'close');
    const socket = await visit();
    await expect(once(socket, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect.poll(() => link.size).toBe(0);
  });

  it('shapes to its bandwidth, byte for byte and in order', async () => {
    const sent = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7) % 253));
    // 100,000 bytes at 1.6 Mbit/s take half a second.
    const { visit } = await stage({ oneWayMs: 0, bandwidthBitsPerSecond: 1_600_000 }, (socket) => {
      socket.end(sent);
      socket.resume();
    });
    const startMs = performance.now();
    const received = await all(await visit());
    const tookMs = performance.now() - startMs;
    expect(received.equals(sent)).toBe(true);
    expect(tookMs).toBeGreaterThanOrEqual(500);
    expect(tookMs).toBeLessThan(750);
  });

  it('reads no more from a sender than its window while the receiver waits', async () => {
    const settings: LinkSettings = { oneWayMs: 10, bandwidthBitsPerSecond: 80_000 };
    // Far more than what the kernel's buffers of both connections can take.
    const size = 64 * 1024 * 1024;
    let sender: Socket | undefined;
    const { visit } = await stage(settings, (socket) => {
      sender = socket;
      socket.write(Buffer.alloc(size));
    });
    await visit();
    // The kernel takes what it has room for; then nothing moves but the trickle of the bandwidth.
    await expect.poll(() => sender?.bytesWritten ?? 0).toBeGreaterThan(0);
    let before = -1;
    await expect
      .poll(
        () => {
          const queued = sender!.writableLength;
          const stands = queued === before;
          before = queued;
          return stands;
        },
        { interval: 200, timeout: 10_000 },
      )
      .toBe(true);
    const taken = size - sender!.writableLength;
    expect(sender!.writableLength).toBeGreaterThan(0);
    // A loopback connection holds up to tcp_wmem + tcp_rmem (4 + 6 MiB by default); the rest would be the link's.
    expect(taken).toBeLessThan(32 * 1024 * 1024 + paceOf(settings).windowBytes);
  });

  it('keeps many connections apart', async () => {
    const { visit, link } = await stage(delaying(5), (socket) => socket.pipe(socket));
    const sockets = await Promise.all(Array.from({ length: 100 }, visit));
    const answers = await Promise.all(
      sockets.map((socket, n) => {
        socket.end(`client ${n}, `.repeat(n + 1));
        return all(socket);
      }),
    );
    answers.forEach((answer, n) => {
      expect(String(answer)).toBe(`client ${n}, `.repeat(n + 1));
    });
    await expect.poll(() => link.size).toBe(0);
  });
});
