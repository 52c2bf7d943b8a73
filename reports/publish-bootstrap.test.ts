import { describe, expect, test } from 'vitest';
import { createRandom } from '../protocol/random.js';
import { medianInterval } from './median-interval.js';
import { latencyInterval, withinRunInterval } from './publish-bootstrap.js';
import type { Measurements } from './result.js';
import { median } from './statistics.js';
import { normal } from './testing/draws.js';
import { sampleResult } from './testing/sample-result.js';

const [sample] = sampleResult({ scenarios: ['sse'], trials: 1 }).trials;

/** A trial of these medians a publish, each of `clients` deliveries. */
function trial(p50Us: readonly number[], clients = 1000): Measurements {
  if (sample?.status !== 'completed') throw new Error('the sample has completed trials');
  const { measurements } = sample;
  return {
    ...measurements,
    latencyUs: { ...measurements.latencyUs, p50: median(p50Us), count: clients * p50Us.length },
    publishes: {
      ...measurements.publishes,
      p50Us: [...p50Us],
      delivered: p50Us.map(() => clients),
    },
  };
}

describe('the interval within a run', () => {
  const random = createRandom(4, 'publishes');
  const draw = (count: number, spread = 0.3) =>
    Array.from({ length: count }, () => 5000 * Math.exp(spread * normal(random)));

  test('rests on publishes: more clients do not make it narrower, more publishes do', () => {
    const publishes = draw(100);
    const width = (measurements: Measurements): number => {
      const { low, high } = withinRunInterval(measurements)!;
      return high - low;
    };
    expect(width(trial(publishes, 10_000))).toBe(width(trial(publishes, 10)));
    expect(width(trial(draw(1600)))).toBeLessThan(width(trial(publishes)) / 2);
    expect(withinRunInterval(trial(publishes))!.publishes).toBe(100);
  });

  test('is not given below thirty publishes, nor counts those that reached nobody', () => {
    expect(withinRunInterval(trial(draw(29)))).toBeNull();
    const some = trial(draw(30));
    some.publishes.delivered[3] = 0;
    expect(withinRunInterval(some)).toBeNull();
  });

  test('is the same each time', () => {
    const publishes = draw(50);
    expect(withinRunInterval(trial(publishes))).toEqual(withinRunInterval(trial(publishes)));
  });

  test('has a width where all publishes fell into one step of the table', () => {
    const { low, high } = withinRunInterval(trial(new Array<number>(60).fill(5000)))!;
    expect(high - low).toBeGreaterThan(10);
    expect(high - low).toBeLessThan(5000 * 0.032);
  });

  test('holds the true median of independent publishes in at least 98 of 100 runs', () => {
    let held = 0;
    for (let round = 0; round < 300; round++) {
      const { low, high } = withinRunInterval(trial(draw(100)))!;
      if (low <= 5000 && 5000 <= high) held++;
    }
    expect(held / 300).toBeGreaterThanOrEqual(0.98);
  });

  test('is wider where neighbours resemble each other', () => {
    // Each publish carries over half of what the one before was late: fewer independent samples in as many publishes.
    const alike: number[] = [];
    let state = 0;
    for (let at = 0; at < 400; at++) {
      state = 0.8 * state + 0.6 * normal(random);
      alike.push(5000 * Math.exp(0.3 * state));
    }
    const shuffled = [...alike].sort((a, b) => ((a * 7919) % 1) - ((b * 7919) % 1));
    const width = (list: number[]): number => {
      const { low, high } = withinRunInterval(trial(list))!;
      return high - low;
    };
    expect(width(alike)).toBeGreaterThan(1.3 * width(shuffled));
  });
});

describe('the interval of latency over trials', () => {
  const random = createRandom(6, 'trials');
  const run = (trials: number, between: number, within: number) =>
    Array.from({ length: trials }, () => {
      const level = 5000 * Math.exp(between * normal(random));
      return trial(Array.from({ length: 40 }, () => level * Math.exp(within * normal(random))));
    });

  test('is not given below five trials', () => {
    expect(latencyInterval(run(4, 0.1, 0.1))).toBeNull();
  });

  test('knows what differs inside trials that agree by chance', () => {
    const agreeing = run(5, 0, 0.8).map((each) => ({ ...each, latencyUs: { ...each.latencyUs, p50: 5000 } }));
    const over = medianInterval([5000, 5000, 5000, 5000, 5000])!;
    const both = latencyInterval(agreeing)!;
    expect(over.high - over.low).toBe(0);
    expect(both.high - both.low).toBeGreaterThan(200);
  });

  test.each([
    [5, 0.1, 0.3],
    [8, 0.1, 0.3],
    [12, 0.02, 0.5],
  ])(
    'holds the true median of %i trials in at least 97 of 100 runs',
    { timeout: 60_000 },
    (trials, between, within) => {
      let held = 0;
      for (let round = 0; round < 150; round++) {
        const { low, high } = latencyInterval(run(trials, between, within))!;
        if (low <= 5000 && 5000 <= high) held++;
      }
      expect(held / 150).toBeGreaterThanOrEqual(0.97);
    },
  );
});
