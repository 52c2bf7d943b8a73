import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Audience } from './audience.js';
import { Feed } from './feed.js';
import { logOf } from './topic.js';

const MILLION = 1_000_000;
/** Of an audience, whose members weigh more. */
const LISTENERS = MILLION / 4;
const HOLD_MS = 60_000;
const MIB = 2 ** 20;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

function collect(): void {
  gc();
  gc();
}

/** Heap bytes that are left by what was done. */
function kept(act: () => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  act();
  collect();
  return process.memoryUsage().heapUsed - before;
}

describe('a feed that never speaks', () => {
  it('keeps nothing of a million who waited for it, all at once, and went away', () => {
    const feed = new Feed();
    feed.open(1000);
    let woken = 0;
    const cancels: (() => void)[] = [];
    expect(
      kept(() => {
        for (let n = 0; n < MILLION; n++) {
          const log = feed.topic(1 + (n % 1000))!;
          cancels.push(log.wait(0, HOLD_MS, () => woken++));
        }
        expect(feed.waiting).toBe(MILLION);
        for (const cancel of cancels.splice(0)) cancel();
      }),
      // The logs of the topics.
    ).toBeLessThan(2 * MIB);
    expect([feed.waiting, feed.topic(1)!.waiting, woken]).toEqual([0, 0, 0]);
  });

  it('keeps nothing of a million who subscribed one after another', () => {
    const feed = new Feed();
    let heard = 0;
    expect(
      kept(() => {
        for (let n = 0; n < MILLION; n++) feed.subscribe(() => heard++)();
      }),
    ).toBeLessThan(MIB);
    feed.append(1, Buffer.from('0000000001'));
    expect(heard).toBe(0);
  });

  it('makes no log for topics that there are not, however many are asked for', () => {
    const feed = new Feed();
    feed.open(10);
    expect(
      kept(() => {
        for (let n = 11; n < MILLION; n++) {
          if (logOf(feed, `topic=${String(n).padStart(10, '0')}`) !== undefined)
            throw new Error(`there is a topic ${n}`);
        }
      }),
    ).toBeLessThan(MIB);
  });
});

it('an audience keeps nothing more of another quarter of a million listeners, all there at once, in topics of their own and together', () => {
  const audience = new Audience(1024);
  class FakeSocket {
    readonly writableLength = 0;
  }
  const sockets = Array.from({ length: LISTENERS }, () => new FakeSocket() as unknown as Socket);
  // They keep a number for the map that they were in once.
  new Set(sockets).clear();
  const visit = (topics: number): void => {
    for (let n = 0; n < LISTENERS; n++) audience.add(sockets[n]!, null, 1 + (n % topics));
    expect(audience.size).toBe(LISTENERS);
    for (const one of sockets) audience.remove(one);
  };
  // The room that tables and lists once grew to may stay, but only once: later crowds of that size add nothing.
  for (const topics of [1, 1000, 1000]) visit(topics);
  for (const topics of [1, 1000, LISTENERS]) {
    expect(
      kept(() => visit(topics)),
      `${topics} topics`,
    ).toBeLessThan(MIB);
    expect([audience.size, audience.isDeaf(1), audience.isDeaf(topics)]).toEqual([0, true, true]);
  }
});
