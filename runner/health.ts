import type { Measurements, Reason } from '../reports/result.js';
import type { Evidence } from './evidence.js';
import { checkLimits, isBroken, type LimitCheck, nearestLimit, notJudgedReason } from './limit-rules.js';
import type { HealthLimits } from './plan.js';
import { orderRemark, publishReason, repeatRemark } from './target/publish-measurements.js';
import { clockAheadReason } from './target-measurements.js';

export type LimitedBy = Measurements['health']['limitedBy'];

/** What the health rules say of a trial. */
export interface Verdict {
  readonly void: boolean;
  /** Those that void it first, then warnings. */
  readonly reasons: readonly Reason[];
  /** What made it void; else what came nearest its limit. */
  readonly limitedBy: LimitedBy;
  /** How near: 1 is at the limit. Null where what made it void has no limit. */
  readonly limitShare: number | null;
  /** Codes of the limits that could not be judged. */
  readonly notJudged: readonly string[];
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
  // A run that verifies bytes reports no times, and is not judged by them.
  const byBytes = evidence.plan.verifyWire === true;
  const apply = (rules: readonly Rule[]) =>
    rules.map((rule) => rule(found, evidence, limits)).filter((reason) => reason !== null);
  const { checks, notJudged } = byBytes
    ? { checks: [], notJudged: [] }
    : checkLimits(found, evidence, limits);
  const broken = checks.filter(isBroken).map((check) => ({ ...check, limitedBy: check.part }));
  const voids = [...apply(byBytes ? BYTE_RULES : VOID_RULES), ...broken];
  const unjudged = notJudgedReason(notJudged);
  const warnings = [
    ...apply(byBytes ? MESSAGE_RULES : WARNING_RULES),
    ...(unjudged === null ? [] : [unjudged]),
  ];
  const nearest = byBytes ? null : nearestLimit(checks, evidence);
  return {
    void: voids.length > 0,
    reasons: [...voids, ...warnings].map(({ code, message }) => ({ code, message })),
    limitedBy: voids.length > 0 ? voids[0]!.limitedBy : (nearest?.part ?? null),
    limitShare: limitShareOf(broken[0] ?? null, voids.length > 0, nearest),
    notJudged: notJudged.map(({ code }) => code),
  };
}

/** Of the limit that made a trial void, else of the one that came nearest. A fault of the tool has no limit. */
function limitShareOf(
  broken: LimitCheck | null,
  isVoid: boolean,
  nearest: { readonly share: number } | null,
): number | null {
  if (!isVoid) return nearest?.share ?? null;
  return broken !== null && broken.limit > 0 ? broken.value / broken.limit : null;
}

const ledgerBalances: Rule = (found) =>
  ledgerFault(found.wire) ??
  (found.sideCrowd ? ledgerFault({ totals: found.sideCrowd.bytes, sockets: found.sideCrowd.sockets }) : null);

function ledgerFault({
  totals,
  sockets,
}: Pick<Measurements['wire'], 'totals' | 'sockets'>): ReturnType<Rule> {
  if (totals.up === sockets.up && totals.down === sockets.down) return null;
  return {
    code: 'ledger',
    limitedBy: 'generator',
    message:
      `The byte ledger does not add up: it has ${totals.up} bytes up and ${totals.down} down, the sockets counted ` +
      `${sockets.up} and ${sockets.down}. This is a fault of pushbench; please report it.`,
  };
}

