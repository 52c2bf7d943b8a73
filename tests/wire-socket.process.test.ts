import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WireSocket } from '../scenarios/wire/wire-socket.js';

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

describe('the socket under all clients', () => {
  it('is what Node calls the read callback on, in this version too', async () => {
    const server = createServer((socket) => socket.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const { port } = server.address() as { port: number };

    let caller: unknown;
    const options = {
      onread: {
        buffer: Buffer.alloc(16),
        callback(this: unknown): boolean {
          caller = this;
          return true;
        },
      },
    };
    const plain = new Socket(options as ConstructorParameters<typeof Socket>[0]);
    plain.connect(port, '127.0.0.1');
    await once(plain, 'close');
    expect(caller).toBe(plain);
  });

  it('hands every read to its own owner, with the bytes at the start of the shared buffer', async () => {
    const server = createServer((socket) => socket.on('data', (data) => socket.end(`echo ${data}`)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const { port } = server.address() as { port: number };
    const shared = Buffer.alloc(64);

    const visit = (name: string): Promise<string> =>
      new Promise((resolve, reject) => {
        let heard = '';
        const socket: WireSocket = new WireSocket(
          {
            opened: () => socket.write(name),
            read: (buffer, length) => {
              expect(buffer).toBe(shared);
              heard += buffer.toString('latin1', 0, length);
              return true;
            },
            broke: (_socket, error) => reject(error),
            closed: (closed) => {
              expect(closed).toBe(socket);
              resolve(heard);
            },
          },
          shared,
        );
        socket.connect({ port, host: '127.0.0.1' });
      });
    expect(await Promise.all(['one', 'two', 'three'].map(visit))).toEqual([
      'echo one',
      'echo two',
      'echo three',
    ]);
  });
});
