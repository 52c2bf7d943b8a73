import { isResolved } from '../memory-resolution.js';
import type { MetricSummary } from '../result.js';
import { summariseMeasurements } from '../summarise.js';
import { formatCount } from '../units.js';
import type { ContestantView, GroupView, TrialView } from '../view.js';
import { windowRates } from '../window-rate.js';

/** A row of a bar or dot chart and of the table behind it. */
export interface Row {
  /** Place of the transport in the registry. */
  readonly transport: number;
  readonly title: string;
  readonly clients: number;
  /** Void and failed trials have rows of their own, named: 'round 2 void', 'round 3 cut short'. Null for the completed ones. */
  readonly mark: string | null;
  readonly status: 'completed' | 'void' | 'failed';
  /** Trials that the row rests on. */
  readonly trials: number;
  /** Deliveries of these trials together; null where none was counted. */
  readonly deliveries: number | null;
  /** Metrics by dotted path; empty for failed trials. */
  readonly metrics: ReadonlyMap<string, MetricSummary>;
  /** Why it is void or failed; null for completed trials. */
  readonly reason: string | null;
}

function roundsOf(trials: readonly TrialView[], word: string): string {
  const rounds = trials.map(({ trial }) => formatCount(trial));
  if (rounds.length === 1) return `round ${rounds[0]} ${word}`;
  return rounds.length > 3
    ? `${formatCount(rounds.length)} rounds ${word}`
    : `rounds ${rounds.slice(0, -1).join(', ')} and ${rounds.at(-1)} ${word}`;
}

function summarised(trials: readonly TrialView[], windowSeconds: number): Map<string, MetricSummary> {
  const measured = trials.flatMap(({ measurements }) => measurements ?? []);
  return new Map([
    ...summariseMeasurements(measured),
    ...Object.entries(windowRates(measured, windowSeconds)),
  ]);
}

function deliveriesOf(trials: readonly TrialView[]): number | null {
  const counts = trials.flatMap(({ measurements }) =>
    measurements ? [measurements.messages.delivered] : [],
  );
  return counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : null;
}

/** Up to three rows for one transport: its completed trials, its void ones, its failed ones. */
export function rowsOfContestant(contestant: ContestantView): Row[] {
  const { title, clients, colourIndex: transport, trials, completed, windowSeconds } = contestant;
  const having = (status: string): TrialView[] => trials.filter((trial) => trial.status === status);
  const rows: Row[] = [];
  if (completed > 0) {
    rows.push({
      transport,
      title,
      clients,
      mark: null,
      status: 'completed',
      trials: completed,
      deliveries: deliveriesOf(having('completed')),
      metrics: new Map(Object.entries(contestant.metrics)),
      reason: null,
    });
  }
  for (const status of ['void', 'failed'] as const) {
    const touched = having(status);
    if (touched.length === 0) continue;
    rows.push({
      transport,
      title,
      clients,
      mark: roundsOf(touched, touched.every(({ isCutShort }) => isCutShort) ? 'cut short' : status),
      status,
      trials: touched.length,
      deliveries: deliveriesOf(touched),
      metrics: summarised(touched, windowSeconds),
      reason: touched[0]!.reasons[0]?.message ?? null,
    });
  }
  return rows;
}

/** All rows of a group, in registry order, void after completed ones. */
export function rowsOf(group: GroupView): Row[] {
  return group.contestants.flatMap(rowsOfContestant);
}

/** Completed rows by value, then void ones by value, then failed ones. Rows without the value go to the end of theirs. */
export function sortRows(
  rows: readonly Row[],
  valueAt: (row: Row) => number | null,
  descending = false,
): Row[] {
  const rank = { completed: 0, void: 1, failed: 2 };
  const key = (row: Row): number => {
    const value = valueAt(row);
    if (value === null) return Number.POSITIVE_INFINITY;
    return descending ? -value : value;
  };
  return [...rows].sort((a, b) => {
    if (rank[a.status] !== rank[b.status]) return rank[a.status] - rank[b.status];
    const [first, second] = [key(a), key(b)];
    return first === second ? 0 : first - second;
  });
}

/** The median of a metric of a row; null where it was not measured. */
export function valueAt(row: Row, path: string): number | null {
  return row.metrics.get(path)?.median ?? null;
}

/** Whether a row's value is more than the noise of what it was read from; true where there is no value. */
export function isResolvedAt(row: Row, path: string): boolean {
  const metric = row.metrics.get(path);
  return !metric || isResolved(path, metric, row.clients);
}

/** The interval of a metric: 99 % where there are enough trials, else the extremes, null for a single trial. */
export function intervalOf(row: Row, path: string): readonly [number, number] | null {
  const metric = row.metrics.get(path);
  if (!metric || row.trials < 2) return null;
  return metric.low !== null && metric.high !== null ? [metric.low, metric.high] : [metric.min, metric.max];
}

/** What an interval is, in words: '99 % interval of 5 trials', 'all of 3 trials', 'one trial'. */
export function basisOf(row: Row, path: string): string {
  if (row.trials < 2) return 'one trial';
  const metric = row.metrics.get(path);
  const trials = `${formatCount(row.trials)} trials`;
  return metric && metric.low !== null ? `99 % interval of ${trials}` : `range of ${trials}`;
}

/** The label of a row, in lines. */
export function labelOf(row: Row): string[] {
  return row.mark === null ? [row.title] : [row.title, row.mark];
}

/** Number of samples behind a row's values, in words. */
export function samplesOf(row: Row): string {
  return row.deliveries === null ? '' : `${formatCount(row.deliveries)} deliveries`;
}
