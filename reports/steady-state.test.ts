import { describe, expect, test } from 'vitest';
import { createRandom } from '../protocol/random.js';
import type { TimelineRow } from './result.js';
import { steadyStateOf } from './steady-state.js';
import { normal } from './testing/draws.js';

function rows(count: number, p50Us: (second: number) => number | null, delivered = (_: number) => 1000) {
  return Array.from(
    { length: count },
    (_, second): TimelineRow => ({
      second,
      delivered: delivered(second),
      p50Us: p50Us(second),
      p99Us: null,
      serverRssBytes: null,
      serverCpuPercent: null,
      generatorCpuPercent: null,
    }),
  );
}

describe('a window', () => {
  test('is steady when its latency only wavers', () => {
    const random = createRandom(1, 'steady');
    expect(
      steadyStateOf(
        rows(20, () => 5000 * (1 + 0.05 * normal(random))),
        20,
        10,
      ),
    ).toMatchObject({
      verdict: 'steady',
      slices: 10,
      of: null,
    });
  });

  test('has a trend when latency keeps rising, as past capacity', () => {
    const found = steadyStateOf(
      rows(20, (second) => 5000 + 2000 * second),
      20,
      10,
    );
    expect(found).toMatchObject({ verdict: 'trend', of: 'latency' });
    expect(found.drift).toBeGreaterThan(0.5);
  });

  test('has a trend when fewer and fewer deliveries come', () => {
    expect(
      steadyStateOf(
        rows(
          12,
          () => 5000,
          (second) => 1000 - 50 * second,
        ),
        12,
        10,
      ),
    ).toMatchObject({ verdict: 'trend', of: 'deliveries' });
  });

  test('is steady once a slow start is over: only its last half is judged', () => {
    const random = createRandom(2, 'start');
    const slowStart = (second: number): number =>
      second < 8 ? 90_000 - 10_000 * second : 5000 * (1 + 0.03 * normal(random));
    expect(steadyStateOf(rows(20, slowStart), 20, 10).verdict).toBe('steady');
  });

  test('is steady when a trend that is sure is too small to matter', () => {
    expect(
      steadyStateOf(
        rows(40, (second) => 5000 + 5 * second),
        40,
        10,
      ),
    ).toMatchObject({ verdict: 'steady' });
  });

  test('is not judged by fewer than six slices, nor with less than a publish a slice', () => {
    expect(
      steadyStateOf(
        rows(5, (second) => 5000 * (1 + second)),
        5,
        10,
      ).verdict,
    ).toBe('not judged');
    expect(
      steadyStateOf(
        rows(60, (second) => 5000 * (1 + second)),
        60,
        0.5,
      ).verdict,
    ).toBe('not judged');
    expect(steadyStateOf([], 10, 10).verdict).toBe('not judged');
  });

  test('is not judged by the drain that follows it', () => {
    const drained = rows(
      14,
      () => 5000,
      (second) => (second < 10 ? 1000 : 10),
    );
    expect(steadyStateOf(drained, 10, 10).verdict).toBe('steady');
    expect(steadyStateOf(drained, 14, 10).verdict).not.toBe('not judged');
  });

  test('of pure noise is called a trend in at most 2 of 100 runs', () => {
    const random = createRandom(3, 'noise');
    let trends = 0;
    for (let run = 0; run < 1000; run++) {
      const noise = rows(
        20,
        () => 5000 * Math.exp(0.5 * normal(random)),
        () => 900 + Math.floor(200 * random()),
      );
      if (steadyStateOf(noise, 20, 10).verdict === 'trend') trends++;
    }
    expect(trends).toBeLessThanOrEqual(20);
  });
});
