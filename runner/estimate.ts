import { entrantsOf } from './arms.js';
import { scenarioOf } from './contenders.js';
import { handlerQueueMs, patienceOf } from './patience.js';
import type { Contestant, Plan } from './plan.js';

/** Starting, settling, sampling and stopping the processes of a trial, seconds (measured on two cores). */
const OVERHEAD_SECONDS = 1;
/** Starting and reading a packet capture, and holding the clients still twice (measured on two cores). */
const VERIFY_SECONDS = 3;
/** A drain in which nothing arrives. */
const QUIET_SECONDS = 1;
/** Connections opened a second (measured on two cores: 10,000 in about 3.3 s). */
const CONNECTS_PER_SECOND = 3000;
/** What autocannon takes, once in a run that has the polling scenario, seconds. */
export const CEILING_SECONDS = 2.5;

type Timing = Pick<
  Plan,
  | 'scenarios'
  | 'contenders'
  | 'clients'
  | 'trials'
  | 'aa'
  | 'budgetSeconds'
  | 'arms'
  | 'warmupSeconds'
  | 'durationSeconds'
  | 'pollIntervalMs'
  | 'verifyWire'
  | 'proxy'
  | 'handlers'
>;

/** Seconds a trial will take, about. */
export function trialSeconds(plan: Timing, contestant: Pick<Contestant, 'scenario' | 'clients'>): number {
  const waits = scenarioOf(plan, contestant.scenario)?.waitsForInterval ?? false;
  // A poller sees the last message one interval later at worst, and stops at its first empty answer after that.
  const drain = waits ? plan.pollIntervalMs / 1000 : 0;
  return (
    OVERHEAD_SECONDS +
    (plan.verifyWire ? VERIFY_SECONDS : 0) +
    conditionSeconds(plan, contestant) +
    contestant.clients / CONNECTS_PER_SECOND +
    plan.warmupSeconds +
    (plan.warmupSeconds > 0 ? drain : 0) +
    plan.durationSeconds +
    drain
  );
}

/** What a proxy or handlers add: whom they keep out is waited for, and connecting takes its turn. */
function conditionSeconds(plan: Timing, contestant: Pick<Contestant, 'scenario' | 'clients'>): number {
  const { countsAbsent, connectGraceMs } = patienceOf(plan, contestant);
  if (countsAbsent) return connectGraceMs / 1000 + QUIET_SECONDS * (plan.warmupSeconds > 0 ? 2 : 1);
  const waits = scenarioOf(plan, contestant.scenario)?.waitsForInterval ?? false;
  return waits ? 0 : handlerQueueMs(plan, contestant.clients) / 1000;
}

/** Seconds a whole run will take, about, or may take at most: the trials, and autocannon's ceiling when polling takes part. */
export function runSeconds(plan: Timing): number {
  let seconds = plan.scenarios.includes('polling') && !plan.verifyWire ? CEILING_SECONDS : 0;
  for (const { scenario } of entrantsOf(plan)) {
    for (const clients of plan.clients) seconds += plan.trials * trialSeconds(plan, { scenario, clients });
  }
  return Math.min(seconds, plan.budgetSeconds ?? Number.POSITIVE_INFINITY);
}

/** A span of time for people: `8 s`, `2 min 30 s`, `3 h 5 min`. */
export function spanText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
