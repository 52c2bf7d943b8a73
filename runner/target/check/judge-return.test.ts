import { expect, it } from 'vitest';
import { judgeReturn, type Return } from './judge-return.js';

const WELL: Return = { clients: 3, back: 3, waitedSeconds: 15, refused: 0, untaken: null, hasHeard: true };

it.each<[string, Partial<Return>, boolean | null, RegExp]>([
  ['all have heard', {}, true, /^$/],
  ['all are back and deaf', { hasHeard: false }, false, /did not hear what was published/],
  [
    'a server lets them wait longer than the check does',
    { hasHeard: false, back: 1 },
    null,
    /^Of 3 clients whose connection was cut, 1 had come back 15 s later: the others had not tried/,
  ],
  [
    'a server does not let them in again',
    { hasHeard: false, back: 0, refused: 9 },
    false,
    /refused the others/,
  ],
  [
    'the message was not taken',
    { hasHeard: false, untaken: 'was answered with status 503' },
    null,
    /when they were back was answered with status 503\.$/,
  ],
])('clients that were cut: %s', (_what, changes, ok, sentence) => {
  const found = judgeReturn({ ...WELL, ...changes });
  expect(found.ok).toBe(ok);
  expect(found.sentence).toMatch(sentence);
});
