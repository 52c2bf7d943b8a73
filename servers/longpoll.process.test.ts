import { afterEach, expect, it } from 'vitest';
import { longpoll } from './longpoll.js';
import { Bench } from './testing/bench.js';

let bench: Bench;
afterEach(() => bench.close());

it('holds a request until there is news', async () => {
  bench = await Bench.start(longpoll);
  const client = await bench.get('?since=0000000000');
  await bench.holds(1);
  expect(client.text).toBe('');
  bench.publish();
  expect(bench.server.held()).toBe(0);
  const answer = await client.response();
  expect(answer.status).toBe(200);
  expect(answer.body).toBe('0000000001');
  expect(answer.head).toContain('\r\nContent-Length: 10\r\nAccess-Control-Allow-Origin: *');
});

it('answers at once with everything that has accumulated', async () => {
  bench = await Bench.start(longpoll);
  for (let message = 0; message < 3; message++) bench.publish();
  const client = await bench.get('?since=0000000001');
  expect((await client.response()).body).toBe('0000000002\n0000000003');
});

it('wakes all who wait, each with what it has not seen', async () => {
  bench = await Bench.start(longpoll);
  bench.publish();
  const clients = await Promise.all([1, 1, 2].map((cursor) => bench.get(`?since=${cursor}`)));
  await bench.holds(3);
  bench.publish();
  await bench.holds(1);
  bench.publish();
  const bodies = await Promise.all(clients.map(async (client) => (await client.response()).body));
  expect(bodies).toEqual(['0000000002', '0000000002', '0000000003']);
});

it('waits for the next message when it is not told a cursor', async () => {
  bench = await Bench.start(longpoll);
  bench.publish();
  const client = await bench.get();
  await bench.holds(1);
  bench.publish();
  expect((await client.response()).body).toBe('0000000002');
});

it('answers 204 when the hold runs out, not before, and the connection can ask again', async () => {
  bench = await Bench.start(longpoll, { holdMs: 150 });
  const askedMs = performance.now();
  const client = await bench.get('?since=0000000000');
  await bench.holds(1);
  expect((await client.response()).status).toBe(204);
  expect(performance.now() - askedMs).toBeGreaterThanOrEqual(149);
  expect(bench.feed.waiting).toBe(0);
  bench.ask(client, '?since=0000000000');
  await bench.holds(1);
  bench.publish();
  expect((await client.response()).status).toBe(200);
});

it('forgets the wait of a client that disconnects', async () => {
  bench = await Bench.start(longpoll);
  const leaving = await bench.get('?since=0');
  const resetting = await bench.get('?since=0');
  const staying = await bench.get('?since=0');
  await bench.holds(3);
  leaving.destroy();
  resetting.socket.resetAndDestroy();
  await bench.holds(1);
  expect(bench.feed.waiting).toBe(1);
  bench.publish();
  expect((await staying.response()).status).toBe(200);
  expect(bench.feed.waiting).toBe(0);
  expect(bench.server.held()).toBe(0);
});

it('answers 400 to a cursor that is no sequence number, without holding it', async () => {
  bench = await Bench.start(longpoll);
  const client = await bench.get('?since=abc');
  expect((await client.response()).status).toBe(400);
  expect(bench.server.held()).toBe(0);
});

it('holds one request a connection: pipelined ones and HEAD are answered without waiting', async () => {
  bench = await Bench.start(longpoll);
  const client = await bench.get('?since=0');
  for (let more = 0; more < 20; more++) bench.ask(client, '?since=0');
  await bench.holds(1);
  bench.publish();
  const statuses: number[] = [];
  for (let answer = 0; answer < 21; answer++) statuses.push((await client.response()).status);
  expect(statuses[0]).toBe(200);
  expect(bench.feed.waiting).toBe(0);
  client.send('HEAD /longpoll?since=1 HTTP/1.1', 'Host: x');
  expect((await client.response()).status).toBe(204);
});
