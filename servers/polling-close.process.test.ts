import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { pollingClose } from './polling-close.js';
import { Bench } from './testing/bench.js';

let bench: Bench;
afterEach(() => bench.close());

const CLOSE = 'Connection: close';

it('answers as polling does, and closes after each answer', async () => {
  bench = await Bench.start(pollingClose);
  bench.publish();
  for (const [query, status, body] of [
    ['?since=0000000000', 200, '0000000001'],
    ['?since=0000000001', 204, ''],
    ['', 200, '0000000001'],
    ['?since=x', 400, 'since must be a sequence number of one to ten digits.\n'],
  ] as const) {
    const client = await bench.get(query, CLOSE);
    const answer = await client.response();
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(answer.head).toMatch(/\r\nConnection: close$/m);
    expect(answer.head).toContain('\r\nAccess-Control-Allow-Origin: *');
    expect(answer.head).not.toMatch(/keep-alive/i);
    await client.closed();
    expect(client.received.length).toBe(0);
  }
});

it('closes also where the request would keep the connection, and for HTTP/1.0', async () => {
  bench = await Bench.start(pollingClose);
  for (const lines of [
    ['GET /polling-close?since=0 HTTP/1.1', 'Host: x'],
    ['GET /polling-close?since=0 HTTP/1.0'],
    ['GET /polling-close?since=0 HTTP/1.0', 'Connection: keep-alive'],
  ]) {
    const client = await bench.visit();
    client.send(...lines);
    expect((await client.response()).status).toBe(204);
    await client.closed();
  }
});

it('answers the first of pipelined requests only', async () => {
  bench = await Bench.start(pollingClose);
  bench.publish();
  const client = await bench.get('?since=0000000000');
  bench.ask(client, '?since=0000000000');
  expect((await client.response()).body).toBe('0000000001');
  await client.closed();
  expect(client.text).toBe('');
});

it('holds a connection while it lasts, and none after', async () => {
  bench = await Bench.start(pollingClose);
  const clients = [await bench.visit(), await bench.visit()];
  await bench.holds(2);
  for (const client of clients) bench.ask(client, '', CLOSE);
  await bench.holds(0);
});

describe('the end of a connection', () => {
  /** States of the sockets between this client port and the server, by end: 06 is TIME_WAIT. */
  const states = (server: number, client: number): string[] => {
    const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
    const ends = [
      ['server', hex(server), hex(client)],
      ['client', hex(client), hex(server)],
    ] as const;
    const table = readFileSync('/proc/net/tcp', 'latin1');
    return ends.flatMap(([end, local, remote]) => {
      const found = new RegExp(`: [\\dA-F]{8}:${local} [\\dA-F]{8}:${remote} ([\\dA-F]{2})`).exec(table);
      return found === null ? [] : [`${end} ${found[1]}`];
    });
  };

  it('leaves TIME_WAIT with the server, which closes first', async () => {
    bench = await Bench.start(pollingClose);
    const port = Number(new URL(bench.server.url).port);
    const client = await bench.visit();
    const { localPort } = client.socket as Socket;
    const ended = once(client.socket, 'end');
    bench.ask(client, '', CLOSE);
    await ended;
    await client.closed();
    await bench.holds(0);
    while (states(port, localPort!).join() !== 'server 06') await new Promise((turn) => setTimeout(turn, 1));
    expect(states(port, localPort!)).toEqual(['server 06']);
  });
});
