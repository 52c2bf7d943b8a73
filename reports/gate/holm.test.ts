import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../protocol/random.js';
import { holmConfidences } from './holm.js';

const levels = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });

test('one metric alone is judged at the whole confidence', () => {
  expect(holmConfidences([0.5], 0.99)[0]).toBeCloseTo(0.99, 12);
});

test('the surest has the hardest level, and the first that does not reach its own stops the rest', () => {
  const [a, b, c, d] = holmConfidences([0.004, 0.0001, 0.2, 0.6], 0.99);
  expect(1 - b!).toBeCloseTo(0.01 / 4, 12);
  // 0.004 > 0.01 / 3: it stops here.
  for (const each of [a!, c!, d!]) expect(1 - each).toBeCloseTo(0.01 / 3, 12);
});

test('whoever fails is as sure as Bonferroni asks at least of the last, and never less sure than one that does not', () => {
  fc.assert(
    fc.property(levels, (list) => {
      const judged = holmConfidences(list, 0.99);
      const fails = list.map((level, at) => level <= 1 - judged[at]!);
      for (const [at, level] of list.entries()) {
        if (level <= 0.01 / list.length - 1e-15) expect(fails[at]).toBe(true);
        if (level > 0.01 + 1e-15) expect(fails[at]).toBe(false);
        for (const [other, higher] of list.entries())
          if (higher >= level && fails[other]) expect(fails[at]).toBe(true);
      }
    }),
  );
});

test('of many metrics without a change, any fails in one gate of a hundred', () => {
  const random = createRandom(1, 'holm');
  let alarms = 0;
  for (let gate = 0; gate < 20_000; gate++) {
    const list = Array.from({ length: 8 }, () => random());
    const judged = holmConfidences(list, 0.99);
    if (list.some((level, at) => level <= 1 - judged[at]!)) alarms++;
  }
  expect(alarms / 20_000).toBeGreaterThan(0.007);
  expect(alarms / 20_000).toBeLessThan(0.013);
});
