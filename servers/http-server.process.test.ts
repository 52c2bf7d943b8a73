import { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ServerDefinition } from './contract.js';
import { Feed } from './feed.js';
import { type Listener, listen } from './http-server.js';
import { servers } from './registry.js';
import { Bench, SETTINGS } from './testing/bench.js';

let bench: Bench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

/** These answer on a plain socket or through a library of their own, and have tests of their own. */
const OTHERS: ReadonlySet<string> = new Set(['websocket-raw', 'socketio-polling', 'socketio-upgrade']);
const OURS = Object.entries<ServerDefinition>(servers).filter(([id]) => !OTHERS.has(id));

describe.each(OURS)('the %s server', (id, definition) => {
  it('is registered under its id and announces a loopback URL with a port of five digits', async () => {
    bench = await Bench.start(definition);
    expect(definition.id).toBe(id);
    const scheme = id === 'websocket' ? 'ws' : 'http';
    expect(bench.server.url).toMatch(new RegExp(`^${scheme}://127\\.0\\.0\\.1:\\d{5}/${id}$`));
    expect(bench.server.held()).toBe(0);
    expect(bench.server.cutOff()).toBe(0);
  });

  it('answers 404 elsewhere, 405 to other methods and a preflight, all readable from another origin', async () => {
    bench = await Bench.start(definition);
    const client = await bench.visit();
    client.send('GET /elsewhere HTTP/1.1', 'Host: x');
    const elsewhere = await client.response();
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.body).toBe(`There is only /${id} here.\n`);
    client.send(`POST /${id} HTTP/1.1`, 'Host: x', 'Content-Length: 0');
    const post = await client.response();
    expect(post.status).toBe(405);
    expect(post.head).toContain('\r\nAllow: GET, HEAD, OPTIONS');
    client.send(
      `OPTIONS /${id} HTTP/1.1`,
      'Host: x',
      'Origin: http://a',
      'Access-Control-Request-Method: GET',
    );
    const preflight = await client.response();
    expect(preflight.status).toBe(204);
    expect(preflight.head).toContain('\r\nAccess-Control-Allow-Methods: GET');
    expect(preflight.head).toContain('\r\nAccess-Control-Allow-Headers: Last-Event-ID');
    for (const answer of [elsewhere, post, preflight]) {
      expect(answer.head).toContain('\r\nAccess-Control-Allow-Origin: *');
    }
  });

  it('refuses to listen beyond loopback', async () => {
    for (const address of ['0.0.0.0', '10.0.0.1', '::1', 'localhost', '127.evil']) {
      await expect(definition.start(new Feed(), { ...SETTINGS, address })).rejects.toThrow(
        `Reference servers listen on loopback (127.0.0.0/8) only, not on ${address}.`,
      );
    }
    bench = await Bench.start(definition, { address: '127.0.0.9' });
    expect(bench.server.url).toContain('//127.0.0.9:');
  });

  it('names the port that is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await expect(definition.start(new Feed(), { ...SETTINGS, port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is in use.`,
    );
    await new Promise((resolve) => taken.close(resolve));
  });

  it('frees its port and drops its connections when it is closed', async () => {
    bench = await Bench.start(definition);
    const client = await bench.visit();
    const { port } = new URL(bench.server.url);
    await bench.server.close();
    await client.closed();
    expect(bench.server.held()).toBe(0);
    expect(bench.feed.waiting).toBe(0);
    bench.publish();
    const again = await definition.start(new Feed(), { ...SETTINGS, port: Number(port) });
    await again.close();
    bench = undefined;
  });
});

describe('listening', () => {
  /** A system that hands out the given ports, one after another. */
  class FakeListener extends EventEmitter {
    readonly #ports: number[];
    closed = 0;

    constructor(...ports: number[]) {
      super();
      this.#ports = ports;
    }
    listen(): this {
      queueMicrotask(() => this.emit('listening'));
      return this;
    }
    close(done: () => void): this {
      this.closed++;
      if (this.#ports.length > 1) this.#ports.shift();
      queueMicrotask(done);
      return this;
    }
    address(): { port: number } {
      return { port: this.#ports[0]! };
    }
  }

  it('asks again until the system gives a port of five digits', async () => {
    const listener = new FakeListener(1024, 9999, 10_000);
    await expect(listen(listener as unknown as Listener, SETTINGS)).resolves.toBe('127.0.0.1:10000');
    expect(listener.closed).toBe(2);
    expect(listener.listenerCount('error')).toBe(0);
  });

  it('gives up with a hint when there is none', async () => {
    await expect(listen(new FakeListener(9999) as unknown as Listener, SETTINGS)).rejects.toThrow(
      'net.ipv4.ip_local_port_range',
    );
  });

  it('takes a port it was told as it is', async () => {
    const listener = new FakeListener(8080);
    await expect(listen(listener as unknown as Listener, { ...SETTINGS, port: 8080 })).resolves.toBe(
      '127.0.0.1:8080',
    );
  });
});
