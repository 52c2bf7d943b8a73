import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fromLocalMs } from '../protocol/clock.js';
import { decodeSequence } from '../protocol/payload.js';
import { intendedInstants, type ScheduleSpec } from '../protocol/schedule.js';
import { Feed } from './feed.js';
import type { Metronome } from './metronome.js';
import { type PublishOrder, publish } from './publisher.js';

/** When the loop is serving requests, on the scale of the schedule. */
let busy = (_instantMs: number): boolean => false;
vi.mock('./loop-activity.js', () => ({ wasServing: (instantMs: number) => busy(instantMs - startMs) }));

/** Wakes by the faked clock, on whole milliseconds, hence late by up to one; `lateMs` adds a lag of its own. */
class FakeMetronome {
  lateMs = 0;
  #timer: NodeJS.Timeout | undefined;

  wakeAt(localMs: number, callback: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(callback, Math.max(0, Math.ceil(localMs - performance.now())) + this.lateMs);
  }

  rest(): void {
    clearTimeout(this.#timer);
  }
}

/** Ten messages, at 50, 150, ... 950 ms. */
const TEN: ScheduleSpec = {
  seed: 1,
  phase: 'window',
  arrivals: 'constant',
  ratePerSecond: 10,
  durationSeconds: 1,
};

let feed: Feed;
let metronome: FakeMetronome;
let startMs: number;
let log: { sequence: number; atMs: number; bytes: number }[];

beforeEach(() => {
  vi.useFakeTimers();
  feed = new Feed();
  metronome = new FakeMetronome();
  startMs = performance.now();
  log = [];
  busy = () => false;
  feed.subscribe(({ sequence, payload }) => {
    expect(decodeSequence(payload)).toBe(sequence);
    log.push({ sequence, atMs: performance.now() - startMs, bytes: payload.length });
  });
});

afterEach(() => {
  vi.useRealTimers();
});

function start(order: Partial<PublishOrder> = {}) {
  const whole = {
    schedule: TEN,
    startNs: fromLocalMs(startMs),
    firstSequence: 1,
    payloadBytes: 10,
    ...order,
  };
  return publish(feed, metronome as unknown as Metronome, whole);
}

/** The loop stands still: time passes, no timer fires. */
function stall(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
  const before = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(before + ms);
}

describe('a publisher', () => {
  it('publishes each message once, in order, never before its instant and at the next tick after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          rate: fc.integer({ min: 1, max: 300 }),
          first: fc.integer({ min: 1, max: 1e6 }),
        }),
        async ({ seed, rate, first }) => {
          const schedule: ScheduleSpec = { ...TEN, seed, arrivals: 'poisson', ratePerSecond: rate };
          feed = new Feed();
          const atMs: number[] = [];
          const seen: number[] = [];
          startMs = performance.now();
          feed.subscribe(({ sequence }) => {
            seen.push(sequence);
            atMs.push(performance.now() - startMs);
          });
          const publication = start({ schedule, firstSequence: first, startNs: fromLocalMs(startMs) });
          await vi.advanceTimersByTimeAsync(1100);
          const published = await publication.done;
          const instants = intendedInstants(schedule);
          expect(published.count).toBe(instants.length);
          expect(seen).toEqual(Array.from(instants, (_, at) => first + at));
          for (const [at, instant] of instants.entries()) {
            // The start instant travels in whole nanoseconds.
            expect(atMs[at]!).toBeGreaterThan(instant - 1e-5);
            expect(atMs[at]! - instant).toBeLessThan(2.1);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives messages the size and the numbers it was told', async () => {
    const publication = start({ firstSequence: 41, payloadBytes: 126 });
    await vi.advanceTimersByTimeAsync(1000);
    await expect(publication.done).resolves.toMatchObject({ count: 10 });
    expect(log.map(({ sequence }) => sequence)).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
    expect(new Set(log.map(({ bytes }) => bytes))).toEqual(new Set([126]));
  });

  it('publishes all missed messages at once after a stall, in order, and keeps to the schedule afterwards', async () => {
    const publication = start();
    await vi.advanceTimersByTimeAsync(100);
    expect(log.map(({ sequence }) => sequence)).toEqual([1]);
    stall(500);
    await vi.advanceTimersByTimeAsync(60);
    expect(log.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(log.slice(1).map(({ atMs }) => atMs)).size).toBe(1);
    vi.restoreAllMocks();
    publication.halt();
    await expect(publication.done).resolves.toMatchObject({ count: 6 });
  });

  it('stops when it is halted; what was not published stays unpublished', async () => {
    const publication = start();
    await vi.advanceTimersByTimeAsync(400);
    publication.halt();
    publication.halt();
    await expect(publication.done).resolves.toMatchObject({ count: 4 });
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(log.length).toBe(4);
  });

  it('goes on to the message it is told to stop after, so that servers of one schedule stop together', async () => {
    const publication = start();
    await vi.advanceTimersByTimeAsync(400);
    publication.halt(6);
    publication.halt(100);
    await vi.advanceTimersByTimeAsync(2000);
    await expect(publication.done).resolves.toMatchObject({ count: 6 });
    expect(log.length).toBe(6);
  });

  it('can be halted from within a fan-out, even in the middle of a burst', async () => {
    const publication = start({ startNs: fromLocalMs(startMs - 5000) });
    feed.subscribe(({ sequence }) => {
      if (sequence === 3) publication.halt();
    });
    await vi.advanceTimersByTimeAsync(1000);
    await expect(publication.done).resolves.toMatchObject({ count: 3 });
    expect(log.length).toBe(3);
  });

  it('is done at once when there is nothing to publish', async () => {
    const publication = start({ schedule: { ...TEN, ratePerSecond: 0.001 } });
    await expect(publication.done).resolves.toEqual({ count: 0, idleLagUs: [] });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails when the feed refuses a message', async () => {
    feed.append(5, Buffer.alloc(10, '0000000005'));
    const failure = expect(start().done).rejects.toThrow('does not follow');
    await vi.advanceTimersByTimeAsync(1000);
    await failure;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('idle lag', () => {
  it('is publish instant - intended instant, in microseconds', async () => {
    metronome.lateMs = 7;
    const publication = start();
    await vi.advanceTimersByTimeAsync(1100);
    const { idleLagUs } = await publication.done;
    expect(idleLagUs.length).toBe(10);
    for (const lag of idleLagUs) expect(lag).toBeCloseTo(7000, -3.4);
  });

  it('leaves out messages that came due during a fan-out', async () => {
    // The fan-out of the first message takes until 380 ms; 2, 3 and 4 were due at 150, 250 and 350.
    feed.subscribe(({ sequence }) => {
      if (sequence === 1) vi.advanceTimersByTime(330);
    });
    const publication = start();
    await vi.advanceTimersByTimeAsync(1100);
    const published = await publication.done;
    expect(published.count).toBe(10);
    expect(published.idleLagUs.length).toBe(7);
    expect(Math.max(...published.idleLagUs)).toBeLessThan(2000);
  });

  it('leaves out messages that came due while the loop answered requests', async () => {
    busy = (instantMs) => instantMs > 600 && instantMs < 800;
    const publication = start();
    await vi.advanceTimersByTimeAsync(1100);
    const published = await publication.done;
    expect(published.count).toBe(10);
    expect(published.idleLagUs.length).toBe(8);
  });

  it('counts every lag where nothing of the server under test shares its process', async () => {
    busy = () => true;
    metronome.lateMs = 7;
    const publication = start({ isRuler: true });
    await vi.advanceTimersByTimeAsync(1100);
    expect((await publication.done).idleLagUs.length).toBe(10);
  });

  it('publishes what it is given to publish', async () => {
    const encode = (sequence: number): Buffer =>
      Buffer.from(`${String(sequence).padStart(10, '0')} and more`);
    const publication = start({ encode });
    await vi.advanceTimersByTimeAsync(1100);
    await publication.done;
    expect(log.map(({ bytes }) => bytes)).toEqual(Array(10).fill(19));
  });
});
