import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contestantOrder, type OrderSpec } from './order.js';

const specs: fc.Arbitrary<OrderSpec> = fc.record({
  scenarios: fc.uniqueArray(fc.constantFrom('polling', 'longpoll', 'iframe', 'sse', 'websocket'), {
    minLength: 1,
  }),
  clients: fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 3 }),
  trials: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
});

const keyOf = (each: { scenario: string; clients: number }): string => `${each.scenario}/${each.clients}`;

describe('contestantOrder', () => {
  it('runs every contestant once in every round, numbered through', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const order = contestantOrder(spec);
        const size = spec.scenarios.length * spec.clients.length;
        expect(order.map((each) => each.order)).toEqual(
          Array.from({ length: size * spec.trials }, (_, at) => at + 1),
        );
        for (let round = 0; round < spec.trials; round++) {
          const slice = order.slice(round * size, (round + 1) * size);
          expect(new Set(slice.map(keyOf)).size).toBe(size);
          expect(new Set(slice.map((each) => each.trial))).toEqual(new Set([round + 1]));
        }
      }),
    );
  });

  it('puts every contestant once in each position of a block of as many rounds as contestants', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const size = spec.scenarios.length * spec.clients.length;
        const order = contestantOrder({ ...spec, trials: size * 2 });
        for (let block = 0; block < 2; block++) {
          for (let position = 0; position < size; position++) {
            const column = Array.from(
              { length: size },
              (_, row) => order[(block * size + row) * size + position]!,
            );
            expect(new Set(column.map(keyOf)).size).toBe(size);
          }
        }
      }),
    );
  });

  it('gives each arm of a comparison each place of a round equally often, whatever the number of pairs', () => {
    const arms = [
      { scenario: 'base', arm: 'base' },
      { scenario: 'base', arm: "base'" },
      { scenario: 'head', arm: 'head' },
    ] as const;
    const both = [arms[0], arms[2]];
    fc.assert(
      fc.property(
        fc.constantFrom<OrderSpec['arms']>(arms, both),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (entrants, pairs, seed) => {
          const spec = { scenarios: ['base', 'head'], clients: [10], trials: pairs, seed, arms: entrants! };
          const order = contestantOrder(spec);
          const size = entrants!.length;
          expect(order).toHaveLength(size * pairs);
          for (const { arm } of entrants!) {
            const places = order.filter((each) => each.arm === arm).map((each) => (each.order - 1) % size);
            const counts = Array.from(
              { length: size },
              (_, place) => places.filter((each) => each === place).length,
            );
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
            expect(order.filter((each) => each.arm === arm).map(({ trial }) => trial)).toEqual(
              Array.from({ length: pairs }, (_, round) => round + 1),
            );
          }
        },
      ),
    );
  });

  it('follows from the seed', () => {
    const spec = { scenarios: ['a', 'b', 'c', 'd', 'e'], clients: [1], trials: 5 };
    expect(contestantOrder({ ...spec, seed: 1 })).toEqual(contestantOrder({ ...spec, seed: 1 }));
    expect(contestantOrder({ ...spec, seed: 1 })).not.toEqual(contestantOrder({ ...spec, seed: 2 }));
  });

  it('gives each contestant the first place about equally often over seeds', () => {
    const first = new Map<string, number>();
    for (let seed = 0; seed < 1000; seed++) {
      const [winner] = contestantOrder({ scenarios: ['a', 'b', 'c', 'd'], clients: [1], trials: 1, seed });
      first.set(winner!.scenario, (first.get(winner!.scenario) ?? 0) + 1);
    }
    // 250 expected each, standard deviation 13.7: five of them either way.
    for (const count of first.values()) expect(Math.abs(count - 250)).toBeLessThan(69);
  });
});
