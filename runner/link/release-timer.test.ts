import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Due, ReleaseTimer } from './release-timer.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the release timer', () => {
  it('releases everything once, in order of instants, never early and less than 2 ms late', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 60 }), (delays) => {
        const timer = new ReleaseTimer();
        const startMs = performance.now();
        const released: { dueMs: number; lateMs: number }[] = [];
        for (const delay of delays) {
          const dueMs = startMs + delay;
          timer.schedule({
            dueMs,
            release: () => released.push({ dueMs, lateMs: performance.now() - dueMs }),
          });
        }
        vi.advanceTimersByTime(250);
        const intended = delays.map((delay) => startMs + delay);
        expect(released.map(({ dueMs }) => dueMs)).toEqual(intended.sort((a, b) => a - b));
        for (const { lateMs } of released) {
          expect(lateMs).toBeGreaterThanOrEqual(0);
          expect(lateMs).toBeLessThan(2);
        }
        timer.stop();
      }),
    );
  });

  it('wakes for an instant that comes before the one it waits for', () => {
    const timer = new ReleaseTimer();
    const startMs = performance.now();
    const released: string[] = [];
    const due = (name: string, dueMs: number): Due => ({ dueMs, release: () => released.push(name) });
    timer.schedule(due('late', startMs + 100));
    timer.schedule(due('soon', startMs + 10));
    vi.advanceTimersByTime(12);
    expect(released).toEqual(['soon']);
    vi.advanceTimersByTime(100);
    expect(released).toEqual(['soon', 'late']);
  });

  it('releases again what schedules itself again', () => {
    const timer = new ReleaseTimer();
    const instants: number[] = [];
    const startMs = performance.now();
    const due: Due = {
      dueMs: startMs + 10,
      release() {
        instants.push(performance.now() - startMs);
        this.dueMs += 10;
        timer.schedule(this);
      },
    };
    timer.schedule(due);
    vi.advanceTimersByTime(35);
    expect(instants).toEqual([10, 20, 30]);
    timer.stop();
    vi.advanceTimersByTime(100);
    expect(instants).toHaveLength(3);
  });
});
