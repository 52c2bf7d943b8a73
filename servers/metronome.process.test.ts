import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromLocalMs } from '../protocol/clock.js';
import { decodeSequence } from '../protocol/payload.js';
import { intendedInstants } from '../protocol/schedule.js';
import { Feed } from './feed.js';
import { Metronome } from './metronome.js';
import { publish } from './publisher.js';

let metronome: Metronome;
beforeAll(async () => {
  metronome = await Metronome.start();
});
afterAll(() => metronome.stop());

const wake = (localMs: number): Promise<number> =>
  new Promise((resolve) => metronome.wakeAt(localMs, () => resolve(performance.now())));

it('wakes once per order and never early, also when the instant has passed already', async () => {
  for (let round = 0; round < 40; round++) {
    const intended = performance.now() + round / 4;
    // Two clocks of one process are read; their difference is measured to a microsecond or so.
    expect((await wake(intended)) - intended).toBeGreaterThan(-0.05);
  }
  await wake(performance.now() - 1000);
});

it('forgets an order that was replaced or withdrawn', async () => {
  let wrong = 0;
  metronome.wakeAt(performance.now() + 5, () => wrong++);
  await wake(performance.now() + 1);
  metronome.wakeAt(performance.now() + 5, () => wrong++);
  metronome.rest();
  metronome.rest();
  await wake(performance.now() + 20);
  expect(wrong).toBe(0);
});

it('does not take the wake-up of a replaced order for that of the new one', async () => {
  let wrong = 0;
  metronome.wakeAt(performance.now(), () => wrong++);
  // The thread has spoken by now, but this one has not listened yet.
  const until = performance.now() + 30;
  while (performance.now() < until);
  const intended = performance.now() + 20;
  expect(await wake(intended)).toBeGreaterThan(intended - 0.05);
  expect(wrong).toBe(0);
});

it('drives a publisher: every message after its instant, in order', async () => {
  const feed = new Feed();
  const schedule = {
    seed: 5,
    phase: 'window',
    arrivals: 'poisson',
    ratePerSecond: 400,
    durationSeconds: 0.5,
  } as const;
  const startMs = performance.now() + 20;
  const atMs: number[] = [];
  feed.subscribe(({ sequence, payload }) => {
    expect(sequence).toBe(atMs.length + 1);
    expect(decodeSequence(payload)).toBe(sequence);
    atMs.push(performance.now() - startMs);
  });
  const order = { schedule, startNs: fromLocalMs(startMs), firstSequence: 1, payloadBytes: 10 };
  const published = await publish(feed, metronome, order).done;
  expect(published.count).toBe(200);
  expect(atMs.length).toBe(200);
  for (const [at, instant] of intendedInstants(schedule).entries())
    expect(atMs[at]! - instant).toBeGreaterThan(-1e-5);
  expect(published.idleLagUs.length).toBeGreaterThan(0);
  expect(Math.min(...published.idleLagUs)).toBeGreaterThanOrEqual(0);
});

it('keeps a process alive while there is an order, and not afterwards; without orders it costs no CPU', async () => {
  const built = fileURLToPath(new URL('../dist/servers/metronome.js', import.meta.url));
  expect(existsSync(built), 'the build is missing: npx tsc -p tsconfig.build.json').toBe(true);
  const program = `
    import { Metronome } from ${JSON.stringify(new URL('../dist/servers/metronome.js', import.meta.url).href)};
    const metronome = await Metronome.start();
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const idle = process.cpuUsage(before);
    metronome.wakeAt(performance.now() + 100, () => console.log('woke', idle.user + idle.system));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 10_000,
  });
  const [word, idleMicros] = stdout.split(' ');
  expect(word).toBe('woke');
  expect(Number(idleMicros)).toBeLessThan(60_000);
});
