import { latencyInterval, withinRunInterval } from './publish-bootstrap.js';
import type { Measurements, MetricSummary, Summary, Trial } from './result.js';
import { summariseMetric } from './statistics.js';

/** The parts of `measurements` whose numbers are summarised. */
const SUMMARISED: readonly (keyof Measurements)[] = [
  'latencyUs',
  'generatorShareUs',
  'throughput',
  'requests',
  'wire',
  'cpu',
  'memory',
  'connect',
  'messages',
  'health',
  'link',
  'proxy',
  'handlers',
  'ports',
  'target',
];

/** Sums depend on the length of a trial, and the two ledgers repeat what perDelivery says: not metrics to compare. */
const LEFT_OUT = new Set(['wire.totals', 'wire.sockets', 'wire.verification']);

/** Numbers below `value`, by dotted path. Null, text and arrays are passed over: they have no median. */
function numbersOf(value: unknown, path: string, into: Map<string, number>): void {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) into.set(path, value);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && !LEFT_OUT.has(path)) {
    for (const [name, part] of Object.entries(value)) {
      // A summary is written as an object: this name would not become a key of it.
      if (name !== '__proto__') numbersOf(part, path === '' ? name : `${path}.${name}`, into);
    }
  }
}

/**
 * The numbers of one trial by dotted path, such as `latencyUs.p50` or `wire.perDelivery.down.framing`; units are in the
 * names. `wire.perDelivery.bothWays` is up and down together, which no field of the measurements holds.
 */
export function metricsOf(measurements: Measurements): Map<string, number> {
  const metrics = new Map<string, number>();
  for (const part of SUMMARISED) numbersOf(measurements[part], part, metrics);
  const perDelivery = measurements.wire.perDelivery;
  if (perDelivery) metrics.set('wire.perDelivery.bothWays', perDelivery.up.total + perDelivery.down.total);
  return metrics;
}

/**
 * Median, extremes and interval of every metric over some trials of one contestant, by dotted path. A metric that is null
 * in every trial is absent. The interval of the median latency also knows of the publishes inside each trial.
 */
export function summariseMeasurements(trials: readonly Measurements[]): Map<string, MetricSummary> {
  const values = new Map<string, number[]>();
  for (const measurements of trials) {
    for (const [path, value] of metricsOf(measurements)) {
      const list = values.get(path) ?? [];
      list.push(value);
      values.set(path, list);
    }
  }
  const metrics = new Map<string, MetricSummary>();
  for (const [path, list] of values) {
    const metric = summariseMetric(list);
    if (metric) metrics.set(path, metric);
  }
  const p50 = metrics.get('latencyUs.p50');
  if (p50) {
    Object.assign(p50, latencyInterval(trials));
    const within = trials.length === 1 ? withinRunInterval(trials[0]!) : null;
    if (within) p50.withinRun = within;
  }
  return metrics;
}

/**
 * Summarises completed trials by scenario, workload and number of clients, in the order these first appear. Void,
 * failed and skipped trials are left out; a contestant without a completed trial has no row. A metric that is null in
 * every trial is absent.
 */
export function summarise(trials: readonly Trial[]): Summary[] {
  const groups = new Map<string, { first: Trial; trials: Measurements[] }>();
  for (const trial of trials) {
    if (trial.status !== 'completed') continue;
    const key = JSON.stringify([trial.scenario, trial.workload, trial.clients]);
    const group = groups.get(key) ?? { first: trial, trials: [] };
    groups.set(key, group);
    group.trials.push(trial.measurements);
  }
  return [...groups.values()].map(({ first, trials: completed }) => ({
    scenario: first.scenario,
    workload: first.workload,
    clients: first.clients,
    trials: completed.length,
    metrics: Object.fromEntries(summariseMeasurements(completed)),
  }));
}
