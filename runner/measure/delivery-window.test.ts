import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveryWindow, DUPLICATE, FRESH, REORDERED } from './delivery-window.js';

/** Remembers everything; what is 64 or more behind the highest number counts as seen. */
class Model {
  private readonly seen = new Set<number>();
  private highest = 0;

  see(sequence: number): number {
    if (sequence <= this.highest - 64 || this.seen.has(sequence)) return DUPLICATE;
    this.seen.add(sequence);
    if (sequence < this.highest) return REORDERED;
    this.highest = sequence;
    return FRESH;
  }
}

describe('DeliveryWindow', () => {
  it('calls deliveries in order fresh', () => {
    const window = new DeliveryWindow(1);
    for (let sequence = 1; sequence <= 300; sequence++) expect(window.see(0, sequence)).toBe(FRESH);
  });

  it('tells a repeated delivery from a late one', () => {
    const window = new DeliveryWindow(1);
    expect([1, 3, 3, 2, 2, 1, 4, 3].map((sequence) => window.see(0, sequence))).toEqual([
      FRESH,
      FRESH,
      DUPLICATE,
      REORDERED,
      DUPLICATE,
      DUPLICATE,
      FRESH,
      DUPLICATE,
    ]);
  });

  it('looks 63 numbers back: what is further is a duplicate, so that no loss is hidden', () => {
    for (const highest of [100, 1000, 2_147_483_647]) {
      const window = new DeliveryWindow(1);
      expect(window.see(0, highest)).toBe(FRESH);
      expect(window.see(0, highest - 63)).toBe(REORDERED);
      expect(window.see(0, highest - 64)).toBe(DUPLICATE);
    }
  });

  it('keeps what it knows over a jump of any width up to its own', () => {
    for (let jump = 1; jump <= 63; jump++) {
      const window = new DeliveryWindow(1);
      window.see(0, 100);
      expect(window.see(0, 100 + jump)).toBe(FRESH);
      expect(window.see(0, 100)).toBe(DUPLICATE);
      if (jump > 1) expect(window.see(0, 101)).toBe(REORDERED);
    }
  });

  it('agrees with a set of everything seen, for each client alone, over histories of any order', () => {
    const steps = fc.array(
      fc.tuple(fc.nat(2), fc.oneof(fc.integer({ min: -70, max: 3 }), fc.integer({ min: 1, max: 140 }))),
      {
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(steps, (steps) => {
        const window = new DeliveryWindow(3);
        const models = [new Model(), new Model(), new Model()];
        const highest = [0, 0, 0];
        for (const [client, step] of steps) {
          const sequence = Math.max(1, highest[client]! + step);
          highest[client] = Math.max(highest[client]!, sequence);
          expect(window.see(client, sequence)).toBe(models[client]!.see(sequence));
        }
      }),
      { numRuns: 200 },
    );
  });
});
