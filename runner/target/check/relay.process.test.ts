import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { Relay } from './relay.js';

it('passes all on that a server says before it closes, however slowly it is read', async () => {
  const bytes = 16 * 1024 * 1024;
  // It closes both ways at once, as a server that is done does.
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(Buffer.alloc(bytes), () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const relay = new Relay({ address: '127.0.0.1', port });
  const near = connect(await relay.listen(), '127.0.0.1');
  let read = 0;
  try {
    near.on('error', () => {});
    near.on('data', (chunk: Buffer) => {
      read += chunk.length;
      near.pause();
      setImmediate(() => near.resume());
    });
    await once(near, 'close');
    expect(read).toBe(bytes);
  } finally {
    near.destroy();
    relay.close();
    server.close();
  }
});
