import type { NoiseFloor, Trial } from '../../reports/result.js';
import { isClearlyBelow, summariseMetric } from '../../reports/statistics.js';
import { metricsOf } from '../../reports/summarise.js';

/** The metrics that are counted, each on its own. */
export const METRICS = [
  'latencyUs.p50',
  'latencyUs.p99',
  'cpu.serverMicrosPerDelivery',
  'memory.server.bytesPerClient',
] as const;

/** Of a hundred simulated runs five may differ, of twenty real ones one. */
const ALLOWED = 0.05;

/** What one A/A run says of one metric. */
export interface Verdict {
  readonly metric: string;
  /** Median ratio of the arms over the rounds, and its 99 % interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** The interval does not hold 1. */
  readonly differs: boolean;
  /** The report would mark one arm as better, were the arms two transports. */
  readonly marked: boolean;
}

/** Verdicts of a run on the metrics that have an interval: none below five rounds. */
export function verdictsOf(trials: readonly Trial[], floor: NoiseFloor | null): Verdict[] {
  return METRICS.flatMap((metric) => {
    const entry = floor?.entries.find((each) => each.metric === metric);
    if (!entry || entry.low === null || entry.high === null) return [];
    const { ratio, low, high, differs } = entry;
    return { metric, ratio, low, high, differs, marked: wouldMark(trials, metric) };
  });
}

function wouldMark(trials: readonly Trial[], metric: string): boolean {
  const [a, b] = (['A', "A'"] as const).map((arm) => {
    const list = trials.flatMap((trial) =>
      trial.status === 'completed' && trial.arm === arm
        ? (metricsOf(trial.measurements).get(metric) ?? [])
        : [],
    );
    const summary = summariseMetric(list);
    return summary && { ...summary, trials: list.length };
  });
  return Boolean(a && b && (isClearlyBelow(a, b) || isClearlyBelow(b, a)));
}

/** For each metric a line: in how many of the runs that could be judged the arms differ, beside how many may. */
export function tallyLines(runs: readonly (readonly Verdict[])[]): string[] {
  const lines = METRICS.flatMap((metric) => {
    const found = runs.flatMap((run) => run.filter((verdict) => verdict.metric === metric));
    if (found.length === 0) return [];
    const differ = found.filter(({ differs }) => differs).length;
    const marked = found.filter((verdict) => verdict.marked).length;
    const goal = Math.floor(found.length * ALLOWED);
    return (
      `  ${metric.padEnd(30)} arms differ in ${String(differ).padStart(3)} of ${found.length} ` +
      `(goal ${goal}: ${differ <= goal ? 'met' : 'MISSED'}), a better one would be marked in ${marked}`
    );
  });
  return lines.length > 0 ? lines : ['  nothing could be judged: an interval needs five rounds'];
}
