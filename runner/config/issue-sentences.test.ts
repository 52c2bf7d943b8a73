import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { targetsSchema } from '../target/target-schema.js';
import { issueSentences } from './issue-sentences.js';

const schema = z.strictObject({
  name: z.string('must be a text'),
  way: z.union(
    [z.literal('self'), z.strictObject({ path: z.string('must be a path') })],
    'must be "self" or an object',
  ),
});

describe('what is wrong with a value', () => {
  it.each([
    [{ name: 5, way: 'self' }, ['gate.name in f.json: 5 must be a text.']],
    [{ way: 'self' }, ['gate.name is missing in f.json: it must be a text.']],
    [{ name: 'a', way: { path: 1 } }, ['gate.way.path in f.json: 1 must be a path.']],
    [
      { name: 'a', way: { pth: '/' } },
      [
        'gate.way.path is missing in f.json: it must be a path.',
        '"pth" in gate.way of f.json is not a key. Did you mean "path"?',
      ],
    ],
    [{ name: 'a', way: 7 }, ['gate.way in f.json: 7 must be "self" or an object.']],
    [{ name: 'a', way: 'self', nme: 1 }, ['"nme" in gate of f.json is not a key. Did you mean "name"?']],
    [{ name: 'a', way: 'self' }, []],
  ])('%j is told by its place', (value, sentences) => {
    expect(issueSentences(schema, value, 'gate', 'f.json')).toEqual(sentences);
  });

  it.each([
    [
      { subscribe: { headers: { authorization: 'Bearer hunter2\n' } } },
      'targets.chat.subscribe.headers.authorization in f.json: its value must be a text of one line, of at most 16384 characters.',
    ],
    [
      { env: { DB_PASS: 12345 } },
      'targets.chat.env.DB_PASS in f.json: its value must be a text of at most 16384 characters.',
    ],
    [
      { env: { PORTS: 12345 } },
      'targets.chat.env.PORTS in f.json: 12345 must be a text of at most 16384 characters.',
    ],
    [
      { subscribe: { path: 'feed?token=hunter2' } },
      'targets.chat.subscribe.path in f.json: "feed?token=redacted" must be a path that begins with / and has no spaces, such as /events?room=1.',
    ],
    [
      { ready: [{ password: 'hunter2' }] },
      'targets.chat.ready in f.json: [{"password":"redacted"}] must be an object.',
    ],
  ])('%j is told without the secret in it', (changes, sentence) => {
    const chat = { command: 'node chat.mjs', transport: 'sse', publish: 'self', ...changes };
    expect(issueSentences(targetsSchema, { chat }, 'targets', 'f.json')).toEqual([sentence]);
  });

  it('is told in whole sentences of printable characters, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        for (const sentence of issueSentences(targetsSchema, value, 'targets', 'f.json')) {
          expect(sentence).toMatch(/^[^\p{Cc}]+[.?]$/u);
          expect(sentence.length).toBeLessThan(600);
        }
      }),
    );
  });
});
