import { expect, it } from 'vitest';
import { judgeOnce } from './judge-once.js';

it.each<[number, number, boolean | null, RegExp]>([
  [0, 0, true, /^$/],
  [0, 1, true, /^$/],
  [2, 0, false, /^2 messages came more than once\.$/],
  [2, 1, null, /had published 1 again/],
])('%i repeated messages, with %i published again', (repeated, again, ok, sentence) => {
  const found = judgeOnce(repeated, again);
  expect(found.ok).toBe(ok);
  expect(found.sentence).toMatch(sentence);
});
