import { isOfHead } from '../head-trials.js';
import { lastingName } from '../lasting-name.js';
import { plainText } from '../plain-text.js';
import type { Environment, Result, Trial } from '../result.js';
import { median } from '../statistics.js';
import { metricsOf } from '../summarise.js';
import { formatBytes, formatCount, formatSeconds } from '../units.js';
import type { ContestantValues, RunFacts } from './contract.js';

/** Parts of a plan that must be alike. Seed, trials and the choice of scenarios and client counts need not be. */
const LOAD = [
  'workload',
  'workloadOptions',
  'ratePerSecond',
  'arrivals',
  'payloadBytes',
  'content',
  'durationSeconds',
  'warmupSeconds',
  'pollIntervalMs',
  'headers',
  'cookieBytes',
  'subprotocols',
  'proxy',
  'handlers',
  'rttMs',
  'bandwidthBitsPerSecond',
] as const;

/**
 * Parts of the environment that make another machine. Node and the kernel are not among them: whoever updates them wants
 * to see what it did.
 */
const MACHINE = ['cpuModel', 'cores', 'allowedCores', 'cpuQuotaCores', 'os', 'pinned'] as const;

/** Values that mean the same as an absent field. */
const ABSENT: ReadonlySet<unknown> = new Set([null, undefined, 0, 'text']);

function pick(record: Readonly<Record<string, unknown>>, names: readonly string[]): unknown[] {
  return names.map((name) => (ABSENT.has(record[name]) ? null : record[name]));
}

/** Without what every plan has by default. */
function loadOf(plan: Result['plan']): string {
  const rest = LOAD.slice(7).flatMap((name) => {
    const value: unknown = plan[name];
    if (ABSENT.has(value) || (name === 'headers' && value === 'minimal')) return [];
    if (name === 'pollIntervalMs' && value === 1000) return [];
    if (name === 'warmupSeconds' && value === 1) return [];
    return [`${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`];
  });
  const parts = [
    plan.workload,
    `${plan.ratePerSecond} messages a second`,
    `${formatCount(plan.payloadBytes)} bytes each`,
    formatSeconds(plan.durationSeconds),
    plan.arrivals === 'poisson' ? '' : plan.arrivals,
    plan.content === undefined || plan.content === 'text' ? '' : plan.content,
    ...rest,
  ];
  return plainText(parts.filter((part) => part !== '').join(', '), 400);
}

function machineOf({ cpuModel, cores, memoryBytes, os, pinned }: Environment): string {
  const parts = [
    cpuModel,
    `${formatCount(cores)} ${cores === 1 ? 'core' : 'cores'}`,
    formatBytes(memoryBytes),
    os,
    pinned ? 'pinned' : 'not pinned',
  ];
  return plainText(parts.join(', '), 400);
}

function contestantsOf(result: Result, metrics: readonly string[] | null): ContestantValues[] {
  const groups = new Map<string, { first: Trial; values: Map<string, number[]>; trials: number }>();
  for (const trial of result.trials) {
    if (trial.status !== 'completed' || !isOfHead(trial)) continue;
    const key = JSON.stringify([trial.scenario, trial.workload, trial.clients]);
    const group = groups.get(key) ?? { first: trial, values: new Map<string, number[]>(), trials: 0 };
    groups.set(key, group);
    group.trials++;
    const own = metricsOf(trial.measurements);
    for (const path of metrics ?? own.keys()) {
      const value = own.get(path);
      if (value === undefined) continue;
      const list = group.values.get(path) ?? [];
      group.values.set(path, list);
      list.push(value);
    }
  }
  return [...groups.values()].map(({ first, values, trials }) => {
    const at = result.scenarioInfo.findIndex(({ id }) => id === first.scenario);
    const { name, title } = lastingName(result, first.scenario);
    return {
      scenario: plainText(name, 100),
      title: plainText(title, 100),
      order: result.scenarioInfo[at]?.order ?? Math.max(0, at),
      workload: plainText(first.workload, 100),
      clients: first.clients,
      trials,
      values: new Map([...values].map(([path, list]) => [path, median(list)])),
    };
  });
}

/** ISO 8601 as the runner writes it: another form would be read in the reader's own time zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u;

/** Why a result is no point of a trend; null when it is. */
export function whyNot(result: Result): string | null {
  if (!INSTANT.test(result.startedAt) || Number.isNaN(Date.parse(result.startedAt))) {
    return `its startedAt, "${plainText(result.startedAt, 40)}", is no instant`;
  }
  if (result.interrupted || result.finishedAt === null) return 'the run was interrupted';
  if (result.plan.verifyWire) return 'it is a correctness run (--verify-wire)';
  if (!result.trials.some((trial) => trial.status === 'completed' && isOfHead(trial))) {
    return 'no trial of it was completed';
  }
  return null;
}

/**
 * What a trend needs of a result that `whyNot` has no objection to.
 * @param file its name for people
 * @param metrics dotted paths; null takes all
 */
export function runFacts(result: Result, file: string, metrics: readonly string[] | null): RunFacts {
  const { environment, plan, tool } = result;
  return {
    file: plainText(file, 300),
    startedAt: new Date(result.startedAt).toISOString(),
    version: plainText(tool.version, 60),
    node: plainText(environment.node, 60),
    kernel: plainText(environment.kernel, 60),
    likeness: JSON.stringify([pick(plan, LOAD), pick(environment, MACHINE)]),
    load: loadOf(plan),
    machine: machineOf(environment),
    contestants: contestantsOf(result, metrics),
  };
}
