import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueMs, newestAt, type Segment, withRate } from './schedule.js';

const start = (ratePerSecond: number): readonly Segment[] => [
  { firstSequence: 1, startMs: 1000, ratePerSecond },
];
const rate = fc.constantFrom(0.1, 0.5, 1, 2, 5, 10, 20);
/** A schedule whose rate was changed now and then. */
const changed = fc
  .tuple(rate, fc.array(fc.tuple(rate, fc.double({ min: 0, max: 5000, noNaN: true })), { maxLength: 6 }))
  .map(([first, changes]) => {
    let nowMs = 1000;
    let segments = start(first);
    for (const [next, laterMs] of changes) {
      nowMs += laterMs;
      segments = withRate(segments, next, nowMs);
    }
    return { segments, nowMs };
  });

describe('the schedule of the demo', () => {
  it('has one message in every period, never two within half of one', () => {
    const segments = start(2);
    const instants = Array.from({ length: 1000 }, (_, at) => dueMs(segments, at + 1)!);
    for (const [at, instantMs] of instants.entries()) {
      expect(Math.floor((instantMs - 1000) / 500)).toBe(at);
      if (at > 0) expect(instantMs - instants[at - 1]!).toBeGreaterThan(250);
    }
  });

  it('is never in step with polls of its own period: their lateness spreads evenly', () => {
    const segments = start(1);
    const lateMs = Array.from({ length: 1000 }, (_, at) => 1000 - ((dueMs(segments, at + 1)! - 1000) % 1000));
    lateMs.sort((a, b) => a - b);
    for (const [at, late] of lateMs.entries()) expect(Math.abs(late - (at + 0.5))).toBeLessThan(5);
  });

  it('knows the newest message at every instant: it is due, and the next one is not', () => {
    fc.assert(
      fc.property(
        changed,
        fc.double({ min: 0, max: 60_000, noNaN: true }),
        ({ segments, nowMs }, laterMs) => {
          const newest = newestAt(segments, nowMs + laterMs);
          const oldest = segments[0]!.firstSequence;
          if (newest >= oldest) expect(dueMs(segments, newest)!).toBeLessThanOrEqual(nowMs + laterMs);
          expect(dueMs(segments, newest + 1)!).toBeGreaterThan(nowMs + laterMs);
        },
      ),
    );
  });

  it('leaves what is due within 100 ms as it was when the rate changes, and keeps order and numbers', () => {
    fc.assert(
      fc.property(changed, rate, ({ segments, nowMs }, next) => {
        const after = withRate(segments, next, nowMs);
        const soon = newestAt(segments, nowMs + 100);
        expect(dueMs(after, soon)).toBe(dueMs(segments, soon));
        expect(after.at(-1)).toMatchObject({ firstSequence: soon + 1, ratePerSecond: next });
        expect(dueMs(after, soon + 1)!).toBeGreaterThanOrEqual(dueMs(after, soon) ?? 0);
        // One period at most until the first message, counted from the notice.
        expect(dueMs(after, soon + 1)! - nowMs).toBeLessThanOrEqual(100 + 1000 / next);
      }),
    );
  });

  it('says nothing of messages whose segment is forgotten', () => {
    let segments = start(10);
    for (let change = 1; change <= 20; change++) segments = withRate(segments, 10, 1000 + change * 1000);
    expect(segments.length).toBeLessThan(20);
    expect(dueMs(segments, 1)).toBeNull();
  });
});
