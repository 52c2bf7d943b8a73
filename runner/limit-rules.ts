import type { Measurements, Reason } from '../reports/result.js';
import type { Evidence } from './evidence.js';
import { DistributionTable, TABLE_ERROR } from './measure/distribution-table.js';
import { heldDelay } from './measure/held-delay.js';
import type { HealthLimits } from './plan.js';
import { unreadTarget } from './target/publish-measurements.js';

/** The parts of a trial that can be what held it up. */
export type Part = 'server' | 'generator' | 'publisher' | 'host';

/** One limit of the measuring side, as a trial met it. */
export interface LimitCheck {
  /** The reason's code when the limit is broken. */
  readonly code: string;
  readonly part: Part;
  /** In the unit of `limit`. */
  readonly value: number;
  readonly limit: number;
  /** Samples beyond the limit: with fewer than two of them a value proves nothing. */
  readonly offending: number;
  readonly message: string;
}

/** A limit that could not be judged, and why. */
export interface NotJudged {
  readonly code: string;
  readonly why: string;
}

type LimitRule = (
  found: Measurements,
  evidence: Evidence,
  limits: HealthLimits,
) => LimitCheck | NotJudged | null;

const LEAST_OFFENDING = 2;

/** Whether a check voids its trial. */
export function isBroken({ value, limit, offending }: LimitCheck): boolean {
  return value > limit && offending >= LEAST_OFFENDING;
}

/** What nothing of the measuring side may exceed, in the order in which a broken one names the culprit. */
const LIMIT_RULES: readonly LimitRule[] = [
  stolen,
  foreign,
  generatorShare,
  generatorHeld,
  worstShard,
  generatorCores,
  publisherLag,
];

/** Every limit of a trial: those that were checked, and those that could not be. Null results are limits that do not apply. */
export function checkLimits(
  found: Measurements,
  evidence: Evidence,
  limits: HealthLimits,
): { readonly checks: readonly LimitCheck[]; readonly notJudged: readonly NotJudged[] } {
  const all = LIMIT_RULES.map((rule) => rule(found, evidence, limits)).filter((each) => each !== null);
  return {
    checks: all.filter((each) => 'value' in each),
    notJudged: all.filter((each) => 'why' in each),
  };
}

/** A warning that names the rules which this trial was not put to; null when there are none. */
export function notJudgedReason(notJudged: readonly NotJudged[]): Reason | null {
  if (notJudged.length === 0) return null;
  const whys = [...new Set(notJudged.map(({ why }) => why))];
  const parts = whys.map((why) => {
    const codes = notJudged.filter((each) => each.why === why).map(({ code }) => code);
    return `${codes.join(', ')} (${why})`;
  });
  return { code: 'not-judged', message: `Not judged: ${parts.join('; ')}.` };
}

function stolen({ health }: Measurements, evidence: Evidence, limits: HealthLimits): LimitCheck | NotJudged {
  return machineShare(
    { code: 'steal', name: 'stealPercent' },
    health.stealPercent,
    evidence,
    limits,
    (percent) =>
      `The hypervisor took ${percent} of the machine away during the window, more than ${limits.stealPercent} %.`,
  );
}

function foreign({ health }: Measurements, evidence: Evidence, limits: HealthLimits): LimitCheck | NotJudged {
  const unread = unreadTarget(evidence);
  // What the target uses would be taken for other programs'.
  if (unread !== null) return { code: 'foreign-cpu', why: unread };
  return machineShare(
    { code: 'foreign-cpu', name: 'foreignCpuPercent' },
    health.foreignCpuPercent,
    evidence,
    limits,
    (percent) =>
      `Other programs used ${percent} of the machine during the window, more than ${limits.foreignCpuPercent} %. ` +
      `Close them and repeat.`,
  );
}

function machineShare(
  { code, name }: { readonly code: string; readonly name: 'stealPercent' | 'foreignCpuPercent' },
  value: number | null,
  { system, serverWallMs }: Evidence,
  limits: HealthLimits,
  message: (percent: string) => string,
): LimitCheck | NotJudged {
  if (value === null) {
    const isShort = serverWallMs < 2000 && system.samples.every((sample) => sample[name] !== null);
    return { code, why: isShort ? 'the window is shorter than 2 s' : '/proc/stat cannot be read here' };
  }
  return {
    code,
    part: 'host',
    value,
    limit: limits[name],
    offending: system.samples.filter((sample) => (sample[name] ?? 0) > limits[name]).length,
    message: message(`${value.toFixed(1)} %`),
  };
}

/** The most that the generator may add to a latency, microseconds: the share and the holds share this limit. */
function addedLimitUs(found: Measurements, limits: HealthLimits): number {
  return Math.max(limits.generatorShareMs * 1000, limits.generatorSharePart * (found.latencyUs.p99 ?? 0));
}

function generatorShare(
  found: Measurements,
  { results }: Evidence,
  limits: HealthLimits,
): LimitCheck | NotJudged {
  const { p99 } = found.generatorShareUs;
  if (p99 === null) {
    const isUntimed = found.messages.delivered > 0;
    return {
      code: 'generator-share',
      why: isUntimed ? 'its messages carry no time to judge by' : 'nothing was delivered',
    };
  }
  const limit = addedLimitUs(found, limits);
  return {
    code: 'generator-share',
    part: 'generator',
    value: p99,
    limit,
    offending: offendingPublishes(results, limit),
    message:
      `The generator itself added ${ms(p99)} to a latency (p99), more than ${ms(limit)}. Use fewer clients or a ` +
      `lower rate, or give it more cores.`,
  };
}

