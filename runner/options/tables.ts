import { CONTENTS, MARKER_BYTES, MAX_PAYLOAD_BYTES } from '../../protocol/payload.js';
import { MAX_COOKIE_BYTES } from '../../scenarios/wire/cookie.js';
import { CALIBRATE, DEFAULT_LIMITS, type HealthLimits, PROXIES } from '../plan.js';
import { scenarioIds } from '../scenario-sets.js';
import { WORKLOAD_IDS } from '../workloads/names.js';
import { bitRate } from './bit-rate.js';
import { gateOutputOptions } from './gate-output-table.js';
import type { OptionTable } from './option.js';
import { roundTrip } from './round-trip.js';
import { trialCount } from './trial-count.js';
import { assignment, choice, decimal, text, token, whole } from './value.js';

/** Ranges of the health limits that `--limit` accepts. */
const LIMIT_RANGES: Readonly<Record<keyof HealthLimits, readonly [number, number]>> = {
  generatorShareMs: [0, 3_600_000],
  generatorSharePart: [0, 1],
  generatorUtilization: [0, 1],
  publisherLagMs: [0, 3_600_000],
  publisherLagPart: [0, 1],
  linkErrorMs: [0, 3_600_000],
  linkErrorPart: [0, 1],
  stealPercent: [0, 100],
  foreignCpuPercent: [0, 100],
  ceilingShare: [0, 100],
};

/** Clients of many names must still send a head that servers read. */
const MAX_SUBPROTOCOL_CHARACTERS = 64;

const rate = {
  kind: 'scalar',
  placeholder: 'n',
  describe: 'messages published a second, 0.001 to 100,000',
  fallback: '10',
  value: decimal(0.001, 100_000),
} as const;

const arrivals = {
  kind: 'scalar',
  placeholder: 'kind',
  describe: 'how messages are spread in time: poisson or constant',
  fallback: 'poisson',
  value: choice('a kind of arrivals', ['poisson', 'constant']),
} as const;

const payload = {
  kind: 'scalar',
  placeholder: 'bytes',
  describe: 'useful bytes in a message, 10 to 16,777,216 (16 MiB)',
  fallback: '10',
  value: whole(MARKER_BYTES, MAX_PAYLOAD_BYTES),
} as const;

const content = {
  kind: 'scalar',
  placeholder: 'kind',
  describe:
    'what messages hold: text (ASCII), unicode (UTF-8 of up to 4 bytes a character) or binary (base64 where a transport has only text)',
  fallback: 'text',
  value: choice('a kind of content', CONTENTS),
} as const;

const seed = {
  kind: 'scalar',
  placeholder: 'n',
  describe: 'everything random follows from it',
  fallback: 'random, recorded in the result',
  value: whole(0, Number.MAX_SAFE_INTEGER),
} as const;

const json = { kind: 'flag', describe: 'machine-readable JSON on stdout, nothing else' } as const;
const quiet = { kind: 'flag', describe: 'no progress on stderr' } as const;
const noColor = { kind: 'flag', describe: 'no colour (NO_COLOR is honoured too)' } as const;

