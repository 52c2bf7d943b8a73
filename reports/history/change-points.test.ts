import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../protocol/random.js';
import { changePoints } from './change-points.js';

/** Values about 1 with a spread of 5 percent, skewed as latencies are. */
function noise(count: number, seed: number): number[] {
  const random = createRandom(seed, 'noise');
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, () => Math.exp(0.05 * normal()));
}

/** The same with a step from an index on. */
function step(values: readonly number[], from: number, factor: number): number[] {
  return values.map((value, at) => (at < from ? value : value * factor));
}

describe('changePoints', () => {
  it('marks noise without a change about once in a hundred series', () => {
    const marked = Array.from({ length: 300 }, (_, seed) => changePoints(noise(40, seed))).filter(
      (changes) => changes.length > 0,
    );
    // 3 of 300 are expected, and more than 8 in one of two hundred and fifty.
    expect(marked.length).toBeLessThanOrEqual(8);
  });

  it.each([12, 20, 30])('finds a step of 15 percent after %i of 40 values, at its place', (from) => {
    const found = Array.from({ length: 100 }, (_, seed) =>
      changePoints(step(noise(40, 1_000 + seed), from, 1.15)),
    );
    const near = found.filter((changes) => changes.some(({ at }) => Math.abs(at - from) <= 2));
    expect(near.length).toBeGreaterThanOrEqual(90);
    expect(found.filter((changes) => changes.length > 1).length).toBeLessThanOrEqual(8);
  });

  it('finds the very place where the levels do not overlap, though the last value before it is the highest', () => {
    const before = [1, 5, 3, 4, 2, 6, 3, 2, 9];
    const after = [103, 105, 101, 102, 107, 104, 103];
    expect(changePoints([...before, ...after])).toMatchObject([{ at: 9 }]);
  });

  it('finds each of two steps', () => {
    const found = Array.from({ length: 50 }, (_, seed) =>
      changePoints(step(step(noise(60, 2_000 + seed), 20, 1.2), 40, 1.2)),
    );
    expect(found.filter((changes) => changes.length >= 2).length).toBeGreaterThanOrEqual(45);
  });

  it('finds one more byte in a series that never varied, and nothing in one that never varies', () => {
    const bytes = [...new Array(20).fill(44), ...new Array(6).fill(45)];
    expect(changePoints(bytes)).toMatchObject([{ at: 20 }]);
    expect(changePoints(new Array(40).fill(44))).toEqual([]);
  });

  it('says nothing of a change with fewer than five values after it, nor of one wild value', () => {
    const values = noise(40, 7);
    expect(changePoints(step(noise(9, 7), 5, 2))).toEqual([]);
    expect(changePoints(values.map((value, at) => (at === 20 ? value * 100 : value)))).toEqual([]);
  });

  it('depends on the order of the values only, not on their unit, and says the same every time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 }),
        fc.constantFrom(2, 1_000, 0.5),
        (values, unit) => {
          const changes = changePoints(values);
          expect(changePoints(values)).toEqual(changes);
          expect(changePoints(values.map((value) => value * unit))).toEqual(changes);
          const places = changes.map(({ at }) => at);
          for (const [at, place] of places.entries()) {
            expect(place - (places[at - 1] ?? 0)).toBeGreaterThanOrEqual(5);
            expect(values.length - place).toBeGreaterThanOrEqual(5);
          }
          for (const { p } of changes) expect(p).toBeLessThan(0.01);
        },
      ),
    );
  });
});
