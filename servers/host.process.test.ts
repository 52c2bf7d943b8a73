import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { fromLocalMs } from '../protocol/clock.js';
import type { HostCommand, HostReport } from './contract.js';
import { SETTINGS } from './testing/bench.js';
import { RawClient } from './testing/raw-client.js';

const HOST = fileURLToPath(new URL('../dist/servers/host.js', import.meta.url));

let host: HostUnderTest | undefined;
afterEach(() => {
  host?.process.kill('SIGKILL');
  host = undefined;
});

class HostUnderTest {
  readonly process: ChildProcess;
  readonly exit: Promise<unknown[]>;
  readonly #reports: HostReport[] = [];
  #wake: (() => void) | undefined;

  constructor() {
    this.process = fork(HOST, { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.exit = once(this.process, 'exit');
    this.process.on('message', (report) => {
      this.#reports.push(report as HostReport);
      this.#wake?.();
    });
  }

  tell(command: HostCommand): void {
    this.process.send(command);
  }

  /** The next report, which must be of this type. */
  async hear<T extends HostReport['type']>(type: T): Promise<Extract<HostReport, { type: T }>> {
    while (this.#reports.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const report = this.#reports.shift()!;
    expect(report.type).toBe(type);
    return report as Extract<HostReport, { type: T }>;
  }

  async serve(scenario = 'sse'): Promise<Extract<HostReport, { type: 'listening' }>> {
    this.tell({ type: 'serve', scenario, settings: SETTINGS });
    return this.hear('listening');
  }

  publish(count: number, durationSeconds = 0.2, firstSequence = 1): void {
    this.tell({
      type: 'publish',
      schedule: {
        seed: 1,
        phase: 'window',
        arrivals: 'constant',
        ratePerSecond: count / durationSeconds,
        durationSeconds,
      },
      startNs: fromLocalMs(performance.now() + 20).toString(),
      firstSequence,
      payloadBytes: 10,
    });
  }
}

it('serves, publishes a schedule to its clients, says when it is done, and publishes the next', async () => {
  host = new HostUnderTest();
  const { url, pid } = await host.serve();
  expect(pid).toBe(host.process.pid);
  const client = await RawClient.open(url);
  client.send('GET /sse HTTP/1.1', 'Host: x');
  await client.until((text) => text.includes('event: ready'));
  host.publish(20);
  const published = await host.hear('published');
  expect(published.count).toBe(20);
  expect(published.idleLagUs.length).toBeLessThanOrEqual(20);
  expect(Math.min(...published.idleLagUs)).toBeGreaterThanOrEqual(0);
  host.publish(5, 0.1, 21);
  expect((await host.hear('published')).count).toBe(5);
  const text = await client.until((received) => received.includes('id: 0000000025'));
  expect(text.match(/data: \d{10}/g)?.length).toBe(26);
  client.destroy();
});

it('stops publishing when it is told to halt', async () => {
  host = new HostUnderTest();
  await host.serve();
  host.publish(1000, 100);
  host.tell({ type: 'halt' });
  expect((await host.hear('published')).count).toBeLessThan(1000);
  host.tell({ type: 'halt' });
  host.publish(2, 0.1, 1001);
  expect((await host.hear('published')).count).toBe(2);
});

it('samples its CPU, memory and clients, before it serves and afterwards, with and without a collection', async () => {
  host = new HostUnderTest();
  host.tell({ type: 'sample', collect: true, id: 1 });
  const before = await host.hear('sample');
  expect(before.id).toBe(1);
  expect(before.sample.held).toBe(0);
  const { url } = await host.serve('websocket');
  const client = await RawClient.open(url);
  client.send(
    'GET /websocket HTTP/1.1',
    'Host: x',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
  );
  await client.until((text) => text.includes('\r\n\r\n'));
  for (const collect of [false, true]) {
    host.tell({ type: 'sample', collect, id: 7 });
    const { id, sample } = await host.hear('sample');
    expect(id).toBe(7);
    expect(sample.held).toBe(1);
    expect(sample.cutOff).toBe(0);
    expect(sample.cpuMicros).toBeGreaterThan(before.sample.cpuMicros);
    expect(sample.rssBytes).toBeGreaterThan(10e6);
    expect(sample.heapUsedBytes).toBeGreaterThan(1e6);
    expect(sample.externalBytes).toBeGreaterThan(0);
  }
  client.destroy();
});

it('ignores SIGINT and SIGTERM, obeys abort', async () => {
  host = new HostUnderTest();
  await host.serve();
  host.process.kill('SIGINT');
  host.process.kill('SIGTERM');
  host.publish(2);
  expect((await host.hear('published')).count).toBe(2);
  host.tell({ type: 'abort' });
  expect(await host.exit).toEqual([0, null]);
});

it('exits when the channel closes, even in the middle of a schedule', async () => {
  host = new HostUnderTest();
  await host.serve();
  host.publish(1000, 100);
  host.process.disconnect();
  expect(await host.exit).toEqual([0, null]);
});

it('reports a fault and exits with 1', async () => {
  const faults: [HostCommand, string][] = [
    [
      { type: 'serve', scenario: 'pigeon', settings: SETTINGS },
      'There is no server "pigeon"; there are polling,',
    ],
    [{ type: 'serve', scenario: 'toString', settings: SETTINGS }, 'There is no server "toString"'],
    [{ type: 'serve', scenario: 'sse', settings: { ...SETTINGS, address: '0.0.0.0' } }, 'on loopback'],
    [
      {
        type: 'publish',
        schedule: { seed: 1, phase: 'window', arrivals: 'constant', ratePerSecond: 1, durationSeconds: 1 },
        startNs: '0',
        firstSequence: 1,
        payloadBytes: 10,
      },
      'Nothing is served yet.',
    ],
  ];
  for (const [command, message] of faults) {
    host = new HostUnderTest();
    host.tell(command);
    expect((await host.hear('fault')).message).toContain(message);
    expect(await host.exit).toEqual([1, null]);
  }
});

it('reports what goes wrong while it publishes as a fault, too', async () => {
  host = new HostUnderTest();
  await host.serve();
  host.publish(3);
  await host.hear('published');
  host.publish(3);
  expect((await host.hear('fault')).message).toContain('does not follow');
  expect(await host.exit).toEqual([1, null]);
});

it('says what it is when it is started by hand', async () => {
  const child = spawn(process.execPath, [HOST], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(child, 'exit');
  const [text] = await once(child.stderr, 'data');
  expect(String(text)).toContain('pushbench serve');
  expect(await exit).toEqual([2, null]);
});
