import { createRandom } from '../protocol/random.js';
import { type Interval, LEAST_FOR_INTERVAL } from './median-interval.js';
import type { MemorySlope, Trial } from './result.js';
import { studentT } from './student.js';
import { pairSlopes, theilSen } from './trend.js';

/** Fewest different client counts that a slope is drawn through: two points would fit any line. */
export const LEAST_COUNTS = 3;

const CONFIDENCE = 0.99;
const RESAMPLES = 400;
/** Pairs looked at over all resamples; a long sweep with many trials has fewer resamples. */
const MOST_PAIRS = 4_000_000;

type Point = readonly [clients: number, bytes: number];

type ServerMemory = Extract<Trial, { status: 'completed' }>['measurements']['memory']['server'];

/** What of a server's memory each slope is drawn through: bytes added since before the first client. */
const METRICS: readonly (readonly [MemorySlope['metric'], (server: ServerMemory) => number | null])[] = [
  ['heap', ({ heap }) => difference(heap)],
  ['process', difference],
  ['kernel', ({ kernel }) => difference(kernel)],
];

function difference(
  read: { readonly baselineBytes: number | null; readonly connectedBytes: number | null } | null | undefined,
): number | null {
  return read?.baselineBytes == null || read.connectedBytes === null
    ? null
    : read.connectedBytes - read.baselineBytes;
}

/** Standard error of the Theil-Sen slope: its spread over resampled points (Efron 1979). Deterministic. */
function slopeError(points: readonly Point[]): number {
  const random = createRandom(points.length, 'bootstrap/slope');
  const pairs = (points.length * (points.length - 1)) / 2;
  const rounds = Math.max(100, Math.min(RESAMPLES, Math.floor(MOST_PAIRS / pairs)));
  const slopes: number[] = [];
  while (slopes.length < rounds) {
    const drawn = points.map(() => points[Math.floor(random() * points.length)]!);
    const slope = theilSen(drawn);
    // A resample of one client count alone has no slope.
    if (slope !== null) slopes.push(slope);
  }
  const mean = slopes.reduce((sum, slope) => sum + slope / slopes.length, 0);
  return Math.sqrt(slopes.reduce((sum, slope) => sum + (slope - mean) ** 2 / (slopes.length - 1), 0));
}

/**
 * A 99 % interval of the Theil-Sen slope: the bootstrap's standard error, enlarged for what resampling few points loses,
 * times Student's t with two degrees of freedom less than points (Hesterberg 2015). Null below five points.
 */
export function slopeInterval(points: readonly Point[]): Interval | null {
  const slope = theilSen(points);
  if (slope === null || points.length < LEAST_FOR_INTERVAL) return null;
  const freedom = points.length - 2;
  const reach = studentT(CONFIDENCE, freedom) * slopeError(points) * Math.sqrt(points.length / freedom);
  return { low: slope - reach, high: slope + reach };
}

/**
 * Server memory a client as a slope over a sweep: Theil-Sen through one point for each completed trial, so that what a
 * server takes without clients is no part of it. Three for each contestant with at least three client counts: JavaScript,
 * the whole process, the kernel. A metric that could not be read has none.
 */
export function memorySlopes(trials: readonly Trial[]): MemorySlope[] {
  const contestants = new Map<string, { scenario: string; workload: string; trials: Trial[] }>();
  for (const trial of trials) {
    const { scenario, workload } = trial;
    const key = JSON.stringify([scenario, workload]);
    const entry = contestants.get(key) ?? { scenario, workload, trials: [] };
    contestants.set(key, entry);
    entry.trials.push(trial);
  }
  return [...contestants.values()].flatMap(({ scenario, workload, trials: own }) =>
    METRICS.flatMap(([metric, read]) => {
      const points = own.flatMap((trial): Point[] => {
        if (trial.status !== 'completed') return [];
        const bytes = read(trial.measurements.memory.server);
        return bytes === null ? [] : [[trial.measurements.clients.connected, bytes]];
      });
      const counts = new Set(points.map(([clients]) => clients)).size;
      if (counts < LEAST_COUNTS || pairSlopes(points).length === 0) return [];
      const interval = slopeInterval(points);
      return [
        {
          scenario,
          workload,
          metric,
          bytesPerClient: theilSen(points)!,
          low: interval?.low ?? null,
          high: interval?.high ?? null,
          points: points.length,
          counts,
        },
      ];
    }),
  );
}