/** Options of the run, which is the default command. */
export const benchOptions = {
  scenario: {
    kind: 'list',
    placeholder: 'id,...',
    describe: `${scenarioIds.join(', ')}; all is the five of the article, every the whole registry`,
    fallback: 'all',
    value: choice('a scenario', ['all', 'every', ...scenarioIds]),
  },
  target: {
    kind: 'list',
    placeholder: 'name,...',
    describe:
      'servers of your own, by their names among the targets of --config, in place of scenarios or beside them',
    fallback: "all of the file's targets, unless --scenario is given",
    value: text('a target'),
  },
  workload: {
    kind: 'scalar',
    placeholder: 'id',
    describe: `what happens: ${WORKLOAD_IDS.join(', ')}; "pushbench list" explains each`,
    fallback: 'broadcast',
    value: choice('a workload', WORKLOAD_IDS),
  },
  topics: {
    kind: 'scalar',
    placeholder: 'n',
    describe: 'unicast: clients are spread over this many topics, each message goes to one, 1 to 1,000,000',
    fallback: 'one a client',
    value: whole(1, 1_000_000),
  },
  burst: {
    kind: 'scalar',
    placeholder: 'n',
    describe: 'burst: messages that are published at one instant, 2 to 100,000',
    fallback: '10',
    value: whole(2, 100_000),
  },
  churn: {
    kind: 'scalar',
    placeholder: 'n',
    describe: 'churn: visitors that come and go a second, beside the clients that stay, 0.1 to 10,000',
    fallback: 'a tenth of the clients',
    value: decimal(0.1, 10_000),
  },
  slow: {
    kind: 'scalar',
    placeholder: 'percent',
    describe: 'slow-readers: clients that read slowly, in percent of all, 0.1 to 90',
    fallback: '10',
    value: decimal(0.1, 90),
  },
  admit: {
    kind: 'scalar',
    placeholder: 'n',
    describe: 'overload: connections that the server admits; it answers all others with 503',
    fallback: 'half of the clients',
    value: whole(1, 1_000_000),
  },
  down: {
    kind: 'scalar',
    placeholder: 'ms',
    describe: 'restart: how long the server stays away after it was killed, 0 to 60,000',
    fallback: '500',
    value: whole(0, 60_000),
  },
  clients: {
    kind: 'list',
    placeholder: 'n,...',
    describe: 'virtual clients, 1 to 1,000,000; several make a sweep',
    fallback: '1000',
    value: whole(1, 1_000_000),
  },
  rate,
  arrivals,
  payload,
  content,
  duration: {
    kind: 'scalar',
    placeholder: 's',
    describe: 'seconds of the measure window, 0.1 to 86,400',
    fallback: '10',
    value: decimal(0.1, 86_400),
  },
  warmup: {
    kind: 'scalar',
    placeholder: 's',
    describe: 'seconds of warm-up before it, 0 to 3,600',
    fallback: '1',
    value: decimal(0, 3_600),
  },
  trials: {
    kind: 'scalar',
    placeholder: 'n',
    describe:
      'rounds, 1 to 1,000, contestants in balanced random order; auto: 5 to 100, until --precision or --budget is reached',
    fallback: '3, or 8 with --aa',
    value: trialCount(1, 1_000),
  },
  precision: {
    kind: 'scalar',
    placeholder: 'percent',
    describe: 'with --trials auto: half the 99 % interval of every median latency and byte count, 0.1 to 100',
    fallback: '10',
    value: decimal(0.1, 100),
  },
  budget: {
    kind: 'scalar',
    placeholder: 's',
    describe: 'with --trials auto: seconds for all trials, 1 to 604,800',
    fallback: '600',
    value: decimal(1, 604_800),
  },
  aa: {
    kind: 'flag',
    describe: 'two identical arms of each scenario: prints how far noise alone sets them apart',
  },
  'noise-floor': {
    kind: 'scalar',
    placeholder: 'results.json',
    describe: 'of an earlier --aa run on this machine: differences inside its noise floor are called a tie',
    value: text('a file'),
  },
  slopes: {
    kind: 'flag',
    describe:
      'memory slopes are wanted: refuses fewer than three --clients, and a run without slopes is not valid',
  },
  'poll-interval': {
    kind: 'scalar',
    placeholder: 'ms',
    describe: 'milliseconds between two polls of a client, 10 to 3,600,000',
    fallback: '1000',
    value: whole(10, 3_600_000),
  },
  headers: {
    kind: 'scalar',
    placeholder: 'style',
    describe: 'request headers of HTTP clients and upgrades: minimal or browser',
    fallback: 'minimal',
    value: choice('a header style', ['minimal', 'browser']),
  },
  subprotocols: {
    kind: 'list',
    placeholder: 'name,...',
    describe:
      'sub-protocols that WebSocket clients ask for, the preferred one first; the servers know chat and superchat',
    fallback: 'none',
    value: token('a sub-protocol', MAX_SUBPROTOCOL_CHARACTERS),
  },
  cookie: {
    kind: 'scalar',
    placeholder: 'bytes',
    describe: 'identity in every request: a Cookie field with a value of 1 to 8,192 bytes',
    fallback: 'none',
    value: whole(1, MAX_COOKIE_BYTES),
  },
  proxy: {
    kind: 'scalar',
    placeholder: 'which',
    describe:
      'a real nginx in front of the server: nginx, configured for streams, or nginx-default, as it comes',
    fallback: 'none',
    value: choice('a proxy', PROXIES),
  },
  'handler-delay': {
    kind: 'scalar',
    placeholder: 'ms',
    describe:
      'a handler is busy with each request or upgrade this long before it is answered, 1 to 60,000 ms',
    fallback: 'none, answered at once',
    value: whole(1, 60_000),
  },
  handlers: {
    kind: 'scalar',
    placeholder: 'n',
    describe: 'with --handler-delay: handlers of a server process, 1 to 10,000; requests wait for a free one',
    fallback: '4',
    value: whole(1, 10_000),
  },
  rtt: {
    kind: 'scalar',
    placeholder: 'ms',
    describe: 'round trip of a link between clients and server, 0 (no link) or 4 to 2,000 ms, half each way',
    fallback: '0',
    value: roundTrip(4, 2_000),
  },
  bandwidth: {
    kind: 'scalar',
    placeholder: 'bit/s',
    describe: 'bandwidth of the link for each client and direction, such as 56k or 1.5M; up to 100,000M',
    fallback: 'unlimited',
    value: bitRate(1, 100_000_000_000),
  },
  seed,
  limit: {
    kind: 'list',
    placeholder: 'name=value',
    describe: `overrides a health limit, recorded in the result: ${Object.keys(DEFAULT_LIMITS).join(', ')}`,
    value: assignment('a health limit', LIMIT_RANGES),
  },
  calibrate: {
    kind: 'scalar',
    placeholder: 'when',
    describe:
      'measure what the generator can take, 3 s at most, kept for later runs: auto (not for short runs), always or never',
    fallback: 'auto',
    value: choice('a time to calibrate', CALIBRATE),
  },
  out: {
    kind: 'scalar',
    placeholder: 'dir',
    describe: 'folder for results.json, report.html and summary.md',
    fallback: 'results/<time>',
    value: text('a folder'),
  },
  config: {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'JSON or MJS file with the same options by name; flags and PUSHBENCH_* variables override it',
    value: text('a file'),
  },
  json: { kind: 'flag', describe: 'the result document on stdout, nothing else' },
  'dry-run': {
    kind: 'flag',
    describe: 'print plan, processes, ports, descriptors and time needed; start nothing',
  },
  quiet,
  'no-color': noColor,
  'no-pin': { kind: 'flag', describe: 'leave server and generators on any core' },
  'allow-remote': { kind: 'flag', describe: 'permit targets other than loopback' },
  'verify-wire': {
    kind: 'flag',
    describe: 'compare all bytes with the kernel and a packet capture; reports no times',
  },
  strict: { kind: 'flag', describe: 'end with exit code 1 when messages were lost' },
} as const satisfies OptionTable;

