import { expect, test } from 'vitest';
import { apart } from './labels.js';

test('of ticks that would run into each other the first stays', () => {
  const ticks = [0, 12, 60, 70, 120].map((middle) => ({ middle, width: 30 }));
  expect(apart(ticks, 10)).toEqual([0, 2, 4]);
});

test('ticks with room between them all stay, whichever way the axis runs', () => {
  const ticks = [200, 100, 0].map((middle) => ({ middle, width: 30 }));
  expect(apart(ticks, 10)).toEqual([0, 1, 2]);
  expect(apart([], 10)).toEqual([]);
});
