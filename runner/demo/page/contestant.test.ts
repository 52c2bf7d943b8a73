import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Contestant } from './contestant.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** One whose messages are published every 100 ms, message n at n x 100 ms. */
function contestant() {
  const changes: string[] = [];
  const own: Contestant = new Contestant(
    'websocket',
    (sequence) => sequence * 100,
    () => changes.push(own.state),
  );
  const hear = (atMs: number, sequence: number): void => {
    vi.advanceTimersByTime(atMs - performance.now());
    own.heard(`${sequence}`.padStart(10, '0'));
  };
  return { own, hear, changes };
}

it('knows the age of a message on arrival, and the median of the last twenty', () => {
  const { own, hear } = contestant();
  for (let sequence = 1; sequence <= 40; sequence++)
    hear(sequence * 100 + (sequence <= 20 ? 90 : 5), sequence);
  expect(own.ageMs).toBeCloseTo(5, 6);
  expect(own.medianAgeMs).toBeCloseTo(5, 6);
  expect(own.marks).toHaveLength(40);
});

it('tells what an outage cost with the first message published after it began, not with one that was on its way', () => {
  const { own, hear } = contestant();
  hear(110, 1);
  own.outage(190);
  expect(own.state).toBe('away');
  hear(390, 2);
  expect(own.back).toBeNull();
  hear(3690, 36);
  expect(own.back).toMatchObject({ lost: 33 });
  expect(own.back!.sentence).toMatch(/^Back after 3\.5 s: .* 33 messages were lost\.$/);
  expect(own.state).toBe('live');
});

it('never shows an age below nothing, which the error of the clocks could make', () => {
  const { own, hear } = contestant();
  hear(99, 1);
  expect(own.ageMs).toBe(0);
});
