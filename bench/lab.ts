import { fileURLToPath } from 'node:url';
import type { MeasuredTrial } from '../reports/result.js';
import { needsOf } from '../runner/capacity-check.js';
import { killChildren } from '../runner/child.js';
import { connectionsEach } from '../runner/connections.js';
import { pinning, readEnvironment } from '../runner/environment.js';
import { Interrupt } from '../runner/interrupt.js';
import { linkSettings } from '../runner/link/link-plan.js';
import type { LiveReading } from '../runner/observer.js';
import { DEFAULT_LIMITS, type Plan } from '../runner/plan.js';
import { peopleAtOnce } from '../runner/side-crowd/crowd-of.js';
import { runTrial } from '../runner/trial.js';

/** The entry of the host that serves the frozen witnesses. */
export const WITNESS_HOST = fileURLToPath(new URL('./witness/host.js', import.meta.url));

const interrupt = new Interrupt();
process.on('SIGINT', () => {
  killChildren();
  process.exit(130);
});

/** A plan for a benchmark of ours: figures are to be seen whatever they are, so that no rule makes a trial void. */
export function benchPlan(own: Partial<Plan> & Pick<Plan, 'scenarios' | 'clients'>): Plan {
  const limits = Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, 1e9]));
  return {
    workload: 'broadcast',
    ratePerSecond: 1,
    arrivals: 'poisson',
    payloadBytes: 10,
    durationSeconds: 10,
    warmupSeconds: 2,
    trials: 1,
    pollIntervalMs: 1000,
    headers: 'minimal',
    rttMs: 0,
    bandwidthBitsPerSecond: null,
    seed: 1,
    pin: true,
    limits: limits as unknown as Plan['limits'],
    overridden: Object.keys(limits),
    ...own,
  };
}

/**
 * One trial of a plan's first client count.
 * @param hostEntry another host than the reference servers'
 * @param onReading called as the trial goes on
 * @throws Error when it could not be measured
 */
export async function benchTrial(
  plan: Plan,
  scenario: string,
  round: number,
  hostEntry?: string,
  onReading: (reading: LiveReading) => void = () => {},
): Promise<MeasuredTrial> {
  const contestant = { scenario, clients: plan.clients[0]!, trial: round, order: round };
  const outcome = await runTrial({
    plan,
    contestant,
    processes: needsOf(
      peopleAtOnce(plan, contestant.clients),
      readEnvironment(plan.pin),
      linkSettings(plan) !== null,
      connectionsEach(plan),
    ).processes,
    pinning: pinning(plan),
    interrupt,
    onReading,
    ...(hostEntry === undefined ? {} : { hostEntry }),
  });
  if (outcome.status !== 'completed' && outcome.status !== 'void') {
    throw new Error(`${scenario}: ${outcome.reasons.map((reason) => reason.message).join(' ')}`);
  }
  return outcome as MeasuredTrial;
}

/** The median of a figure over trials; NaN where one does not have it. */
export function medianOf(
  trials: readonly MeasuredTrial[],
  read: (measurements: MeasuredTrial['measurements']) => number | null,
): number {
  const sorted = trials.map(({ measurements }) => read(measurements) ?? Number.NaN).sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** A goal is met when the figure is not above it; a figure that is missing does not meet it. */
export function met(value: number, goal: number): string {
  return value <= goal ? 'met' : 'MISSED';
}