/**
 * Publishes of which at least half of the deliveries waited for the generator longer than the limit. The deliveries of
 * one publish are one sample: a hundred of them behind one hiccup of the machine prove no more than one does. Where the
 * server publishes by itself, those of one second are.
 */
function offendingPublishes(results: Evidence['results'], limitUs: number): number {
  const tables = results.flatMap(({ publishes }) => publishes.shares ?? []);
  const shares = new DistributionTable(tables[0]?.rows.length ?? 0);
  for (const table of tables) shares.merge(table);
  let offending = 0;
  for (let row = 0; row < shares.rows; row++) {
    // In doubt, which is the table's resolution, it offends.
    if ((shares.percentile(row, 50) ?? 0) * (1 + TABLE_ERROR) > limitUs) offending++;
  }
  return offending;
}

function generatorHeld(found: Measurements, { results }: Evidence, limits: HealthLimits): LimitCheck | null {
  const limit = addedLimitUs(found, limits);
  const [worst] = results.map(({ holds }) => heldDelay(holds)).sort((a, b) => b.p99Us - a.p99Us);
  if (worst === undefined) return null;
  return {
    code: 'generator-held',
    part: 'generator',
    value: worst.p99Us,
    limit,
    offending: worst.lateBeats(limit),
    message:
      `The generator was kept from running: a message that came at a random instant waited up to ${ms(worst.p99Us)} ` +
      `for it (p99), more than ${ms(limit)}. Something else used its core, or stopped it.`,
  };
}

function worstShard(found: Measurements, { results }: Evidence, limits: HealthLimits): LimitCheck | null {
  const value = found.health.generatorUtilization;
  const limit = limits.generatorUtilization;
  if (value === null) return null;
  return {
    code: 'generator-cpu',
    part: 'generator',
    value,
    limit,
    offending: Math.max(...results.map((each) => each.busiestCores.filter((cores) => cores > limit).length)),
    message:
      `${results.length > 1 ? 'The busiest generator shard' : 'The generator'} used ${percent(value)} of a core, more ` +
      `than ${percent(limit)}: arrivals may have waited unseen.`,
  };
}

/** Shards that share cores can each be idle in part and leave no core idle. */
function generatorCores(found: Measurements, evidence: Evidence, limits: HealthLimits): LimitCheck | null {
  const value = found.health.generatorCoresUtilization ?? null;
  const cores = evidence.generatorCores;
  const limit = limits.generatorUtilization;
  if (value === null || cores === null) return null;
  return {
    code: 'generator-cores',
    part: 'generator',
    value,
    limit,
    offending: evidence.system.rows.filter((row) => (row.generatorCpuPercent ?? 0) / 100 / cores > limit)
      .length,
    message:
      `The generator's ${evidence.results.length} shards together used ${percent(value)} of the ${cores} ` +
      `${cores === 1 ? 'core' : 'cores'} they have, more than ${percent(limit)}: arrivals may have waited unseen.`,
  };
}

/** Null for a publisher that was never idle when a message was due: its lag is the server's then, and counts as latency. */
function publisherLag(
  found: Measurements,
  { publication }: Evidence,
  limits: HealthLimits,
): LimitCheck | null {
  const value = found.health.publisherLagP50Us;
  if (value === null) return null;
  const limit = Math.max(limits.publisherLagMs * 1000, limits.publisherLagPart * (found.latencyUs.p50 ?? 0));
  return {
    code: 'publisher-lag',
    part: 'publisher',
    value,
    limit,
    offending: publication.idleLagUs.filter((lag) => lag > limit).length,
    message: `The idle publisher was late by ${ms(value)} (median), more than ${ms(limit)}.`,
  };
}

/** A server that uses this much of a core is at its limit. That is a result and voids nothing. */
const SERVER_CORES = 0.9;

/** What came nearest to its limit in a trial that was not void, and how near: 1 is at the limit. */
export function nearestLimit(
  checks: readonly LimitCheck[],
  { serverBefore, serverAfter, serverWallMs, proxy, generatorCores }: Evidence,
): { readonly part: Part; readonly share: number } {
  const cores = serverAfter.map(
    (after, n) => (after.cpuMicros - serverBefore[n]!.cpuMicros) / 1000 / serverWallMs,
  );
  const proxied =
    proxy?.before && proxy.after ? (proxy.after.cpuMicros - proxy.before.cpuMicros) / 1000 / serverWallMs : 0;
  // A proxy belongs to what is tested; pinned, it shares the server's core.
  const busiest = generatorCores === null ? Math.max(...cores, proxied) : Math.max(...cores) + proxied;
  const server = { part: 'server', share: busiest / SERVER_CORES } as const;
  // A server at its limit is what the trial shows, however near its ruler came to its own.
  if (server.share > 1) return server;
  return checks.reduce<{ part: Part; share: number }>((nearest, { part, value, limit }) => {
    const share = limit > 0 ? value / limit : 0;
    return share > nearest.share ? { part, share } : nearest;
  }, server);
}

function percent(cores: number): string {
  return `${(cores * 100).toFixed(0)} %`;
}

function ms(us: number): string {
  return `${(us / 1000).toPrecision(3)} ms`;
}
