import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MeasuredTrial, Trial } from '../../reports/result.js';
import { linkSettings } from '../../runner/link/link-plan.js';
import { DEFAULT_LIMITS, type HealthLimits, type Plan } from '../../runner/plan.js';
import { ROOT } from '../project-files.js';

/** What of a plan a test says; the rest is small and plain. */
export type TrialPlan = Partial<Omit<Plan, 'clients' | 'scenarios' | 'limits'>> & {
  readonly scenario: string;
  readonly clients: number;
  readonly limits?: Partial<HealthLimits>;
};

export interface TrialHooks {
  /** Another server's entry file. */
  readonly hostEntry?: string;
  /** Called once when the window is about to open, with the id of the server's process. */
  readonly onWindow?: (serverPid: number) => void;
}

/** A machine with other work must not turn a trial void: what is tested is not the machine. No limit is ever reached. */
const LENIENT = Object.fromEntries(
  Object.keys(DEFAULT_LIMITS).map((name) => [name, 1e9]),
) as unknown as HealthLimits;

const built = (path: string): string => pathToFileURL(join(ROOT, 'dist', path)).href;

/** One real trial of the built program, its processes and all, driven from here. */
export async function oneTrial(given: TrialPlan, hooks: TrialHooks = {}): Promise<Trial> {
  const { runTrial } = (await import(built('runner/trial.js'))) as typeof import('../../runner/trial.js');
  const { Interrupt } = (await import(
    built('runner/interrupt.js')
  )) as typeof import('../../runner/interrupt.js');
  const { pinning, allowedCores } = (await import(
    built('runner/environment.js')
  )) as typeof import('../../runner/environment.js');
  const { processPlan } = (await import(
    built('runner/process-plan.js')
  )) as typeof import('../../runner/process-plan.js');
  const { scenario, clients, limits, ...rest } = given;
  const plan: Plan = {
    workload: 'broadcast',
    ratePerSecond: 10,
    arrivals: 'poisson',
    payloadBytes: 10,
    durationSeconds: 3,
    warmupSeconds: 0,
    trials: 1,
    pollIntervalMs: 1000,
    headers: 'minimal',
    rttMs: 0,
    bandwidthBitsPerSecond: null,
    seed: 2026,
    pin: true,
    overridden: [],
    ...rest,
    scenarios: [scenario],
    clients: [clients],
    limits: { ...LENIENT, ...limits },
  };
  let told = false;
  return runTrial({
    plan,
    contestant: { scenario, clients, trial: 1, order: 1 },
    processes: processPlan(clients, allowedCores().length, null, linkSettings(plan) !== null),
    pinning: pinning(plan),
    interrupt: new Interrupt(),
    onReading: ({ phase }) => {
      if (phase !== 'measuring' || told) return;
      told = true;
      hooks.onWindow?.(childrenRunning(/servers\/host\.js|-host\.mjs/)[0] ?? 0);
    },
    ...(hooks.hostEntry === undefined ? {} : { hostEntry: hooks.hostEntry }),
  });
}

/** A trial that was measured to its end; any other fails the test with its reasons. */
export function completed(trial: Trial): MeasuredTrial['measurements'] {
  if (trial.status === 'completed') return trial.measurements;
  throw new Error(`the trial is ${trial.status}: ${trial.reasons.map(({ message }) => message).join(' ')}`);
}

/** Ids of this process's own children whose command matches (after /proc). */
export function childrenRunning(command: RegExp): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        // The name in parentheses may hold spaces; the parent is the second field after it.
        if (stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[1] !== String(process.pid)) return false;
        return command.test(readFileSync(`/proc/${name}/cmdline`, 'latin1'));
      } catch {
        return false;
      }
    })
    .map(Number);
}
