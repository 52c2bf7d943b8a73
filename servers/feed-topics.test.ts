import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encodePayload } from '../protocol/payload.js';
import { Feed } from './feed.js';

const payload = (sequence: number): Buffer => encodePayload(sequence, 10);

function opened(topics: number, limits?: ConstructorParameters<typeof Feed>[0]): Feed {
  const feed = new Feed(limits);
  feed.open(topics);
  return feed;
}

function sequences(log: Feed | undefined, cursor = 0): number[] {
  return log!.since(cursor).map(({ sequence }) => sequence);
}

describe('a feed with topics', () => {
  it('keeps a message in its own topic only, and tells every listener of it', () => {
    const feed = opened(3);
    const heard: [number, number][] = [];
    feed.subscribe(({ sequence, topic }) => heard.push([sequence, topic]));
    feed.append(1, payload(1), false, 2);
    feed.append(2, payload(2), false, 3);
    feed.append(3, payload(3), false, 2);
    expect([1, 2, 3].map((topic) => sequences(feed.topic(topic)))).toEqual([[], [1, 3], [2]]);
    expect(sequences(feed.topic(2), 1)).toEqual([3]);
    expect([1, 2, 3].map((topic) => feed.topic(topic)!.lastSequence)).toEqual([0, 3, 2]);
    expect(heard).toEqual([
      [1, 2],
      [2, 3],
      [3, 2],
    ]);
  });

  it('has no other topics than its own', () => {
    const feed = opened(3);
    for (const topic of [0, 4, -1, 1.5, Number.NaN]) expect(feed.topic(topic)).toBeUndefined();
    expect(() => feed.append(1, payload(1), false, 4)).toThrow('there is no topic 4 among 3');
    expect(() => feed.append(1, payload(1))).toThrow('there is no topic 0 among 3');
    expect(new Feed().topic(1)).toBeUndefined();
    expect(() => new Feed().append(1, payload(1), false, 1)).toThrow('there is no topic 1 among 0');
  });

  it('wakes those who wait in the topic of a message and nobody else', () => {
    const feed = opened(2);
    const woken: string[] = [];
    for (const topic of [1, 2, 1]) feed.topic(topic)!.wait(0, 1000, (news) => woken.push(`${topic} ${news}`));
    expect(feed.waiting).toBe(3);
    feed.append(1, payload(1), false, 1);
    expect(woken).toEqual(['1 true', '1 true']);
    expect([feed.waiting, feed.topic(1)!.waiting, feed.topic(2)!.waiting]).toEqual([1, 0, 1]);
    feed.append(2, payload(2), false, 2);
    expect(woken).toHaveLength(3);
  });

  it('ends the holds of all topics in the order of their coming, by one timer', () => {
    vi.useFakeTimers();
    try {
      const feed = opened(3);
      const ended: number[] = [];
      const wait = (topic: number) =>
        feed.topic(topic)!.wait(0, 100, (news) => {
          if (!news) ended.push(topic);
        });
      wait(2);
      vi.advanceTimersByTime(60);
      wait(1);
      const cancel = wait(3);
      expect(vi.getTimerCount()).toBe(1);
      cancel();
      vi.advanceTimersByTime(41);
      expect(ended).toEqual([2]);
      vi.advanceTimersByTime(60);
      expect(ended).toEqual([2, 1]);
      expect([vi.getTimerCount(), feed.waiting]).toEqual([0, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets numbers rise by topic: clients speak when they please', () => {
    const feed = opened(2);
    feed.append(5, payload(5), false, 1);
    feed.append(3, payload(3), false, 2);
    expect(() => feed.append(3, payload(3), false, 2)).toThrow('sequence 3 does not follow 3');
    expect([sequences(feed.topic(1)), sequences(feed.topic(2))]).toEqual([[5], [3]]);
    expect([feed.lastSequence, feed.appended]).toEqual([5, 2]);
  });

  it('holds no more in all topics together than a feed without topics would, the oldest go first', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ topic: fc.integer({ min: 1, max: 4 }), bytes: fc.integer({ min: 10, max: 60 }) }),
          {
            maxLength: 120,
          },
        ),
        (messages) => {
          const limits = { messages: 20, bytes: 500 };
          const feed = opened(4, limits);
          const plain = new Feed(limits);
          messages.forEach(({ topic, bytes }, at) => {
            feed.append(at + 1, encodePayload(at + 1, bytes), false, topic);
            plain.append(at + 1, encodePayload(at + 1, bytes));
          });
          const kept = [1, 2, 3, 4].flatMap((topic) => sequences(feed.topic(topic))).sort((a, b) => a - b);
          expect(kept).toEqual(sequences(plain));
          const bytes = [1, 2, 3, 4].reduce((sum, topic) => sum + feed.topic(topic)!.bytes, 0);
          expect(bytes).toBe(plain.bytes);
          for (const [at, { topic }] of messages.entries())
            if (!messages.slice(at + 1).some((later) => later.topic === topic))
              expect(feed.topic(topic)!.lastSequence).toBe(at + 1);
        },
      ),
    );
  });

  it('has nothing after any cursor in a topic whose messages are all gone', () => {
    const feed = opened(2, { messages: 2, bytes: 1000 });
    feed.append(1, payload(1), false, 1);
    for (const sequence of [2, 3, 4]) feed.append(sequence, payload(sequence), false, 2);
    const log = feed.topic(1)!;
    expect([log.size, log.lastSequence, log.newest]).toEqual([0, 1, undefined]);
    expect([log.hasAfter(0), feed.topic(2)!.hasAfter(0)]).toEqual([false, true]);
    // Who asked for it would be answered at once, for ever.
    const callback = vi.fn();
    const cancel = log.wait(0, 1000, callback);
    expect(callback).not.toHaveBeenCalled();
    cancel();
  });
});

describe('what a client says', () => {
  it('is published in its topic, in a copy', () => {
    const feed = opened(2);
    const said = payload(7);
    expect(feed.topic(2)!.hear(said, false)).toBe(true);
    said.fill(0);
    expect(feed.topic(2)!.newest).toMatchObject({
      sequence: 7,
      topic: 2,
      isBinary: false,
      payload: payload(7),
    });
    expect(feed.topic(2)!.hear(payload(8), true)).toBe(true);
    expect(feed.topic(2)!.newest!.isBinary).toBe(true);
  });

  it('is dropped when it was said before', () => {
    const feed = opened(2);
    const listener = vi.fn();
    feed.subscribe(listener);
    for (const sequence of [7, 7, 6, 9]) expect(feed.topic(1)!.hear(payload(sequence), false)).toBe(true);
    expect(sequences(feed.topic(1))).toEqual([7, 9]);
    expect([listener.mock.calls.length, feed.misheard]).toEqual([2, 0]);
  });

  it.each([
    ['is empty', ''],
    ['is too short', '000000001'],
    ['begins with letters', 'hello, here I am'],
    ['has a letter among its digits', '00000x0001'],
    ['has a number that no schedule has', '9999999999'],
    ['is number 0', '0000000000'],
  ])('is dropped and counted when it %s', (_, text) => {
    const feed = opened(2);
    expect(feed.topic(1)!.hear(Buffer.from(text), false)).toBe(false);
    expect([feed.misheard, feed.appended, feed.topic(2)!.misheard]).toEqual([1, 0, 1]);
  });

  it('is everybody’s in a feed without topics', () => {
    const feed = new Feed();
    feed.hear(payload(3), false);
    expect(sequences(feed)).toEqual([3]);
  });
});
