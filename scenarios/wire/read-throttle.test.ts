import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ReadThrottle } from './read-throttle.js';
import type { WireSocket } from './wire-socket.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const socket = () => ({ resume: vi.fn() }) as unknown as WireSocket & { resume: ReturnType<typeof vi.fn> };

it('lets a socket be read once between two beats', () => {
  const throttle = new ReadThrottle(100);
  const one = socket();
  const other = socket();
  expect(throttle.mayGoOn(one)).toBe(false);
  vi.advanceTimersByTime(60);
  expect(throttle.mayGoOn(other)).toBe(false);
  expect(one.resume).not.toHaveBeenCalled();
  vi.advanceTimersByTime(40);
  expect([one.resume.mock.calls.length, other.resume.mock.calls.length]).toEqual([1, 1]);
  // Only who was read again waits for the next.
  throttle.mayGoOn(one);
  vi.advanceTimersByTime(1000);
  expect([one.resume.mock.calls.length, other.resume.mock.calls.length]).toEqual([2, 1]);
  throttle.stop();
});

it('resumes nobody, and keeps no timer, once it is stopped', () => {
  const throttle = new ReadThrottle(100);
  const one = socket();
  throttle.mayGoOn(one);
  throttle.stop();
  vi.advanceTimersByTime(1000);
  expect(one.resume).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
