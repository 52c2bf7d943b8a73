import { median } from '../statistics.js';
import { CHANGE_OPTIONS, changePoints } from './change-points.js';
import {
  type Change,
  type Level,
  type RunFacts,
  type RunLabels,
  type Series,
  TREND_SCHEMA,
  type TrendDocument,
  type TrendGroup,
} from './contract.js';

/** What is followed unless `--metric` names others. */
export const TREND_METRICS = [
  'latencyUs.p50',
  'latencyUs.p99',
  'wire.perDelivery.up.total',
  'wire.perDelivery.down.total',
  'cpu.serverMicrosPerDelivery',
  'memory.server.bytesPerClient',
  'messages.lost',
] as const;

/** More series than this make no page that anybody reads, and each is a test. */
export const MOST_SERIES = 500;

const BESIDE = [
  ['pushbench', 'version'],
  ['Node', 'node'],
  ['the kernel', 'kernel'],
] as const satisfies readonly (readonly [string, keyof RunLabels])[];

function besideOf(before: RunLabels, after: RunLabels): string[] {
  return BESIDE.filter(([, name]) => before[name] !== after[name]).map(
    ([what, name]) => `${what} went from ${before[name]} to ${after[name]}`,
  );
}

type Points = Series['points'];

function levelsOf(points: Points, places: readonly number[]): Level[] {
  const starts = [0, ...places];
  return starts.map((first, at) => {
    const last = (starts[at + 1] ?? points.length) - 1;
    return { first, last, median: median(points.slice(first, last + 1).map(({ value }) => value)) };
  });
}

function seriesOf(head: Omit<Series, 'levels' | 'changes'>, runs: readonly RunLabels[]): Series {
  const { points } = head;
  const found = changePoints(points.map(({ value }) => value));
  const levels = levelsOf(
    points,
    found.map(({ at }) => at),
  );
  const changes: Change[] = found.map(({ at, p }, index) => {
    const before = levels[index]!.median;
    const after = levels[index + 1]!.median;
    const run = points[at]!.run;
    return {
      point: at,
      run,
      before,
      after,
      percent: before === 0 ? null : (after / before - 1) * 100,
      p,
      beside: besideOf(runs[points[at - 1]!.run]!, runs[run]!),
    };
  });
  return { ...head, levels, changes };
}

function groupOf(runs: readonly RunFacts[], metrics: readonly string[], room: number) {
  const contestants = new Map<string, RunFacts['contestants'][number]>();
  for (const { contestants: own } of runs) {
    for (const each of own) {
      contestants.set(JSON.stringify([each.scenario, each.workload, each.clients]), each);
    }
  }
  const sorted = [...contestants].sort(([, a], [, b]) => a.order - b.order || a.clients - b.clients);
  // Which contestant a point is of, found once a run and not once a metric.
  const values = runs.map(
    ({ contestants: own }) =>
      new Map(own.map((each) => [JSON.stringify([each.scenario, each.workload, each.clients]), each.values])),
  );
  const labels = runs.map(({ file, startedAt, version, node, kernel }) => ({
    file,
    startedAt,
    version,
    node,
    kernel,
  }));
  const heads = metrics.flatMap((metric) =>
    sorted.flatMap(([key, { scenario, title, order, workload, clients }]) => {
      const points = runs.flatMap((_run, run) => {
        const value = values[run]!.get(key)?.get(metric);
        return value === undefined ? [] : [{ run, value }];
      });
      return points.length === 0 ? [] : [{ scenario, title, order, workload, clients, metric, points }];
    }),
  );
  const { load, machine } = runs[0]!;
  const group: TrendGroup = {
    load,
    machine,
    runs: labels,
    series: heads.slice(0, room).map((head) => seriesOf(head, labels)),
  };
  return { group, leftOut: Math.max(0, heads.length - room) };
}

/**
 * Puts runs in the order of time, like with like, and marks where a level changed.
 * @param skipped a sentence for each file that was not used
 */
export function trendDocument(
  facts: readonly RunFacts[],
  skipped: readonly string[],
  metrics: readonly string[] = TREND_METRICS,
): TrendDocument {
  const byLikeness = new Map<string, RunFacts[]>();
  for (const run of facts) {
    const group = byLikeness.get(run.likeness) ?? [];
    byLikeness.set(run.likeness, group);
    group.push(run);
  }
  const sorted = [...byLikeness.values()].sort((a, b) => b.length - a.length);
  const groups: TrendGroup[] = [];
  let room = MOST_SERIES;
  let seriesLeftOut = 0;
  for (const runs of sorted) {
    runs.sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.file < b.file ? -1 : 1));
    const { group, leftOut } = groupOf(runs, metrics, room);
    groups.push(group);
    room -= group.series.length;
    seriesLeftOut += leftOut;
  }
  return {
    schema: TREND_SCHEMA,
    results: facts.length,
    skipped,
    metrics,
    method: {
      name: 'binary segmentation by ranks, each split by a permutation test',
      ...CHANGE_OPTIONS,
    },
    groups,
    seriesLeftOut,
  };
}
