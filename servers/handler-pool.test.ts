import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HandlerPool, MAX_QUEUED } from './handler-pool.js';
import { waitBucket, waitOfBucket } from './wait-counts.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A pool, and at what instant each of its requests was answered, in order. */
function bench(count: number, delayMs: number) {
  const pool = new HandlerPool({ count, delayMs });
  const answered: [name: string, atMs: number][] = [];
  const startMs = performance.now();
  const ask = (name: string) => pool.take(() => answered.push([name, performance.now() - startMs]));
  return { pool, answered, ask };
}

describe('a handler', () => {
  it('is busy with a request for its time, and answers then', () => {
    const { pool, answered, ask } = bench(1, 50);
    ask('a');
    expect(pool.busy).toBe(1);
    vi.advanceTimersByTime(49);
    expect(answered).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(answered).toEqual([['a', 50]]);
    expect(pool.busy).toBe(0);
  });

  it('never answers before the request has been taken, however short its time', () => {
    const { answered, ask } = bench(1, 0);
    ask('a');
    expect(answered).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(answered).toHaveLength(1);
  });

  it('serves whoever waits in the order in which they came', () => {
    const { answered, ask } = bench(2, 10);
    for (const name of ['a', 'b', 'c', 'd', 'e']) ask(name);
    vi.advanceTimersByTime(30);
    expect(answered).toEqual([
      ['a', 10],
      ['b', 10],
      ['c', 20],
      ['d', 20],
      ['e', 30],
    ]);
  });

  it('that was woken late has not lost that time: the next request was begun when it should have been', () => {
    const { answered, ask } = bench(1, 7.4);
    for (let n = 0; n < 100; n++) ask(String(n));
    vi.advanceTimersByTime(741);
    // A timer counts whole milliseconds, so each of these is late, and none the later for the ones before it.
    expect(answered).toHaveLength(100);
  });
});

describe('a client that leaves', () => {
  it('gives up its place in the queue', () => {
    const { pool, answered, ask } = bench(1, 10);
    ask('a');
    const leaves = ask('b')!;
    ask('c');
    expect(pool.waiting).toBe(2);
    leaves();
    leaves();
    expect(pool.waiting).toBe(1);
    vi.advanceTimersByTime(20);
    expect(answered).toEqual([
      ['a', 10],
      ['c', 20],
    ]);
    expect(pool.sample().served).toBe(2);
    expect(pool.waiting).toBe(0);
  });

  it('is not answered, while the handler that had begun spends its time all the same', () => {
    const { pool, answered, ask } = bench(1, 10);
    const leaves = ask('a')!;
    ask('b');
    leaves();
    expect([pool.busy, pool.waiting]).toEqual([1, 1]);
    vi.advanceTimersByTime(20);
    expect(answered).toEqual([['b', 20]]);
    leaves();
    expect([pool.busy, pool.waiting]).toEqual([0, 0]);
  });

  it('leaves no trace in a long queue that everybody leaves', () => {
    const { pool, answered, ask } = bench(1, 10);
    ask('a');
    const all = Array.from({ length: 1000 }, (_, n) => ask(String(n))!);
    for (const leave of all) leave();
    vi.advanceTimersByTime(10);
    ask('z');
    vi.advanceTimersByTime(10);
    expect(answered.map(([name]) => name)).toEqual(['a', 'z']);
    expect([pool.busy, pool.waiting]).toEqual([0, 0]);
  });
});

describe('a sample', () => {
  it('tells how many were served and how long they had waited, those included that did not wait', () => {
    const { pool, ask } = bench(1, 100);
    for (const name of ['a', 'b', 'c']) ask(name);
    vi.advanceTimersByTime(300);
    const { served, waits, maxWaitUs, longestQueue } = pool.sample();
    expect({ served, maxWaitUs, longestQueue }).toEqual({ served: 3, maxWaitUs: 200_000, longestQueue: 2 });
    expect(waits).toEqual({ [waitBucket(0)]: 1, [waitBucket(100_000)]: 1, [waitBucket(200_000)]: 1 });
  });

  it('begins a new span for the longest wait and queue, and goes on counting', () => {
    const { pool, ask } = bench(1, 100);
    for (const name of ['a', 'b', 'c']) ask(name);
    vi.advanceTimersByTime(300);
    pool.sample();
    ask('d');
    vi.advanceTimersByTime(100);
    expect(pool.sample()).toMatchObject({ served: 4, maxWaitUs: 0, longestQueue: 0 });
  });
});

it('refuses a request when the queue is as long as it may be, and takes the next one when there is room', () => {
  const { pool, answered, ask } = bench(1, 10);
  ask('first');
  const places = Array.from({ length: MAX_QUEUED }, () => ask('more'));
  expect(places.every((place) => place !== null)).toBe(true);
  expect(ask('refused')).toBeNull();
  places.at(-1)!();
  expect(ask('last')).not.toBeNull();
  vi.advanceTimersByTime(20);
  expect(answered.map(([name]) => name)).toEqual(['first', 'more']);
  expect(pool.waiting).toBe(MAX_QUEUED - 2);
});

it('reads a wait back from its bucket within 2.2 %', () => {
  for (const us of [1, 2, 3, 17, 999, 1000, 123_456, 7.5e9]) {
    expect(Math.abs(waitOfBucket(waitBucket(us)) / us - 1)).toBeLessThan(0.0221);
  }
  expect(waitOfBucket(waitBucket(0))).toBe(0);
});
