import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tally } from './tally.js';

function heard(...sequences: number[]): Tally {
  const tally = new Tally();
  for (const sequence of sequences) tally.heard(sequence);
  return tally;
}

it('begins to count with the first message, whatever its number', () => {
  expect(heard(40, 41, 42)).toMatchObject({ received: 3, missing: 0, repeated: 0, newest: 42 });
});

it('misses what a later message shows not to have come, until it comes after all', () => {
  const tally = heard(1, 2, 5);
  expect(tally).toMatchObject({ received: 3, missing: 2 });
  expect([3, 4, 5].map((sequence) => tally.isMissing(sequence))).toEqual([true, true, false]);
  expect(tally.heard(3)).toBe(true);
  expect(tally).toMatchObject({ received: 4, missing: 1, repeated: 0 });
});

it('counts what comes twice, and what is older than the first, as repeated', () => {
  const tally = heard(7, 8, 8, 7);
  expect(tally.heard(3)).toBe(false);
  expect(tally).toMatchObject({ received: 2, repeated: 3, missing: 0 });
});

it('adds up: numbers from the first to the newest are received or missing', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sequences) => {
      const tally = heard(...sequences);
      expect(tally.received + tally.missing).toBe(tally.newest! - sequences[0]! + 1);
      expect(tally.received + tally.repeated).toBe(sequences.length);
    }),
  );
});
