import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Measurements } from '../reports/result.js';
import type { LinkReport } from '../runner/link/contract.js';
import { ROOT } from './project-files.js';
import { childrenRunning, completed, oneTrial } from './support/one-trial.js';

const ms = (us: number | null): number => (us ?? Number.NaN) / 1000;

/** 50 ms each way. What loopback, timers and a busy machine add to a median stays well below half a transit ... */
const RTT_MS = 100;
const NOISE_MS = 15;

/** ... save what the link itself says it was late by, on each of so many transits (p99). */
const latenessMs = ({ link }: Measurements, transits = 1): number => transits * ms(link!.errorUs.p99);

describe('with a round trip of 100 ms', () => {
  it('a stream delivers after one transit, however close the messages are', async () => {
    const found = completed(
      await oneTrial({
        scenario: 'sse',
        clients: 5,
        ratePerSecond: 50,
        durationSeconds: 2,
        rttMs: RTT_MS,
      }),
    );
    expect(ms(found.latencyUs.min)).toBeGreaterThanOrEqual(50);
    expect(ms(found.latencyUs.p50)).toBeLessThan(50 + NOISE_MS + latenessMs(found));
    // The stream's head comes after two round trips: the set-up and the request.
    expect(ms(found.connect.p50Us)).toBeGreaterThanOrEqual(2 * RTT_MS);
    expect(ms(found.connect.p50Us)).toBeLessThan(2 * RTT_MS + 50 + latenessMs(found, 4));
  });

  it('a long poll takes one transit for an isolated message', async () => {
    // One message each 250 ms: the next poll is parked long before.
    const found = completed(
      await oneTrial({
        scenario: 'longpoll',
        clients: 5,
        ratePerSecond: 4,
        arrivals: 'constant',
        durationSeconds: 2,
        rttMs: RTT_MS,
      }),
    );
    expect(ms(found.latencyUs.min)).toBeGreaterThanOrEqual(50);
    expect(ms(found.latencyUs.p50)).toBeLessThan(50 + NOISE_MS + latenessMs(found));
    expect(found.messages.perResponse).toBe(1);
  });

  it('a long poll takes up to three transits when messages follow each other', async () => {
    // What is published just after an answer left waits for that answer and for the next poll: one to three transits,
    // uniformly, since the instants fall anywhere into the round trip.
    const found = completed(
      await oneTrial({
        scenario: 'longpoll',
        clients: 5,
        ratePerSecond: 50,
        durationSeconds: 4,
        rttMs: RTT_MS,
      }),
    );
    expect(ms(found.latencyUs.min)).toBeGreaterThanOrEqual(50);
    expect(ms(found.latencyUs.min)).toBeLessThan(50 + NOISE_MS);
    expect(ms(found.latencyUs.p50)).toBeGreaterThan(100 - NOISE_MS);
    expect(ms(found.latencyUs.p50)).toBeLessThan(100 + NOISE_MS + latenessMs(found, 2));
    expect(ms(found.latencyUs.p99)).toBeGreaterThan(150 - NOISE_MS);
    expect(ms(found.latencyUs.p99)).toBeLessThan(150 + 2 * NOISE_MS + latenessMs(found, 3));
    expect(found.messages.perResponse).toBeGreaterThan(2);
  });
});

describe('a trial with a link', () => {
  it('measures the link itself, and counts its bytes as the clients do', async () => {
    let processes: number[] = [];
    const found = completed(
      await oneTrial(
        { scenario: 'websocket', clients: 10, ratePerSecond: 20, durationSeconds: 3, rttMs: 20 },
        {
          onWindow: () => {
            processes = childrenRunning(/runner\/link\.js/);
          },
        },
      ),
    );
    expect(processes).toHaveLength(1);
    expect(childrenRunning(/runner\/link\.js/)).toEqual([]);
    const link = found.link!;
    expect(link).toMatchObject({ rttMs: 20, bandwidthBitsPerSecond: null, processes: 1 });
    expect(link.bytesDown).toBe(found.wire.totals.down);
    expect(link.bytesUp).toBe(0);
    expect(link.errorUs.p50).toBeGreaterThan(0);
    expect(link.errorUs.p99).toBeLessThanOrEqual(link.errorUs.max!);
    expect(link.cpuMicrosPerDelivery).toBeGreaterThan(0);
    expect(link.ceilingPerSecond).toBeGreaterThan(link.releasesPerSecond);
    // Requests keep their bytes: the Host field names the server, not the link.
    expect(found.wire.perDelivery!.down.total).toBe(12);
  });

  it('is as slow as the bandwidth it was given', async () => {
    // A message of 1,000 bytes and its frame header of 4 take 50.2 ms at 160 kbit/s.
    const found = completed(
      await oneTrial({
        scenario: 'websocket',
        clients: 3,
        ratePerSecond: 4,
        arrivals: 'constant',
        payloadBytes: 1000,
        durationSeconds: 2,
        bandwidthBitsPerSecond: 160_000,
      }),
    );
    expect(found.link).toMatchObject({ rttMs: 0, bandwidthBitsPerSecond: 160_000 });
    expect(ms(found.latencyUs.min)).toBeGreaterThanOrEqual(50.2);
    expect(ms(found.latencyUs.p50)).toBeLessThan(50.2 + NOISE_MS + latenessMs(found));
  });

  it('is void when the link released later than it may, and says so', async () => {
    const trial = await oneTrial({
      scenario: 'sse',
      clients: 5,
      ratePerSecond: 50,
      durationSeconds: 1,
      rttMs: 20,
      limits: { linkErrorMs: 0, linkErrorPart: 0 },
    });
    expect(trial.status).toBe('void');
    expect(trial.reasons.map(({ code }) => code)).toContain('link-error');
  });
});

describe('a link process', () => {
  it('ignores SIGINT and SIGTERM, obeys abort, and ends when its channel closes', async () => {
    for (const ending of ['abort', 'disconnect'] as const) {
      const child = fork(join(ROOT, 'dist', 'runner', 'link.js'), {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const settings = { oneWayMs: 10, bandwidthBitsPerSecond: null };
      const link = async (): Promise<LinkReport> => {
        child.send({ type: 'link', settings, servers: [{ address: '127.0.0.1', port: 9 }] });
        const [report] = (await once(child, 'message')) as [LinkReport];
        return report;
      };
      expect(await link()).toMatchObject({ type: 'linked', pid: child.pid });
      expect(readFileSync(`/proc/${child.pid}/cmdline`, 'latin1')).toContain('runner/link.js');
      child.kill('SIGINT');
      child.kill('SIGTERM');
      // Alive: it still answers.
      expect(await link()).toMatchObject({ type: 'linked' });
      const exited = once(child, 'exit');
      if (ending === 'abort') child.send({ type: 'abort' });
      else child.disconnect();
      expect(await exited).toEqual([0, null]);
    }
  });
});
