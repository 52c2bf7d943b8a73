import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { FOREIGN_MARKER_BYTES } from '../protocol/marker.js';
import { MARKER_BYTES, MIN_UNICODE_BYTES } from '../protocol/payload.js';
import { messageCount } from '../protocol/schedule.js';
import { scenarioOf } from './contenders.js';
import { linkDoubts } from './link/link-doubts.js';
import type { OptionValues } from './options/option.js';
import { readable } from './options/readable.js';
import type { benchOptions } from './options/tables.js';
import { handlerDoubts } from './patience.js';
import { DEFAULT_LIMITS, type Delivery, type HealthLimits, type Plan } from './plan.js';
import { replicationArguments, replicationMistakes, withReplication } from './replication.js';
import { expandScenarios } from './scenario-sets.js';
import type { TargetSpec } from './target/contract.js';
import { targetContenders, targetsOf } from './target/plan-targets.js';
import { schedules } from './trial-parts.js';
import { workloadById } from './workloads/registry.js';
import { withWorkloadOptions, workloadArguments, workloadMistakes } from './workloads/workload-options.js';

export type BenchValues = OptionValues<typeof benchOptions>;

/** Messages a trial may schedule, warm-up and window together: instants are held in memory by every process. */
export const MAX_SCHEDULED = 20_000_000;

/** The article's few slow clerks. */
const DEFAULT_HANDLERS = 4;

/** The plan that checked options and defaults make. A missing seed is drawn here, from the system's randomness. */
export function resolvePlan(values: BenchValues, targets: readonly TargetSpec[] = []): Plan {
  const limits: Record<keyof HealthLimits, number> = { ...DEFAULT_LIMITS };
  const overridden: string[] = [];
  for (const [name, value] of values.limit ?? []) {
    limits[name] = value;
    if (value !== DEFAULT_LIMITS[name] && !overridden.includes(name)) overridden.push(name);
  }
  const plan: Plan = {
    scenarios: [
      ...expandScenarios(values.scenario ?? (targets.length > 0 ? [] : ['all'])),
      ...targets.map(({ name }) => name),
    ],
    ...(targets.length === 0 ? {} : { contenders: targetContenders(targets) }),
    workload: values.workload ?? 'broadcast',
    clients: values.clients ?? [1000],
    ratePerSecond: values.rate ?? 10,
    arrivals: values.arrivals ?? 'poisson',
    payloadBytes: values.payload ?? (targets.length === 0 ? MARKER_BYTES : FOREIGN_MARKER_BYTES),
    content: values.content ?? 'text',
    durationSeconds: values.duration ?? 10,
    warmupSeconds: values.warmup ?? 1,
    trials: 1,
    pollIntervalMs: values['poll-interval'] ?? 1000,
    headers: values.headers ?? 'minimal',
    ...(values.subprotocols === undefined ? {} : { subprotocols: values.subprotocols }),
    cookieBytes: values.cookie ?? 0,
    ...(values.proxy === undefined ? {} : { proxy: values.proxy }),
    ...(values['handler-delay'] === undefined
      ? {}
      : { handlers: { count: values.handlers ?? DEFAULT_HANDLERS, delayMs: values['handler-delay'] } }),
    rttMs: values.rtt ?? 0,
    bandwidthBitsPerSecond: values.bandwidth ?? null,
    seed: values.seed ?? randomInt(0, 2 ** 32),
    pin: values['no-pin'] !== true,
    limits,
    overridden,
    ...(values['verify-wire'] === true ? { verifyWire: true } : {}),
  };
  return withReplication(withWorkloadOptions(plan, values), values);
}

/** Mistakes that only show when options are taken together. */
export function planMistakes(values: BenchValues, plan: Plan): readonly string[] {
  const mistakes: string[] = [...replicationMistakes(plan)];
  const named = (values.limit ?? []).map(([name]) => name);
  for (const name of new Set(named.filter((each, at) => named.indexOf(each) !== at))) {
    mistakes.push(`--limit: ${name} was given more than one value.`);
  }
  if (values.handlers !== undefined && plan.handlers === undefined) {
    mistakes.push('--handlers needs --handler-delay: without one no request keeps a handler busy.');
  }
  mistakes.push(...handlerDoubts(plan).mistakes);
  const { payloadBytes } = plan;
  if (plan.content === 'unicode' && payloadBytes < MIN_UNICODE_BYTES) {
    mistakes.push(
      `--content unicode: a payload of ${payloadBytes} bytes has no room for a character of two, three and four bytes ` +
        `behind its number. Use --payload ${MIN_UNICODE_BYTES} or more.`,
    );
  }
  mistakes.push(...linkDoubts(plan).mistakes);
  mistakes.push(...workloadMistakes(plan, values, refusals(plan)));
  const { ratePerSecond, durationSeconds, warmupSeconds } = plan;
  const { warmup, measure } = schedules(plan, 1);
  const window = messageCount(measure);
  if (window < 1) {
    mistakes.push(
      `--rate ${ratePerSecond} for --duration ${durationSeconds} schedules no message: ${ratePerSecond} x ` +
        `${durationSeconds} rounds to 0. Use a duration of at least ${roundUp(0.5 / ratePerSecond)} s or a higher rate.`,
    );
  }
  // Sequence numbers start anew in each trial, so this bound keeps them far below their own of 2,147,483,647.
  const scheduled = window + messageCount(warmup);
  if (scheduled > MAX_SCHEDULED) {
    mistakes.push(
      `--rate ${ratePerSecond} for --duration ${durationSeconds} and --warmup ${warmupSeconds} schedules ` +
        `${readable(scheduled)} messages a trial; at most ${readable(MAX_SCHEDULED)} are allowed.`,
    );
  }
  return mistakes;
}

