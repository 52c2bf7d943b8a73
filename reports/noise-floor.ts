import { ratioInterval } from './median-interval.js';
import type { MeasuredTrial, NoiseFloor, Trial } from './result.js';
import { metricsOf } from './summarise.js';

/** The metrics that contestants are compared by, and so need a floor. */
export const FLOOR_METRICS: readonly string[] = [
  'latencyUs.p50',
  'latencyUs.p99',
  'wire.perDelivery.bothWays',
  'wire.perDelivery.up.total',
  'wire.perDelivery.down.total',
  'requests.perDelivery',
  'cpu.serverMicrosPerDelivery',
  'cpu.generatorMicrosPerDelivery',
  'memory.server.bytesPerClient',
];

type Entry = NoiseFloor['entries'][number];

/** The arms of a comparison are no two of the same. */
function isOfAA(trial: Trial): trial is Trial & { arm: 'A' | "A'" } {
  return trial.arm === 'A' || trial.arm === "A'";
}

/** Completed trials of the two arms, side by side, where a round has both. */
function pairsOf(trials: readonly Trial[]): (readonly [MeasuredTrial, MeasuredTrial])[] {
  const rounds = new Map<number, { A?: MeasuredTrial; "A'"?: MeasuredTrial }>();
  for (const trial of trials) {
    if (trial.status !== 'completed' || !isOfAA(trial)) continue;
    rounds.set(trial.trial, { ...rounds.get(trial.trial), [trial.arm]: trial });
  }
  return [...rounds.values()].flatMap((round) =>
    round.A && round["A'"] ? [[round.A, round["A'"]] as const] : [],
  );
}

function entryOf(first: Trial, metric: string, pairs: readonly (readonly [number, number])[]): Entry | null {
  const found = ratioInterval(pairs);
  if (!found) return null;
  const ratios = pairs.filter(([a, b]) => a > 0 && b > 0).map(([a, b]) => a / b);
  const ends = found.low === null || found.high === null ? ratios : [found.low, found.high];
  const reach = Math.max(...ends.map((ratio) => Math.abs(Math.log(ratio))));
  return {
    scenario: first.scenario,
    workload: first.workload,
    clients: first.clients,
    metric,
    rounds: found.pairs,
    ratio: found.ratio,
    low: found.low,
    high: found.high,
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    floorPercent: 100 * (Math.exp(reach) - 1),
    differs: found.low !== null && found.high !== null && (found.low > 1 || found.high < 1),
  };
}

/**
 * How far this machine sets two identical contestants apart: for each contestant and metric the ratio A / A' of the
 * rounds of an A/A run, its 99 % interval, and the floor: the farther end of the interval, or, below five rounds, the
 * farthest single round. A difference smaller than that has not been shown. Null for trials without arms.
 */
export function noiseFloorOf(trials: readonly Trial[]): NoiseFloor | null {
  const contestants = new Map<string, Trial[]>();
  for (const trial of trials) {
    if (!isOfAA(trial)) continue;
    const key = JSON.stringify([trial.scenario, trial.workload, trial.clients]);
    contestants.set(key, [...(contestants.get(key) ?? []), trial]);
  }
  if (contestants.size === 0) return null;
  const entries = [...contestants.values()].flatMap((own) => {
    const pairs = pairsOf(own).map(
      ([a, b]) => [metricsOf(a.measurements), metricsOf(b.measurements)] as const,
    );
    return FLOOR_METRICS.flatMap((metric) => {
      const values = pairs.flatMap(([a, b]) => {
        const [first, second] = [a.get(metric), b.get(metric)];
        return first === undefined || second === undefined ? [] : [[first, second] as const];
      });
      return entryOf(own[0]!, metric, values) ?? [];
    });
  });
  return { from: null, entries };
}

/**
 * The floor of one contestant's metric, as a part: its own, or where it has none (another number of clients, another
 * transport) the largest that was seen of this metric. Null where the metric has no floor at all.
 */
export function floorFor(
  floor: NoiseFloor | null | undefined,
  metric: string,
  contestant: { readonly scenario: string; readonly workload: string; readonly clients: number },
): number | null {
  const entries = floor?.entries.filter((entry) => entry.metric === metric) ?? [];
  const own = entries.find(
    ({ scenario, workload, clients }) =>
      scenario === contestant.scenario && workload === contestant.workload && clients === contestant.clients,
  );
  if (own) return own.floorPercent / 100;
  return entries.length === 0 ? null : Math.max(...entries.map(({ floorPercent }) => floorPercent)) / 100;
}