export const listOptions = { json } as const satisfies OptionTable;

export const reportOptions = {
  out: {
    kind: 'scalar',
    placeholder: 'dir',
    describe: 'folder for report.html and summary.md',
    fallback: 'beside the file',
    value: text('a folder'),
  },
  csv: {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'also every metric of every trial as CSV',
    value: text('a file'),
  },
  'benchmark-json': {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'also medians for github-action-benchmark (customSmallerIsBetter)',
    value: text('a file'),
  },
  bencher: {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'also medians in Bencher Metric Format',
    value: text('a file'),
  },
  'no-color': noColor,
} as const satisfies OptionTable;

export const trendOptions = {
  metric: {
    kind: 'list',
    placeholder: 'path,...',
    describe: 'metrics by dotted path, such as latencyUs.p99 or connect.p99Us',
    fallback: 'lateness, bytes, CPU, memory and losses',
    value: text('a metric'),
  },
  out: {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'the page that is written',
    fallback: 'trend.html in the folder',
    value: text('a file'),
  },
  json: { kind: 'flag', describe: 'the trend as JSON on stdout, nothing else' },
} as const satisfies OptionTable;

export const gateOptions = {
  baseline: {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'an earlier results.json of the same plan; a comparison needs none',
    value: text('a file'),
  },
  config: {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'a .json or .mjs file with rules under the key gate',
    value: text('a file'),
  },
  ...gateOutputOptions,
  json: { kind: 'flag', describe: 'every verdict with all its values as JSON on stdout, nothing else' },
  'no-color': noColor,
} as const satisfies OptionTable;

export const serveOptions = {
  port: {
    kind: 'scalar',
    placeholder: 'n',
    describe: 'port on 127.0.0.1, 0 to 65,535',
    fallback: '0, a free one',
    value: whole(0, 65_535),
  },
  rate: {
    ...rate,
    describe: 'messages published a second, 0.001 to 100,000, or 0 for silence',
    value: decimal(0, 100_000),
  },
  arrivals,
  payload,
  content,
  seed,
} as const satisfies OptionTable;

export const demoOptions = {
  port: {
    kind: 'scalar',
    placeholder: 'n',
    describe: 'port of the page on 127.0.0.1, 0 to 65,535',
    fallback: '0, a free one',
    value: whole(0, 65_535),
  },
  rate: {
    ...rate,
    describe: 'messages published a second at first, 0.1 to 20; the page changes it',
    fallback: '2',
    value: decimal(0.1, 20),
  },
  'poll-interval': {
    kind: 'scalar',
    placeholder: 'ms',
    describe: 'milliseconds between two polls, 100 to 60,000',
    fallback: '1000',
    value: whole(100, 60_000),
  },
} as const satisfies OptionTable;

export const microOptions = {
  out: {
    kind: 'scalar',
    placeholder: 'dir',
    describe: 'folder for micro.json',
    fallback: 'results/<time>',
    value: text('a folder'),
  },
  json,
} as const satisfies OptionTable;
