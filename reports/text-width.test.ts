import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayWidth, truncate, wrap } from './text-width.js';

test('escape sequences take no room and wide characters take two columns', () => {
  expect(displayWidth('\u001b[1mabc\u001b[22m')).toBe(3);
  expect(displayWidth('轮询')).toBe(4);
});

test('a line breaks at spaces, and goes on indented', () => {
  expect(wrap('one two three four', 10)).toEqual(['one two', '  three', '  four']);
});

test('a number does not part from its unit', () => {
  expect(wrap('late by 512\u00a0ms here', 12)).toEqual(['late by', '  512\u00a0ms', '  here']);
});

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const widths = fc.integer({ min: 10, max: 120 });

test('no line is wider than asked, and nothing is lost', () => {
  fc.assert(
    fc.property(text, widths, (sentence, width) => {
      const lines = wrap(sentence, width);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(sentence.replaceAll(' ', ''));
    }),
  );
});

test('a cut line fits', () => {
  fc.assert(
    fc.property(text, widths, (line, width) => {
      expect(displayWidth(truncate(line, width))).toBeLessThanOrEqual(width);
    }),
  );
});
