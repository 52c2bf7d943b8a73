import { describe, expect, it } from 'vitest';
import {
  compare,
  crossing,
  mebibits,
  megabits,
  percentile,
  quotient,
  ratioOf,
  rightBehind,
  SEGMENT_BYTES,
} from './arithmetic.js';

describe('the rates of "Quantum Leap"', () => {
  it('are its 871 characters in units of 2^20 bits', () => {
    expect(mebibits(871, 1000)).toBeCloseTo(6.645, 3);
    expect(mebibits(871, 100_000)).toBeCloseTo(664.5, 1);
    expect(mebibits(2, 1000)).toBeCloseTo(0.0153, 4);
  });

  it('are 9 % more when the line ends are counted and a megabit is a million bits', () => {
    expect(megabits(909, 1000)).toBeCloseTo(7.272, 3);
    expect(megabits(909, 1000) / mebibits(871, 1000)).toBeCloseTo(1.0943, 4);
  });

  it('differ by 8.6 to 1 on the wire, not 500 to 1', () => {
    const poll = 909 + 21 + 3 * SEGMENT_BYTES;
    const frame = 2 + 21 + 2 * SEGMENT_BYTES;
    expect(megabits(poll, 1000)).toBeCloseTo(8.69, 2);
    expect(megabits(frame, 1000)).toBeCloseTo(1.02, 2);
    expect(poll / frame).toBeCloseTo(8.55, 2);
  });
});

describe('a ratio', () => {
  it('is ours by theirs', () => {
    expect(ratioOf(50, 55)).toBeCloseTo(1.1, 10);
  });

  it('is taken from the nearer end of a range, and is 1 inside it', () => {
    expect(ratioOf([2, 4], 1)).toBe(0.5);
    expect(ratioOf([2, 4], 3)).toBe(1);
    expect(ratioOf([2, 4], 8)).toBe(2);
  });

  it('is absent where a number is missing, and where theirs is 0 and ours is not', () => {
    expect(ratioOf(null, 1)).toBeNull();
    expect(ratioOf(1, null)).toBeNull();
    expect(ratioOf(0, 5)).toBeNull();
    expect(ratioOf(0, 0)).toBe(1);
  });
});

describe('a comparison', () => {
  it('has no number of ours where a trial was void, or where it is not finite, and says so', () => {
    for (const ours of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(compare('x', 'ms', 50, ours)).toEqual({
        what: 'x',
        unit: 'ms',
        theirs: 50,
        ours: null,
        ratio: null,
        origin: 'measured',
        absent: 'no valid trial',
      });
    }
  });

  it('keeps that a number is of a model', () => {
    expect(compare('x', '', 2, 3, { origin: 'model' })).toMatchObject({ origin: 'model', ratio: 1.5 });
  });
});

describe('a quotient', () => {
  it('is absent where a part is missing or the divisor is 0', () => {
    expect(quotient(6, 3)).toBe(2);
    expect(quotient(null, 3)).toBeNull();
    expect(quotient(6, undefined)).toBeNull();
    expect(quotient(6, 0)).toBeNull();
  });
});

describe('the crossing of a falling curve', () => {
  it('is exact for a cost of c / interval', () => {
    const points = [250, 500, 1000, 2000, 4000].map((ms) => [ms, 1400 / ms] as const);
    expect(crossing(points, 1)).toBeCloseTo(1400, 6);
  });

  it('is found at a point that lies on the level', () => {
    expect(
      crossing(
        [
          [1, 2],
          [2, 1],
          [4, 0.5],
        ],
        1,
      ),
    ).toBeCloseTo(2, 10);
  });

  it('is absent where the curve stays on one side', () => {
    const points = [
      [1, 9],
      [2, 5],
    ] as const;
    expect(crossing(points, 1)).toBeNull();
    expect(crossing(points, 10)).toBeNull();
    expect(crossing([], 1)).toBeNull();
  });
});

describe('messages right behind an answer', () => {
  const oneWayMs = 50;
  /** What a long poll does to messages: parked ones take a transit, others wait for the poll to come back. */
  function delivered(instants: readonly number[]): { intendedMs: number; latencyMs: number }[] {
    let backMs = Number.NEGATIVE_INFINITY;
    return instants.map((intendedMs) => {
      if (intendedMs >= backMs) backMs = intendedMs + 2 * oneWayMs;
      // What comes before the poll is back leaves with it; the next poll is a round trip later, if anything left.
      const waits = instants.filter((other) => other < backMs && other > backMs - 2 * oneWayMs);
      const leftMs = intendedMs === backMs - 2 * oneWayMs ? intendedMs : backMs;
      if (waits.at(-1) === intendedMs) backMs += 2 * oneWayMs;
      return { intendedMs, latencyMs: leftMs + oneWayMs - intendedMs };
    });
  }

  it('are those that came within the time after the answer before their own', () => {
    const messages = delivered([0, 3, 40, 500, 507]);
    expect(messages.map(({ latencyMs }) => latencyMs)).toEqual([50, 147, 110, 50, 143]);
    expect(rightBehind(messages, oneWayMs, 10).map(({ intendedMs }) => intendedMs)).toEqual([3, 507]);
  });

  it('do not contain a parked message, though its own answer leaves with it', () => {
    expect(rightBehind(delivered([0, 1000, 2000]), oneWayMs, 10)).toEqual([]);
  });

  it('may be behind an answer that itself had waited', () => {
    const messages = delivered([0, 60, 102]);
    expect(messages.map(({ latencyMs }) => latencyMs)).toEqual([50, 90, 148]);
    expect(rightBehind(messages, oneWayMs, 10).map(({ intendedMs }) => intendedMs)).toEqual([102]);
  });
});

describe('a percentile', () => {
  it('is the nearest rank', () => {
    const values = [5, 1, 4, 2, 3];
    expect(percentile(values, 0.5)).toBe(3);
    expect(percentile(values, 0.99)).toBe(5);
    expect(percentile(values, 1)).toBe(5);
    expect(percentile([], 0.5)).toBeNull();
  });
});
