import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText } from './plain-text.js';

test('escape sequences, line breaks and invisible characters do not come through', () => {
  expect(plainText('a\u001b[31mred\u001b[0m\u009b2J\r\nb\tc\u202ed\u200be\u0007')).toBe('ared b cde');
});

test('text of any script is left as it is', () => {
  expect(plainText('Überträger 轮询 🚀 naïve')).toBe('Überträger 轮询 🚀 naïve');
});

test('a long text ends with an ellipsis and never in half a character', () => {
  expect(plainText('🚀'.repeat(10), 4)).toBe('🚀🚀🚀…');
  expect(plainText('abcd', 4)).toBe('abcd');
});

test('whatever comes in, one line of printable characters of bounded length comes out', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 1, max: 100 }),
      (text, longest) => {
        const plain = plainText(text, longest);
        expect(plain).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect([...plain].length).toBeLessThanOrEqual(longest);
        expect(plainText(plain, longest)).toBe(plain);
      },
    ),
  );
});
