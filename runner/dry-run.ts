import { messageCount } from '../protocol/schedule.js';
import { plainText } from '../reports/plain-text.js';
import type { Environment } from '../reports/result.js';
import { gigabytes, type Needs, needsOf } from './capacity-check.js';
import { connectionsEach } from './connections.js';
import { contenderOf, scenarioOf } from './contenders.js';
import { spanText, trialSeconds } from './estimate.js';
import { linkSettings } from './link/link-plan.js';
import { readable } from './options/readable.js';
import { contestantOrder } from './order.js';
import type { Contestant, Delivery, Plan } from './plan.js';
import { configSummary, workerDescriptors } from './proxy/nginx-config.js';
import { autoSentence } from './replication.js';
import { peopleAtOnce } from './side-crowd/crowd-of.js';
import { targetsOf } from './target/plan-targets.js';
import { redactedContenders, shownCommand } from './target/redact.js';
import { neededSeconds } from './time-needed.js';
import { schedules } from './trial-parts.js';
import { workloadById } from './workloads/registry.js';

/** What a run would do, without doing it. */
export interface DryRun {
  /** What looks secret in it is redacted. */
  readonly plan: Plan;
  /** The arguments that run it. */
  readonly command: readonly string[];
  readonly out: string;
  /** What each client count needs, in the order of the plan. */
  readonly needs: readonly Needs[];
  readonly order: readonly Contestant[];
  readonly estimatedSeconds: number;
  readonly environment: Environment;
  readonly notes: readonly string[];
}

/** Works out a dry run; nothing is started or written. */
export function dryRun(
  plan: Plan,
  delivery: Pick<Delivery, 'command' | 'out' | 'calibrate'>,
  environment: Environment,
  notes: readonly string[],
): DryRun {
  return {
    plan: plan.contenders ? { ...plan, contenders: redactedContenders(plan.contenders) } : plan,
    command: delivery.command,
    out: delivery.out,
    needs: plan.clients.map((clients) =>
      needsOf(peopleAtOnce(plan, clients), environment, linkSettings(plan) !== null, connectionsEach(plan)),
    ),
    order: contestantOrder(plan),
    estimatedSeconds: Math.round(neededSeconds(plan, delivery.calibrate) * 10) / 10,
    environment,
    notes,
  };
}

const VERIFY_ROWS: readonly [string, string][] = [
  ['verify wire', 'bytes are compared with ss, dumpcap and tshark; no times are reported'],
];

