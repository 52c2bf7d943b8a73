import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchEnvironment } from '../trials/contract.js';

/** The metrics that are recorded: those of the near and the noisy tier, and what might become one. */
export const RECORDED_METRICS: readonly string[] = [
  'latencyUs.p50',
  'latencyUs.p90',
  'latencyUs.p99',
  'cpu.serverMicrosPerDelivery',
  'memory.server.bytesPerClient',
  'memory.server.heap.bytesPerClient',
];

/** One round: three trials of the same server in the order of time, each a value a metric. */
export type NoiseRound = readonly (readonly number[])[];

/** Real trials of identical servers, in rounds as a comparison has them. */
export interface NoiseRecord {
  readonly recordedAt: string;
  /** What records it again. */
  readonly command: string;
  readonly environment: BenchEnvironment;
  readonly clients: number;
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  readonly warmupSeconds: number;
  /** Of one trial with all its phases, the median. */
  readonly secondsPerTrial: number;
  /** Median CPU used by processes outside our tree, percent of the machine. */
  readonly foreignCpuPercent: number | null;
  readonly metrics: readonly string[];
  /** By scenario, in the order of time. */
  readonly rounds: Readonly<Record<string, readonly NoiseRound[]>>;
}

/** A file of bench/gate in the sources, from there or from the build. */
export function recordFile(name: string): string {
  const up = import.meta.url.includes('/dist/bench/gate/') ? '../../../bench/gate/' : './';
  return fileURLToPath(new URL(up + name, import.meta.url));
}

export const NOISE_FILE = recordFile('noise.json');

/** @throws Error when there is no record yet */
export function readNoise(path: string = NOISE_FILE): NoiseRecord {
  return JSON.parse(readFileSync(path, 'utf8')) as NoiseRecord;
}

/** The record as it stands in the file: a line a round, so that it can be read and compared. */
export function noiseText({ rounds, ...head }: NoiseRecord): string {
  const fields = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  const lists = Object.entries(rounds).map(
    ([scenario, list]) =>
      `    ${JSON.stringify(scenario)}: [\n${list.map((round) => `      ${JSON.stringify(round)}`).join(',\n')}\n    ]`,
  );
  return `{\n${[...fields, `  "rounds": {\n${lists.join(',\n')}\n  }`].join(',\n')}\n}\n`;
}
