import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Relay } from './relay.js';

it('passes all on that a server said before it closed, to a client that has not read it yet', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const relay = new Relay({ address: '127.0.0.1', port });
  const near = connect(await relay.listen(), '127.0.0.1');
  near.on('error', () => {});
  near.pause();
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    socket.on('error', () => {});
    // Until the system takes no more for the client, and a piece waits in the relay.
    const held = Reflect.get(relay, 'sockets') as ReadonlySet<Socket>;
    const piece = Buffer.alloc(8 * 1024);
    let written = 0;
    while (![...held].some(({ writableLength }) => writableLength > 0)) {
      written += piece.length;
      await new Promise((resolve) => socket.write(piece, resolve));
      await turn();
      await turn();
    }
    socket.end();
    await once(socket, 'close');
    await turn();
    let read = 0;
    near.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    near.resume();
    await once(near, 'close');
    expect(read).toBe(written);
  } finally {
    near.destroy();
    relay.close();
    server.close();
  }
});
