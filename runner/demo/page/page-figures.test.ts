import { describe, expect, it } from 'vitest';
import { offsetOf } from './clock.js';
import { RECENT_MS, RecentBytes } from './recent-bytes.js';
import { backSentence } from './words.js';

describe('the offset of the clocks', () => {
  it('is that of the fastest request, within half its round trip', () => {
    const slow = { sentMs: 0, serverMs: 1900, backMs: 100 };
    const fast = { sentMs: 200, serverMs: 2201, backMs: 204 };
    expect(offsetOf([slow, fast])).toEqual({ offsetMs: 1999, errorMs: 2 });
    expect(offsetOf([])).toBeNull();
  });
});

describe('bytes a message', () => {
  const point = (atMs: number, published: number, down: number, missing = 0) => ({
    ...{ atMs, published, down, missing, up: 2 * down },
  });

  it('are the bytes of the time over the messages published in it', () => {
    const bytes = new RecentBytes();
    bytes.add(point(0, 10, 0));
    expect(bytes.perMessage()).toBeNull();
    bytes.add(point(500, 10, 0));
    expect(bytes.perMessage()).toBeNull();
    bytes.add(point(1000, 12, 24));
    expect(bytes.perMessage()).toEqual({ up: 24, down: 12 });
  });

  it('do not count a message that was missed', () => {
    const bytes = new RecentBytes();
    bytes.add(point(0, 0, 0));
    bytes.add(point(1000, 10, 60, 5));
    expect(bytes.perMessage()!.down).toBe(12);
  });

  it('forget a handshake after half a minute', () => {
    const bytes = new RecentBytes();
    bytes.add(point(0, 0, 0));
    for (let second = 1; second <= 60; second++) bytes.add(point(second * 1000, second, 500 + 12 * second));
    expect(RECENT_MS).toBe(30_000);
    expect(bytes.perMessage()!.down).toBe(12);
  });
});

it('a return is told with its time and its cost', () => {
  expect(backSentence('sse', 3420, 0)).toBe(
    'Back after 3.4 s: the browser reconnected by itself and sent the last id. Nothing was lost.',
  );
  expect(backSentence('websocket', 3600, 1)).toMatch(/ 1 message was lost\.$/);
  expect(backSentence('iframe', 3600, 1234)).toMatch(/ 1,234 messages were lost\.$/);
});
