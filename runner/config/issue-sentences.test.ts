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
