import { describe, expect, test } from 'vitest';
import { createRandom } from '../protocol/random.js';
import { memorySlopes, slopeInterval } from './slopes.js';
import { normal } from './testing/draws.js';
import { sampleResult } from './testing/sample-result.js';

const SWEEP = [500, 1000, 2000, 4000, 8000];

function sweep(clients: readonly number[], trials = 2) {
  const { trials: all } = sampleResult({ scenarios: ['sse', 'websocket'], clients, trials });
  for (const trial of all) {
    if (trial.status !== 'completed') continue;
    trial.measurements.memory.server.heap = {
      baselineBytes: 5e6,
      connectedBytes: 5e6 + 4000 * trial.clients,
      bytesPerClient: 4000,
    };
    trial.measurements.memory.server.kernel =
      trial.scenario === 'sse'
        ? null
        : {
            source: 'slabinfo',
            baselineBytes: 0,
            connectedBytes: 3712 * trial.clients,
            bytesPerClient: 3712,
          };
  }
  return all;
}

describe('memory slopes', () => {
  test('are drawn for JavaScript, process and kernel of each transport, where each could be read', () => {
    const slopes = memorySlopes(sweep(SWEEP));
    expect(slopes.map(({ scenario, metric, points, counts }) => [scenario, metric, points, counts])).toEqual([
      ['sse', 'heap', 10, 5],
      ['sse', 'process', 10, 5],
      ['websocket', 'heap', 10, 5],
      ['websocket', 'process', 10, 5],
      ['websocket', 'kernel', 10, 5],
    ]);
    const [heap, resident] = slopes;
    expect(heap!.bytesPerClient).toBeCloseTo(4000, 6);
    expect(resident!.low).toBeLessThan(resident!.bytesPerClient);
    expect(resident!.high).toBeGreaterThan(resident!.bytesPerClient);
    expect(resident!.bytesPerClient).toBeGreaterThan(10_000);
    expect(resident!.bytesPerClient).toBeLessThan(12_000);
  });

  test('need three client counts', () => {
    expect(memorySlopes(sweep([500, 1000]))).toEqual([]);
    expect(memorySlopes(sweep([500]))).toEqual([]);
    expect(memorySlopes([])).toEqual([]);
  });

  test('have no interval below five trials', () => {
    const [slope] = memorySlopes(sweep([500, 1000, 2000], 1));
    expect(slope).toMatchObject({ low: null, high: null, points: 3 });
  });

  test('do not rest on void trials', () => {
    const { trials } = sampleResult({
      scenarios: ['sse'],
      clients: [500, 1000, 2000],
      trials: 2,
      void: ['sse/2'],
    });
    expect(memorySlopes(trials)[0]).toMatchObject({ points: 3 });
  });

  test('hold the true slope in at least 98 of 100 sweeps of five counts, one trial each', () => {
    const random = createRandom(9, 'sweeps');
    let held = 0;
    for (let round = 0; round < 300; round++) {
      const points = SWEEP.map((clients) => [clients, 11_000 * clients + 1.5e6 * normal(random)] as const);
      const { low, high } = slopeInterval(points)!;
      if (low <= 11_000 && 11_000 <= high) held++;
    }
    expect(held / 300).toBeGreaterThanOrEqual(0.98);
  });

  test('hold it as often in sweeps of three trials a count', () => {
    const random = createRandom(10, 'sweeps');
    let held = 0;
    for (let round = 0; round < 100; round++) {
      const points = SWEEP.flatMap((clients) =>
        [1, 2, 3].map(() => [clients, 11_000 * clients + 1.5e6 * normal(random)] as const),
      );
      const { low, high } = slopeInterval(points)!;
      if (low <= 11_000 && 11_000 <= high) held++;
    }
    expect(held).toBeGreaterThanOrEqual(97);
  });
});
