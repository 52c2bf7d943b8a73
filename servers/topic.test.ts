import { describe, expect, it } from 'vitest';
import { parseCursor } from './answers.js';
import { Feed } from './feed.js';
import { afterTopic, logOf, queryOf } from './topic.js';

const feed = new Feed();
feed.open(12);

describe('the topic that a request names', () => {
  it.each([
    'topic=0000000012',
    'topic=0000000012&since=0000000007',
    'since=0000000007&topic=0000000012',
    'a=b&topic=0000000012',
  ])('is read from %s', (query) => {
    expect(logOf(feed, query)!.number).toBe(12);
  });

  it.each([
    '',
    'topic=',
    'topic=12',
    'topic=0000000000',
    'topic=0000000013',
    'topic=00000000012',
    'topic=-000000001',
    'topic=000000001x',
    'topic=0000000001x',
    'topic=%30000000001x',
    'topics=0000000001',
    'since=0000000001',
  ])('is none in "%s"', (query) => {
    expect(logOf(feed, query)).toBeUndefined();
  });

  it('is nobody’s concern where there are no topics', () => {
    const plain = new Feed();
    expect(logOf(plain, 'topic=0000000001')).toBe(plain);
    expect(logOf(plain, '')).toBe(plain);
  });

  it('does not hide the cursor behind it', () => {
    expect(afterTopic('topic=0000000012&since=0000000007')).toBe('since=0000000007');
    expect(parseCursor('topic=0000000012&since=0000000007')).toBe(7);
    expect(parseCursor('topic=0000000012')).toBe('none');
    expect(parseCursor('topic=0000000012&since=x')).toBe('invalid');
    expect(parseCursor('since=0000000007&topic=0000000012')).toBe(7);
  });

  it('stands behind the question mark', () => {
    expect([queryOf('/ws?topic=1'), queryOf('/ws'), queryOf('/ws?')]).toEqual(['topic=1', '', '']);
  });
});