/** Why the plan's workload makes no sense with some of its scenarios, a sentence each. */
function refusals(plan: Plan): string[] {
  const { refuses } = workloadById(plan.workload);
  return plan.scenarios.map((id) => refuses(scenarioOf(plan, id)!)).filter((sentence) => sentence !== null);
}

/** The folder of a run that names none: `results/<local time>`, with a number behind it when that is taken. */
export function defaultOut(now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  const base = `results/${local.toISOString().slice(0, 19).replaceAll(':', '-')}`;
  let out = base;
  for (let at = 2; existsSync(out); at++) out = `${base}-${at}`;
  return out;
}

/**
 * The arguments that repeat a plan: every option that shapes it and differs from its default, and always the seed.
 * `--scenario` is always said, so that the command reads as a sentence.
 */
export function reproducingCommand(plan: Plan, strict: boolean): readonly string[] {
  const targets = targetsOf(plan).map(({ target }) => target.name);
  const scenarios = plan.scenarios.filter((id) => !targets.includes(id));
  return [
    ...(scenarios.length === 0 ? [] : ['--scenario', scenarios.join(',')]),
    ...(targets.length === 0 ? [] : ['--target', targets.join(',')]),
    ...loadArguments(plan),
    ...replicationArguments(plan),
    ...conditionArguments(plan),
    ...(plan.verifyWire ? ['--verify-wire'] : []),
    ...(strict ? ['--strict'] : []),
    '--seed',
    String(plan.seed),
  ];
}

/** What is published, to how many clients, for how long. */
export function loadArguments(plan: Plan): readonly string[] {
  const command: string[] = [];
  if (plan.workload !== 'broadcast') command.push('--workload', plan.workload, ...workloadArguments(plan));
  command.push('--clients', plan.clients.join(','));
  command.push('--rate', String(plan.ratePerSecond));
  if (plan.arrivals !== 'poisson') command.push('--arrivals', plan.arrivals);
  command.push('--payload', String(plan.payloadBytes));
  if (plan.content && plan.content !== 'text') command.push('--content', plan.content);
  command.push('--duration', String(plan.durationSeconds), '--warmup', String(plan.warmupSeconds));
  return command;
}

/** How clients ask, and what stands between them and the server. */
export function conditionArguments(plan: Plan): readonly string[] {
  const command: string[] = [];
  if (plan.scenarios.includes('polling') || plan.pollIntervalMs !== 1000) {
    command.push('--poll-interval', String(plan.pollIntervalMs));
  }
  if (plan.headers !== 'minimal') command.push('--headers', plan.headers);
  if (plan.subprotocols) command.push('--subprotocols', plan.subprotocols.join(','));
  if (plan.cookieBytes) command.push('--cookie', String(plan.cookieBytes));
  if (plan.proxy) command.push('--proxy', plan.proxy);
  if (plan.handlers) {
    command.push('--handler-delay', String(plan.handlers.delayMs), '--handlers', String(plan.handlers.count));
  }
  if (plan.rttMs !== 0) command.push('--rtt', String(plan.rttMs));
  if (plan.bandwidthBitsPerSecond !== null) command.push('--bandwidth', String(plan.bandwidthBitsPerSecond));
  for (const name of plan.overridden) {
    command.push('--limit', `${name}=${plan.limits[name as keyof HealthLimits]}`);
  }
  if (!plan.pin) command.push('--no-pin');
  return command;
}

/** How the results of a run leave the tool. */
export function resolveDelivery(values: BenchValues, plan: Plan, color: boolean, now: Date): Delivery {
  const strict = values.strict === true;
  return {
    out: values.out ?? defaultOut(now),
    json: values.json === true,
    quiet: values.quiet === true,
    color,
    strict,
    calibrate: values.calibrate ?? 'auto',
    command: [
      ...configArguments(values, plan),
      ...reproducingCommand(plan, strict),
      ...(values.calibrate === undefined || values.calibrate === 'auto'
        ? []
        : ['--calibrate', values.calibrate]),
      ...noiseFloorArguments(values),
    ],
  };
}

/** A run with targets needs the file that describes them. Its options are overridden by those of the command. */
function configArguments(values: BenchValues, plan: Plan): string[] {
  if (targetsOf(plan).length === 0 || values.config === undefined) return [];
  return ['--config', values.config, ...(values['allow-remote'] ? ['--allow-remote'] : [])];
}

function noiseFloorArguments(values: BenchValues): string[] {
  const path = values['noise-floor'];
  return path === undefined ? [] : ['--noise-floor', path];
}

function roundUp(seconds: number): number {
  return Math.ceil(seconds * 10) / 10;
}
