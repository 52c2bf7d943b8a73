import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FEED_LIMITS, Feed } from './feed.js';

const payload = (bytes = 10): Buffer => Buffer.alloc(bytes, 0x61);

/** Rising sequence numbers with gaps. */
const sequences = fc
  .array(fc.integer({ min: 1, max: 5 }), { maxLength: 120, size: 'max' })
  .map((steps) => steps.map((_, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0)));

describe('the log', () => {
  it('gives exactly the messages after a cursor, in order, for every cursor', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: -1, max: 700 }), (published, cursor) => {
        const feed = new Feed();
        for (const sequence of published) feed.append(sequence, payload());
        expect(feed.since(cursor).map((message) => message.sequence)).toEqual(
          published.filter((sequence) => sequence > cursor),
        );
      }),
    );
  });

  it('gives the first messages after a cursor when asked for a limited number', () => {
    fc.assert(
      fc.property(sequences, fc.nat(400), fc.nat(50), (published, cursor, limit) => {
        const feed = new Feed();
        for (const sequence of published) feed.append(sequence, payload());
        expect(feed.since(cursor, limit)).toEqual(feed.since(cursor).slice(0, limit));
      }),
    );
  });

  it('keeps the longest run of newest messages within both limits, and always the newest', () => {
    const limits = fc.record({
      messages: fc.integer({ min: 1, max: 40 }),
      bytes: fc.integer({ min: 1, max: 900 }),
    });
    fc.assert(
      fc.property(
        limits,
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 200, size: 'max' }),
        (limit, sizes) => {
          const feed = new Feed(limit);
          for (const [at, size] of sizes.entries()) {
            feed.append(at + 1, payload(size));
            let kept = 1;
            let bytes = size;
            while (kept < limit.messages && kept <= at && bytes + sizes[at - kept]! <= limit.bytes) {
              bytes += sizes[at - kept]!;
              kept++;
            }
            expect(feed.since(0).map((message) => message.sequence)).toEqual(
              Array.from({ length: kept }, (_, back) => at + 2 - kept + back),
            );
            expect(feed.size).toBe(kept);
            expect(feed.bytes).toBe(bytes);
            expect(feed.newest?.sequence).toBe(at + 1);
          }
        },
      ),
    );
  });

  it('holds 10,000 messages, and no more than 64 MiB of large ones', () => {
    const small = new Feed();
    for (let sequence = 1; sequence <= 25_000; sequence++) small.append(sequence, payload());
    expect(small.size).toBe(10_000);
    expect(small.since(0)[0]!.sequence).toBe(15_001);

    const large = new Feed();
    const big = Buffer.alloc(16 * 1024 * 1024);
    for (let sequence = 1; sequence <= 6; sequence++) large.append(sequence, big);
    expect(large.since(0).map((message) => message.sequence)).toEqual([3, 4, 5, 6]);
    expect(large.bytes).toBe(FEED_LIMITS.bytes);
  });

  it('starts at 0 and refuses a sequence number that does not rise', () => {
    const feed = new Feed();
    expect(feed.lastSequence).toBe(0);
    expect(feed.newest).toBeUndefined();
    expect(feed.since(0)).toEqual([]);
    for (const wrong of [0, -1, 1.5, Number.NaN])
      expect(() => feed.append(wrong, payload())).toThrow(RangeError);
    feed.append(7, payload());
    expect(feed.lastSequence).toBe(7);
    expect(() => feed.append(7, payload())).toThrow('sequence 7 does not follow 7');
    expect(feed.size).toBe(1);
  });
});

describe('subscribers', () => {
  it('hear every message after they subscribed and before they left, in order, within append', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), (from, heard) => {
        const feed = new Feed();
        const seen: number[] = [];
        for (let sequence = 1; sequence <= from; sequence++) feed.append(sequence, payload());
        const leave = feed.subscribe((message) => seen.push(message.sequence));
        for (let at = 1; at <= heard; at++) {
          feed.append(from + at, payload());
          expect(seen.at(-1)).toBe(from + at);
        }
        leave();
        leave();
        feed.append(from + heard + 1, payload());
        expect(seen).toEqual(Array.from({ length: heard }, (_, at) => from + at + 1));
      }),
    );
  });

  it('may leave in the middle of a publish without hiding it from the next', () => {
    const feed = new Feed();
    const seen: string[] = [];
    const leave = feed.subscribe(() => {
      seen.push('first');
      leave();
    });
    feed.subscribe(() => seen.push('second'));
    feed.append(1, payload());
    feed.append(2, payload());
    expect(seen).toEqual(['first', 'second', 'second']);
  });
});

