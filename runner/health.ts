import type { Measurements, Reason } from '../reports/result.js';
import type { Evidence } from './measurements.js';
import type { HealthLimits } from './plan.js';

export type LimitedBy = Measurements['health']['limitedBy'];

/** What the health rules say of a trial. */
export interface Verdict {
  readonly void: boolean;
  /** Those that void it first, then warnings. */
  readonly reasons: readonly Reason[];
  readonly limitedBy: LimitedBy;
}

type Rule = (
  found: Measurements,
  evidence: Evidence,
  limits: HealthLimits,
) => (Reason & { limitedBy: LimitedBy }) | null;

/**
 * Whether a trial can be believed. What voids it is the measuring side only: a slow server is a result, a slow ruler is
 * not. Every limit is a default that `--limit` can override.
 */
export function judge(found: Measurements, evidence: Evidence, limits: HealthLimits): Verdict {
  const voids = VOID_RULES.map((rule) => rule(found, evidence, limits)).filter((reason) => reason !== null);
  const warnings = WARNING_RULES.map((rule) => rule(found, evidence, limits)).filter(
    (reason) => reason !== null,
  );
  const strip = ({ code, message }: Reason): Reason => ({ code, message });
  return {
    void: voids.length > 0,
    reasons: [...voids, ...warnings].map(strip),
    limitedBy: voids[0]?.limitedBy ?? serverBusy(evidence),
  };
}

/** A server that used nearly all of a core over the window was the limit. */
const BUSY = 0.9;

function serverBusy({ serverBefore, serverAfter, serverWallMs }: Evidence): LimitedBy {
  const shares = serverAfter.map(
    (after, n) => (after.cpuMicros - serverBefore[n]!.cpuMicros) / 1000 / serverWallMs,
  );
  return Math.max(...shares) > BUSY ? 'server' : null;
}

const ledgerBalances: Rule = (found) => {
  const { totals, sockets } = found.wire;
  if (totals.up === sockets.up && totals.down === sockets.down) return null;
  return {
    code: 'ledger',
    limitedBy: 'generator',
    message:
      `The byte ledger does not add up: it has ${totals.up} bytes up and ${totals.down} down, the sockets counted ` +
      `${sockets.up} and ${sockets.down}. This is a fault of pushbench; please report it.`,
  };
};

const clockRanForward: Rule = (_found, { results }) => {
  const backwards = results.reduce((total, result) => total + result.backwards, 0);
  if (backwards === 0) return null;
  return {
    code: 'clock-backwards',
    limitedBy: 'host',
    message: `${backwards} deliveries came before they were to be published: the processes' clocks do not agree.`,
  };
};

const generatorKeptUp: Rule = (found, { results }, limits) => {
  const { p99 } = found.generatorShareUs;
  const limitUs = Math.max(
    limits.generatorShareMs * 1000,
    limits.generatorSharePart * (found.latencyUs.p99 ?? 0),
  );
  if (p99 === null || p99 <= limitUs) return null;
  // One slow delivery proves nothing: the percentile's rank must leave at least two samples at or above it.
  const samples = results.reduce((total, result) => total + result.share.count, 0);
  if (samples - Math.ceil(0.99 * samples) + 1 < 2) return null;
  return {
    code: 'generator-share',
    limitedBy: 'generator',
    message:
      `The generator itself added ${ms(p99)} to a latency (p99), more than ${ms(limitUs)}. Use fewer clients or a ` +
      `lower rate, or give it more cores.`,
  };
};

const generatorHadCpu: Rule = (found, { results }, limits) => {
  const worst = found.health.generatorUtilization;
  if (worst === null || worst <= limits.generatorUtilization) return null;
  return {
    code: 'generator-cpu',
    limitedBy: 'generator',
    message:
      `${results.length > 1 ? 'The busiest generator shard' : 'The generator'} used ${(worst * 100).toFixed(0)} % of a ` +
      `core, more than ${(limits.generatorUtilization * 100).toFixed(0)} %: arrivals may have waited unseen.`,
  };
};

const publisherKeptTime: Rule = (found, { publication }, limits) => {
  const { publisherLagP50Us } = found.health;
  const limitUs = Math.max(
    limits.publisherLagMs * 1000,
    limits.publisherLagPart * (found.latencyUs.p50 ?? 0),
  );
  if (publisherLagP50Us === null || publisherLagP50Us <= limitUs) return null;
  if (publication.idleLagUs.filter((lag) => lag > limitUs).length < 2) return null;
  return {
    code: 'publisher-lag',
    limitedBy: 'publisher',
    message: `The idle publisher was late by ${ms(publisherLagP50Us)} (median), more than ${ms(limitUs)}.`,
  };
};

const nothingStolen: Rule = ({ health: { stealPercent } }, _evidence, limits) => {
  if (stealPercent === null || stealPercent <= limits.stealPercent) return null;
  return {
    code: 'steal',
    limitedBy: 'host',
    message: `The hypervisor took ${stealPercent.toFixed(1)} % of the machine away during the window.`,
  };
};

const nobodyElse: Rule = ({ health: { foreignCpuPercent } }, _evidence, limits) => {
  if (foreignCpuPercent === null || foreignCpuPercent <= limits.foreignCpuPercent) return null;
  return {
    code: 'foreign-cpu',
    limitedBy: 'host',
    message: `Other programs used ${foreignCpuPercent.toFixed(1)} % of the machine during the window. Close them and repeat.`,
  };
};

const everythingArrived: Rule = ({ messages }) => {
  if (messages.lost === 0) return null;
  const part = ((messages.lost / messages.expected) * 100).toPrecision(2);
  return {
    code: 'lost',
    limitedBy: null,
    message: `${messages.lost} of ${messages.expected} deliveries (${part} %) had not arrived when the drain ended.`,
  };
};

const everythingOnce: Rule = ({ messages: { duplicated, reordered } }) => {
  if (duplicated === 0 && reordered === 0) return null;
  return {
    code: 'not-once-in-order',
    limitedBy: null,
    message: `${duplicated} deliveries came twice and ${reordered} after a later one.`,
  };
};

const nobodyCutOff: Rule = (_found, { serverBefore, serverAfter }) => {
  const cut = serverAfter.reduce((total, after, n) => total + after.cutOff - serverBefore[n]!.cutOff, 0);
  if (cut === 0) return null;
  return {
    code: 'cut-off',
    limitedBy: null,
    message: `The server cut off ${cut} clients that read too slowly.`,
  };
};

const VOID_RULES: readonly Rule[] = [
  ledgerBalances,
  clockRanForward,
  generatorKeptUp,
  generatorHadCpu,
  publisherKeptTime,
];
const WARNING_RULES: readonly Rule[] = [
  nothingStolen,
  nobodyElse,
  everythingArrived,
  everythingOnce,
  nobodyCutOff,
];

function ms(us: number): string {
  return `${(us / 1000).toPrecision(3)} ms`;
}
