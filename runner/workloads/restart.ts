import { messageCount } from '../../protocol/schedule.js';
import type { Plan } from '../plan.js';
import type { Workload } from './contract.js';
import { rateSchedules } from './rate-schedules.js';

/** Where the log is while the server is away. */
export type RestartLog = 'broker' | 'memory';

/** One restart of the server. */
export interface PlannedRestart {
  readonly log: RestartLog;
  /** Part of the window at which the server is killed. */
  readonly at: number;
}

/** One restart as it was done; instants in milliseconds from the window's start. */
export interface RestartDone {
  readonly log: RestartLog;
  readonly killedMs: number;
  /** When the new server listened again. */
  readonly listeningMs: number;
  /** Messages that came due without anybody to publish them: those of the time away, where the log is gone. */
  readonly neverPublished: number;
}

/** The two restarts of a window. Between them lies time for the herd, and for a poll interval. */
export const RESTARTS: readonly PlannedRestart[] = [
  { log: 'broker', at: 0.2 },
  { log: 'memory', at: 0.65 },
];
/** Messages from this part of the window on belong to the second restart. */
export const SECOND_STRETCH = 0.5;
/** The least part of the window in which people must be able to come back. */
const AWAY_PART = 0.2;
const DEFAULT_DOWN_MS = 500;
/** Every publish has a row of its own, which losses are read from. */
const MOST_MESSAGES = 5000;

/** Whether, and where, the window of a plan is cut into stretches, one a restart; milliseconds. Null without restarts. */
export function restartStretches(plan: Pick<Plan, 'workload' | 'durationSeconds'>): readonly number[] | null {
  return plan.workload === 'restart' ? [plan.durationSeconds * 1000 * SECOND_STRETCH] : null;
}

export const restart: Workload = {
  id: 'restart',
  description:
    'The server is killed and comes back twice: first with its log kept by a broker, then with what it had in memory gone.',
  options: { down: () => DEFAULT_DOWN_MS },
  schedules: rateSchedules,
  refuses: () => null,
  mistakes(plan) {
    const mistakes: string[] = [];
    const downMs = plan.workloadOptions?.down ?? DEFAULT_DOWN_MS;
    const leastSeconds = downMs / 1000 / AWAY_PART;
    if (plan.durationSeconds < leastSeconds) {
      mistakes.push(
        `--duration ${plan.durationSeconds} is too short for two restarts of --down ${downMs} ms: use at least ${leastSeconds} s.`,
      );
    }
    const messages = messageCount(rateSchedules(plan, 1).measure);
    if (messages > MOST_MESSAGES) {
      mistakes.push(
        `--workload restart follows every single message, ${MOST_MESSAGES} in a window at most; this plan has ${messages}. Use a lower --rate or --duration.`,
      );
    }
    if (plan.verifyWire) {
      mistakes.push(
        '--verify-wire asks a server for its counters, which a killed one takes with it: use another workload.',
      );
    }
    return mistakes;
  },
};
