import { afterEach, expect, it } from 'vitest';
import { polling } from './polling.js';
import { Bench } from './testing/bench.js';

let bench: Bench;
afterEach(() => bench.close());

it('answers 204 when there is no news, and with all messages after the cursor when there is', async () => {
  bench = await Bench.start(polling);
  const client = await bench.get('?since=0000000000');
  const empty = await client.response();
  expect(empty.status).toBe(204);
  expect(empty.head).toContain('\r\nAccess-Control-Allow-Origin: *');
  expect(empty.head).not.toMatch(/content-length/i);

  bench.publish();
  bench.ask(client, '?since=0000000000');
  const one = await client.response();
  expect(one.status).toBe(200);
  expect(one.body).toBe('0000000001');
  expect(one.head).toContain('\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 10\r\n');
  expect(one.head).toMatch(/\r\nDate: .*\r\nConnection: keep-alive\r\nKeep-Alive: timeout=60$/);

  bench.publish(12);
  bench.publish();
  bench.ask(client, '?since=0000000001');
  expect((await client.response()).body).toBe('0000000002ab\n0000000003');
  bench.ask(client, '?since=0000000000');
  expect((await client.response()).body).toBe('0000000001\n0000000002ab\n0000000003');
  for (const caughtUp of ['0000000003', '0000000004', '9999999999', '3']) {
    bench.ask(client, `?since=${caughtUp}`);
    expect((await client.response()).status).toBe(204);
  }
});

it('answers with the newest message when it is not told a cursor', async () => {
  bench = await Bench.start(polling);
  const client = await bench.get();
  expect((await client.response()).status).toBe(204);
  bench.publish();
  bench.publish();
  for (const query of ['', '?', '?other=1']) {
    bench.ask(client, query);
    expect((await client.response()).body).toBe('0000000002');
  }
});

it('finds the cursor among other parameters', async () => {
  bench = await Bench.start(polling);
  bench.publish();
  bench.publish();
  const client = await bench.get('?_=123&since=1&x');
  expect((await client.response()).body).toBe('0000000002');
  bench.ask(client, '?since=0000000001&_=5');
  expect((await client.response()).body).toBe('0000000002');
});

it('answers 400 to a cursor that is no sequence number, and goes on', async () => {
  bench = await Bench.start(polling);
  bench.publish();
  const client = await bench.visit();
  for (const wrong of ['', 'abc', '-1', '1.5', '12345678901', '+1', '%20', '1e3', '0x1']) {
    bench.ask(client, `?since=${wrong}`);
    const answer = await client.response();
    expect(answer.status, wrong).toBe(400);
    expect(answer.body).toBe('since must be a sequence number of one to ten digits.\n');
    expect(answer.head).toContain('\r\nAccess-Control-Allow-Origin: *');
  }
  bench.ask(client, '?since=0');
  expect((await client.response()).status).toBe(200);
});

it('answers pipelined requests in order, and HEAD without a body', async () => {
  bench = await Bench.start(polling);
  bench.publish();
  const client = await bench.get('?since=0000000000');
  bench.ask(client, '?since=0000000001');
  bench.ask(client, '?since=0000000000');
  const answers = [await client.response(), await client.response(), await client.response()];
  expect(answers.map(({ status }) => status)).toEqual([200, 204, 200]);
  client.send('HEAD /polling?since=0000000000 HTTP/1.1', 'Host: x');
  expect(await client.until((text) => text.endsWith('\r\n\r\n'))).toContain('Content-Length: 10');
});

it('bounds an answer: the next request asks for the rest', async () => {
  bench = await Bench.start(polling, { maxQueuedBytes: 250 });
  for (let message = 0; message < 5; message++) bench.publish(100);
  bench.publish(1000);
  const client = await bench.visit();
  const seen: string[][] = [];
  for (let cursor = 0; cursor < 6; cursor += seen.at(-1)!.length) {
    bench.ask(client, `?since=${cursor}`);
    seen.push((await client.response()).body.split('\n').map((message) => message.slice(9, 10)));
  }
  expect(seen).toEqual([['1', '2'], ['3', '4'], ['5'], ['6']]);
});

it('holds its open connections, and none of those that left', async () => {
  bench = await Bench.start(polling);
  const clients = [await bench.visit(), await bench.visit(), await bench.visit()];
  await bench.holds(3);
  for (const client of clients) client.destroy();
  await bench.holds(0);
});

it('closes a connection that stays idle beyond the keep-alive time-out', async () => {
  bench = await Bench.start(polling, { keepAliveTimeoutMs: 100 });
  const client = await bench.get('?since=0');
  await client.response();
  await client.closed();
  await bench.holds(0);
});
