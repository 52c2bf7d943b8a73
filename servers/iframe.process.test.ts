import { afterEach, expect, it } from 'vitest';
import { iframe } from './iframe.js';
import { Bench } from './testing/bench.js';
import { dechunk } from './testing/raw-client.js';

let bench: Bench;
afterEach(() => bench.close());

it('opens with a page head and padding of 1 KiB, in one chunk', async () => {
  bench = await Bench.start(iframe);
  const client = await bench.get();
  const text = await client.until((received) => received.endsWith('-->\n\r\n'));
  const head = text.slice(0, text.indexOf('\r\n\r\n'));
  expect(head).toContain('HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n');
  expect(head).toContain('\r\nAccess-Control-Allow-Origin: *');
  expect(head).toContain('\r\nTransfer-Encoding: chunked');
  expect(text.slice(head.length + 4)).toMatch(/^400\r\n<!doctype html>/);
  expect(dechunk(text).length).toBe(1024);
  expect(bench.server.held()).toBe(1);
});

it('sends each message as one chunk: 30 bytes of script around the payload', async () => {
  bench = await Bench.start(iframe);
  const client = await bench.get();
  await client.until((text) => text.endsWith('-->\n\r\n'));
  client.clear();
  bench.publish();
  bench.publish(12);
  const text = await client.until((received) => received.includes('0000000002ab")</script>\n\r\n'));
  expect(text).toBe(
    '28\r\n<script>parent.m("0000000001")</script>\n\r\n2a\r\n<script>parent.m("0000000002ab")</script>\n\r\n',
  );
});

it('serves several clients from their first moment on and forgets those that leave', async () => {
  bench = await Bench.start(iframe);
  const early = await bench.get();
  await bench.holds(1);
  bench.publish();
  const late = await bench.get();
  await bench.holds(2);
  bench.publish();
  await early.until((text) => text.includes('0000000002'));
  await late.until((text) => text.includes('0000000002'));
  expect(dechunk(early.text).match(/\d{10}/g)).toEqual(['0000000001', '0000000002']);
  expect(dechunk(late.text).match(/\d{10}/g)).toEqual(['0000000002']);
  early.destroy();
  late.socket.end();
  await bench.holds(0);
  bench.publish();
});

it('sends HTTP/1.0, which has no chunks, the same page without them, until the connection ends', async () => {
  bench = await Bench.start(iframe);
  const old = await bench.visit();
  old.send('GET /iframe HTTP/1.0', 'Host: x');
  const current = await bench.get();
  await bench.holds(2);
  bench.publish();
  const text = await old.until((received) => received.includes('0000000001")</script>'));
  await current.until((received) => received.includes('0000000001")</script>'));
  expect(text).toMatch(/\r\nConnection: close\r\n/);
  expect(text).not.toMatch(/Transfer-Encoding/i);
  expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(dechunk(current.text));
  old.destroy();
  await bench.holds(1);
});

it('answers HEAD with the head alone', async () => {
  bench = await Bench.start(iframe);
  const head = await bench.visit();
  head.send('HEAD /iframe HTTP/1.1', 'Host: x');
  expect((await head.response()).status).toBe(200);
  expect(bench.server.held()).toBe(0);
});

it('drops a connection that pipelines another request behind its stream', async () => {
  bench = await Bench.start(iframe);
  const client = await bench.get();
  bench.ask(client);
  await client.closed();
  await bench.holds(0);
});
