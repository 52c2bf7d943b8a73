import { describe, expect, it } from 'vitest';
import {
  ARRIVAL_PART,
  MEAN_STAY_SECONDS,
  newcomersOf,
  thereFromTheStart,
  type Visits,
  visitorsOf,
} from './visits.js';

const arrivals = {
  seed: 7,
  phase: 'visitors/1',
  arrivals: 'poisson' as const,
  ratePerSecond: 50,
  durationSeconds: 60,
};

/** Nobody is in a place that somebody else has. */
function expectPlacesApart({ arrivesMs, leavesMs, places, capacity }: Visits): void {
  const freeFrom = new Float64Array(capacity);
  const clashes = [...arrivesMs.keys()].filter((n) => {
    const isTaken = freeFrom[places[n]!]! > arrivesMs[n]!;
    freeFrom[places[n]!] = leavesMs[n]!;
    return isTaken;
  });
  expect(clashes).toEqual([]);
}

describe('visitorsOf', () => {
  const visits = visitorsOf(arrivals, 0, 1);

  it('brings exactly rate x duration visitors, who leave after they have come and by the end of the window', () => {
    expect(visits.arrivesMs).toHaveLength(3000);
    expect(visits.arrivesMs.every((at, n) => visits.leavesMs[n]! > at && visits.leavesMs[n]! <= 60_000)).toBe(
      true,
    );
  });

  it('follows from the seed alone', () => {
    expect(visitorsOf(arrivals, 0, 1)).toEqual(visits);
    expect(visitorsOf({ ...arrivals, seed: 8 }, 0, 1).leavesMs).not.toEqual(visits.leavesMs);
  });

  it('lets them stay two seconds on average, cut off at both ends', () => {
    const early = [...visits.arrivesMs.keys()].filter((n) => visits.arrivesMs[n]! < 50_000);
    const stays = early.map((n) => visits.leavesMs[n]! - visits.arrivesMs[n]!);
    const mean = stays.reduce((sum, stay) => sum + stay, 0) / stays.length;
    expect(mean / 1000 / MEAN_STAY_SECONDS).toBeGreaterThan(0.93);
    expect(mean / 1000 / MEAN_STAY_SECONDS).toBeLessThan(1.07);
    expect(Math.min(...stays)).toBeCloseTo(100, 6);
    expect(Math.max(...stays)).toBeLessThanOrEqual(10_000 + 1e-6);
  });

  it('gives nobody a place that is taken, and takes no more of them than there are people at once', () => {
    expectPlacesApart(visits);
    const atOnce = [...visits.arrivesMs].map(
      (at) => visits.arrivesMs.filter((come, n) => come <= at && visits.leavesMs[n]! > at).length,
    );
    expect(visits.capacity).toBe(Math.max(...atOnce));
  });

  it('is shared by the shards by turns: together they are the same visitors, who stay as long', () => {
    const parts = [0, 1, 2].map((part) => visitorsOf(arrivals, part, 3));
    const all = parts.flatMap(({ arrivesMs, leavesMs }) => [...arrivesMs].map((at, n) => [at, leavesMs[n]!]));
    const whole = [...visits.arrivesMs].map((at, n) => [at, visits.leavesMs[n]!]);
    expect(all.sort((a, b) => a[0]! - b[0]!)).toEqual(whole);
    for (const part of parts) expectPlacesApart(part);
  });
});

describe('newcomersOf', () => {
  it('lets them come evenly over the first four fifths of the window, and stay', () => {
    const { arrivesMs, leavesMs, capacity } = newcomersOf(8, 10, 0, 1);
    expect([...arrivesMs]).toEqual([500, 1500, 2500, 3500, 4500, 5500, 6500, 7500]);
    expect(Math.max(...arrivesMs)).toBeLessThan(10_000 * ARRIVAL_PART);
    expect(new Set(leavesMs)).toEqual(new Set([Number.POSITIVE_INFINITY]));
    expect(capacity).toBe(8);
  });

  it('is shared by the shards by turns', () => {
    expect(
      [...newcomersOf(5, 1, 0, 2).arrivesMs, ...newcomersOf(5, 1, 1, 2).arrivesMs].sort((a, b) => a - b),
    ).toEqual([...newcomersOf(5, 1, 0, 1).arrivesMs]);
  });
});

it.each([
  [7, 3, [3, 2, 2]],
  [1, 4, [1, 0, 0, 0]],
])('%d who are there from the start are shared by %d shards as %j', (total, parts, expected) => {
  expect(expected.map((_, part) => thereFromTheStart(total, part, parts).capacity)).toEqual(expected);
});