describe('waiters', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are called at once when there is news already', () => {
    const feed = new Feed();
    feed.append(3, payload());
    const called = vi.fn();
    feed.wait(2, 1000, called);
    expect(called).toHaveBeenCalledExactlyOnceWith(true);
    expect(feed.waiting).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are woken in order of arrival by the first message after their cursor, and leave no timer', () => {
    const feed = new Feed();
    const woken: string[] = [];
    for (const name of ['a', 'b', 'c']) feed.wait(0, 1000, (news) => woken.push(`${name} ${news}`));
    feed.wait(5, 1000, (news) => woken.push(`ahead ${news}`));
    expect(vi.getTimerCount()).toBe(1);
    feed.append(1, payload());
    expect(woken).toEqual(['a true', 'b true', 'c true']);
    feed.append(5, payload());
    expect(feed.waiting).toBe(1);
    feed.append(6, payload());
    expect(woken.at(-1)).toBe('ahead true');
    expect(feed.waiting).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are told that there is no news when the hold runs out, each after its own full hold', () => {
    const feed = new Feed();
    const calls: string[] = [];
    const start = performance.now();
    const record = (name: string) => (news: boolean) =>
      calls.push(`${name} ${news} ${performance.now() - start}`);
    feed.wait(0, 1000, record('first'));
    vi.advanceTimersByTime(400);
    feed.wait(0, 1000, record('second'));
    vi.advanceTimersByTime(599);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(calls).toEqual(['first false 1000']);
    vi.advanceTimersByTime(1000);
    expect(calls).toEqual(['first false 1000', 'second false 1400']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('hear nothing after they cancelled, and the last one takes the timer along', () => {
    const feed = new Feed();
    const called = vi.fn();
    const cancels = [0, 1, 2].map(() => feed.wait(0, 1000, called));
    for (const cancel of cancels) cancel();
    expect(feed.waiting).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    for (const cancel of cancels) cancel();
    feed.append(1, payload());
    vi.advanceTimersByTime(5000);
    expect(called).not.toHaveBeenCalled();
  });

  it('may cancel another or wait again from within their call', () => {
    const feed = new Feed();
    const calls: string[] = [];
    let cancelSecond = (): void => {};
    feed.wait(0, 1000, () => {
      calls.push('first');
      cancelSecond();
      feed.wait(1, 1000, (news) => calls.push(`again ${news}`));
    });
    cancelSecond = feed.wait(0, 1000, () => calls.push('second'));
    feed.append(1, payload());
    expect(calls).toEqual(['first']);
    expect(feed.waiting).toBe(1);
    feed.append(2, payload());
    expect(calls).toEqual(['first', 'again true']);
  });

  it('all hold equally long: another hold is refused while somebody waits', () => {
    const feed = new Feed();
    const cancel = feed.wait(0, 1000, () => {});
    expect(() => feed.wait(0, 2000, () => {})).toThrow('a feed has one hold');
    cancel();
    feed.wait(0, 2000, () => {})();
  });

  it('are each called at most once, with news exactly when a message passed their cursor in time', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('wait' as const), ahead: fc.nat(2) }),
      fc.record({ kind: fc.constant('append' as const) }),
      fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 80 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const feed = new Feed();
        const model: {
          cursor: number;
          dueMs: number;
          state: string;
          called: string[];
          cancel: () => void;
        }[] = [];
        let nowMs = 0;
        for (const one of steps) {
          if (one.kind === 'wait') {
            const called: string[] = [];
            const cursor = feed.lastSequence + one.ahead;
            const cancel = feed.wait(cursor, 100, (news) => called.push(String(news)));
            model.push({ cursor, dueMs: nowMs + 100, state: '', called, cancel });
          } else if (one.kind === 'append') {
            feed.append(feed.lastSequence + 1, payload());
            for (const waiter of model) {
              if (waiter.state === '' && waiter.cursor < feed.lastSequence) waiter.state = 'true';
            }
          } else if (one.kind === 'cancel') {
            const waiter = model[one.which];
            waiter?.cancel();
            if (waiter?.state === '') waiter.state = 'cancelled';
          } else {
            nowMs += one.ms;
            vi.advanceTimersByTime(one.ms);
            for (const waiter of model)
              if (waiter.state === '' && waiter.dueMs <= nowMs) waiter.state = 'false';
          }
          for (const waiter of model) {
            const expected = waiter.state === '' || waiter.state === 'cancelled' ? [] : [waiter.state];
            expect(waiter.called).toEqual(expected);
          }
          const waiting = model.filter((waiter) => waiter.state === '').length;
          expect(feed.waiting).toBe(waiting);
          expect(vi.getTimerCount()).toBe(waiting > 0 ? 1 : 0);
        }
        for (const waiter of model) waiter.cancel();
      }),
    );
  });
});