const witnessesAgree: Rule = ({ wire: { verification } }) => {
  if (verification === undefined || verification.agrees) return null;
  const [first, ...more] = verification.disagreements;
  return {
    code: 'wire-disagrees',
    limitedBy: null,
    message: `${first}${more.length > 0 ? ` And ${more.length} more in wire.verification.` : ''}`,
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

const linkKeptTime: Rule = ({ link, latencyUs }, { links }, limits) => {
  const p99 = link?.errorUs.p99 ?? null;
  const limitUs = Math.max(limits.linkErrorMs * 1000, limits.linkErrorPart * (latencyUs.p99 ?? 0));
  if (p99 === null || p99 <= limitUs) return null;
  const samples = links.reduce((total, each) => total + each.releases, 0);
  if (samples - Math.ceil(0.99 * samples) + 1 < 2) return null;
  return {
    code: 'link-error',
    limitedBy: 'generator',
    message:
      `The link released bytes ${ms(p99)} later than it should (p99), more than ${ms(limitUs)}. Use fewer clients or a ` +
      `lower rate, or give it more cores.`,
  };
};

const linkHadCpu: Rule = ({ link }, _evidence, limits) => {
  const worst = link?.utilization ?? 0;
  if (worst <= limits.generatorUtilization) return null;
  return {
    code: 'link-cpu',
    limitedBy: 'generator',
    message:
      `A link process used ${(worst * 100).toFixed(0)} % of a core, more than ` +
      `${(limits.generatorUtilization * 100).toFixed(0)} %: what passed it may have waited unseen.`,
  };
};

/** What a restart loses is what it is there to show, and is told with the restarts. */
const everythingArrived: Rule = ({ messages, restarts }) => {
  const { lost, expected } = messages;
  if (lost === null || expected === null || lost === 0 || restarts !== undefined) return null;
  return {
    code: 'lost',
    limitedBy: null,
    message: `${lost} of ${expected} deliveries (${partText(lost / expected)} %) had not arrived when the drain ended.`,
  };
};

const everythingOnce: Rule = (found) => {
  const { duplicated, reordered } = found.messages;
  if (!duplicated && !reordered) return null;
  return {
    code: 'not-once-in-order',
    limitedBy: null,
    message: `${duplicated ?? 0} deliveries came twice and ${reordered ?? 0} after a later one.${duplicated ? repeatRemark(found) : ''}${reordered ? orderRemark(found) : ''}`,
  };
};

/** Slow readers are there to be cut off, and told of by themselves. */
const nobodyCutOff: Rule = ({ sideCrowd }, { serverBefore, serverAfter }) => {
  const cut = serverAfter.reduce((total, after, n) => total + after.cutOff - serverBefore[n]!.cutOff, 0);
  if (cut === 0 || sideCrowd?.kind === 'slow readers') return null;
  return {
    code: 'cut-off',
    limitedBy: null,
    message: `The server cut off ${cut} clients that read too slowly.`,
  };
};

const stayedSteady: Rule = (found) => {
  const { steadyState } = found.health;
  if (steadyState?.verdict !== 'trend') return null;
  const percent = Math.abs((steadyState.drift ?? 0) * 100).toFixed(0);
  const way = (steadyState.drift ?? 0) > 0 ? 'rose' : 'fell';
  return {
    code: 'no-steady-state',
    limitedBy: null,
    message:
      `There was no steady state: over the last ${steadyState.slices} slices of the window ` +
      `${steadyState.of === 'latency' ? 'the median latency' : 'the number of deliveries'} ${way} by ${percent} %.`,
  };
};

/** What a server of the user's did not take. */
const everythingTaken: Rule = (found) => {
  const reason = publishReason(found);
  return reason === null ? null : { ...reason, limitedBy: null };
};

/** Of a server of the user's that publishes by itself, with times of another clock. */
const clocksAgree: Rule = (found) => {
  const reason = clockAheadReason(found);
  return reason === null ? null : { ...reason, limitedBy: null };
};

const BYTE_RULES: readonly Rule[] = [ledgerBalances, witnessesAgree];
const VOID_RULES: readonly Rule[] = [ledgerBalances, clockRanForward, linkKeptTime, linkHadCpu];
const MESSAGE_RULES: readonly Rule[] = [everythingArrived, everythingOnce, nobodyCutOff];
const WARNING_RULES: readonly Rule[] = [
  clocksAgree,
  everythingTaken,
  everythingArrived,
  everythingOnce,
  nobodyCutOff,
  stayedSteady,
];

/** A part in percent, two digits; only all is 100. */
function partText(part: number): string {
  const percent = part * 100;
  return percent >= 10 ? Math.floor(percent).toFixed(0) : percent.toPrecision(2);
}

function ms(us: number): string {
  return `${(us / 1000).toPrecision(3)} ms`;
}