/** A dry run for people, with a final line feed. */
export function dryRunText(dry: DryRun): string {
  const { plan, environment } = dry;
  const rows: [string, string][] = [
    plan.arms
      ? ['arms', plan.scenarios.map((id) => contenderOf(plan, id)!.title).join('; ')]
      : ['scenarios', plan.scenarios.join(', ')],
    [
      'workload',
      `${plan.workload}: ${messagesText(plan)}, ${readable(plan.payloadBytes)} bytes ${plan.content && plan.content !== 'text' ? `of ${plan.content} content ` : ''}each`,
    ],
    ...workloadRows(plan),
    ['clients', plan.clients.map(readable).join('; ')],
    ['window', `${plan.durationSeconds} s after ${plan.warmupSeconds} s of warm-up`],
    [
      'trials',
      `${plan.auto ? 'at most ' : ''}${plan.trials} of each${plan.aa || plan.arms ? ' arm' : ''}, ${dry.order.length} in all`,
    ],
  ];
  if (plan.scenarios.some((id) => scenarioOf(plan, id)?.waitsForInterval))
    rows.push(['poll interval', `${readable(plan.pollIntervalMs)} ms`]);
  rows.push(
    [
      'headers',
      plan.headers + (plan.cookieBytes ? ` and a cookie of ${readable(plan.cookieBytes)} bytes` : ''),
    ],
    ...(plan.verifyWire ? VERIFY_ROWS : []),
    ...conditionRows(plan),
    ...targetRows(plan),
    ...linkRows(plan),
    ['seed', String(plan.seed)],
    ['results', dry.out],
    ['pinned', environment.pinned ? 'yes' : `no: ${environment.unavailable.pinned ?? 'unknown'}`],
  );
  for (const name of plan.overridden) {
    rows.push(['limit', `${name} = ${plan.limits[name as keyof typeof plan.limits]} (overridden)`]);
  }
  for (const needs of dry.needs) {
    const [first, ...more] = needsLines(needs, environment);
    rows.push(
      [`${readable(needs.clients)} clients`, first!],
      ...more.map((line): [string, string] => ['', line]),
    );
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
  const first = dry.order
    .slice(0, 12)
    .map(
      (each) =>
        ((plan.arms && each.arm) || each.scenario) + (plan.clients.length > 1 ? `/${each.clients}` : ''),
    )
    .join(', ');
  const more = dry.order.length > 12 ? `, and ${dry.order.length - 12} more` : '';
  lines.push(`${'order'.padEnd(width)}  ${first}${more}`);
  const slowest = Math.max(...dry.order.slice(0, 1000).map((each) => trialSeconds(plan, each)));
  lines.push(
    `${'time needed'.padEnd(width)}  about ${spanText(dry.estimatedSeconds)} ` +
      `(a trial up to ${spanText(slowest)})`,
    ...(plan.auto ? [autoSentence(plan)!] : []),
    ...dry.notes.map((note) => `note: ${note}`),
    '',
    `Nothing was started. To run it: pushbench ${dry.command.join(' ')}`,
  );
  return `${lines.join('\n')}\n`;
}

function messagesText(plan: Plan): string {
  const { measure } = schedules(plan, 1);
  if (measure.single !== undefined) return 'one message';
  const { unit = 'message' } = workloadById(plan.workload);
  const count = messageCount(measure);
  return (
    `${readable(plan.ratePerSecond)} ${unit}s a second (${plan.arrivals}), ` +
    `${readable(count)} in the window`
  );
}

/** The workload's own options, given or not. */
function workloadRows({ workloadOptions = {} }: Plan): [string, string][] {
  const options = Object.entries(workloadOptions).map(([name, value]) => `--${name} ${readable(value)}`);
  return options.length === 0 ? [] : [['', `with ${options.join(', ')}`]];
}

/** What stands between a request and its answer. */
function conditionRows({ proxy, handlers, clients }: Plan): [string, string][] {
  const rows: [string, string][] = [];
  if (proxy !== undefined) {
    rows.push([
      'proxy',
      `${proxy} on the server's core: ${configSummary(proxy)}; ` +
        `${readable(workerDescriptors(Math.max(...clients)))} descriptors in its worker`,
    ]);
  }
  if (handlers !== undefined) {
    const { count, delayMs } = handlers;
    rows.push([
      'handlers',
      `${readable(count)} in a server process, each ${readable(delayMs)} ms busy with a request`,
    ]);
  }
  return rows;
}

/** What would be started, or aimed at, and how messages get in. */
function targetRows(plan: Plan): [string, string][] {
  return targetsOf(plan).map(({ target }) => {
    const { command, origin, publish, subscribe } = target;
    const at = `${origin.hostname}:${origin.port ?? 'a free port'}`;
    const server = command === null ? `runs at ${at}` : `starts ${shownCommand(command.argv)} at ${at}`;
    const way =
      publish.by === 'self'
        ? 'it publishes by itself'
        : `published by ${publish.by === 'http' ? `${publish.method} ${publish.path}` : `a message on ${publish.path}`}`;
    return [
      `target ${target.name}`,
      plainText(`${server}; ${subscribe.transport} at ${subscribe.path}; ${way}`),
    ];
  });
}

function linkRows(plan: Plan): [string, string][] {
  if (linkSettings(plan) === null) return [];
  const { rttMs, bandwidthBitsPerSecond } = plan;
  const delay =
    rttMs === 0 ? 'no delay' : `${readable(rttMs)} ms round trip, ${readable(rttMs / 2)} ms each way`;
  const shape =
    bandwidthBitsPerSecond === null
      ? 'bandwidth unlimited'
      : `${readable(bandwidthBitsPerSecond)} bit/s for each client and direction`;
  return [['link', `${delay}; ${shape}`]];
}

function needsLines(needs: Needs, environment: Environment): readonly string[] {
  const { servers, shards, links, clientsPerServer, clientsPerShard, clientsPerLink } = needs.processes;
  const limit = environment.openFilesLimit === null ? '' : ` of ${readable(environment.openFilesLimit)}`;
  const range = environment.ephemeralPorts;
  const ports = range === null ? '' : ` of ${readable(range.last - range.first + 1)}`;
  return [
    `${servers} server ${servers === 1 ? 'process' : 'processes'} (${readable(clientsPerServer)} clients each), ` +
      `${shards} generator ${shards === 1 ? 'shard' : 'shards'} (${readable(clientsPerShard)} each)`,
    ...(links === 0
      ? []
      : [
          `${links} link ${links === 1 ? 'process' : 'processes'} (${readable(clientsPerLink)} clients each)`,
        ]),
    `${readable(needs.descriptors)}${limit} descriptors in a process, ${readable(needs.ports)}${ports} ports to a server`,
    `about ${gigabytes(needs.memoryBytes)} of memory`,
  ];
}
