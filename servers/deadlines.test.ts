import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Deadlines } from './deadlines.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('expires each in its own time with one timer for all, and forgets who was in time', () => {
  const expired: string[] = [];
  const deadlines = new Deadlines<string>(100, (item) => expired.push(item));
  deadlines.add('first');
  vi.advanceTimersByTime(40);
  deadlines.add('second');
  deadlines.add('in time');
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(30);
  deadlines.delete('in time');
  vi.advanceTimersByTime(31);
  expect(expired).toEqual(['first']);
  vi.advanceTimersByTime(38);
  expect(expired).toEqual(['first']);
  vi.advanceTimersByTime(3);
  expect(expired).toEqual(['first', 'second']);
  expect([deadlines.size, vi.getTimerCount()]).toEqual([0, 0]);
});

it('looks at what arrived during a stall before it expires anybody', () => {
  const expired: string[] = [];
  const deadlines = new Deadlines<string>(100, (item) => expired.push(item));
  deadlines.add('heard late');
  // The timer comes first; a read in the same turn of the loop is still in time.
  setTimeout(() => deadlines.delete('heard late'), 100);
  vi.advanceTimersByTime(200);
  expect(expired).toEqual([]);
});

it('stops its timer when it is closed', () => {
  const deadlines = new Deadlines<string>(100, () => {});
  deadlines.add('one');
  deadlines.close();
  expect([deadlines.size, vi.getTimerCount()]).toEqual([0, 0]);
});
