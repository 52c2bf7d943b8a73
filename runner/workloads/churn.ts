import { messageCount } from '../../protocol/schedule.js';
import type { Plan } from '../plan.js';
import { MEAN_STAY_SECONDS } from '../side-crowd/visits.js';
import type { Workload } from './contract.js';
import { notVerified } from './not-verified.js';
import { rateSchedules } from './rate-schedules.js';

/** Their instants of coming and going are held in memory by every shard. */
const MOST_VISITORS = 2_000_000;

/** Visitors a second. */
function churnOf(plan: Plan): number {
  return plan.workloadOptions?.churn ?? defaultChurn(plan);
}

function defaultChurn({ clients }: Plan): number {
  return Math.max(1, Math.round(Math.min(...clients) / 10));
}

export const churn: Workload = {
  id: 'churn',
  description: 'Beside the clients that stay, visitors come as somebody new and leave again all the time.',
  options: { churn: defaultChurn },
  schedules: rateSchedules,
  crowd(plan, clients, trial) {
    const { seed, arrivals, durationSeconds } = plan;
    const perSecond = churnOf(plan);
    return {
      main: clients,
      // Twice the mean is more than chance makes of any crowd but a small one, to which the rest belongs.
      atOnce: clients + Math.ceil(2 * perSecond * MEAN_STAY_SECONDS) + 10,
      lingering: Math.ceil(perSecond * Math.min(60, durationSeconds)),
      side: {
        kind: 'visitors',
        arrivals: { seed, phase: `visitors/${trial}`, arrivals, ratePerSecond: perSecond, durationSeconds },
      },
    };
  },
  refuses: () => null,
  mistakes(plan) {
    const perSecond = churnOf(plan);
    const visitors = messageCount({ ratePerSecond: perSecond, durationSeconds: plan.durationSeconds });
    const what = `--churn ${perSecond} for --duration ${plan.durationSeconds}`;
    const mistakes = [...notVerified(plan)];
    if (visitors < 1)
      mistakes.push(`${what} brings no visitor: use a higher --churn or a longer --duration.`);
    if (visitors > MOST_VISITORS) {
      mistakes.push(
        `${what} brings ${visitors} visitors, ${MOST_VISITORS} are allowed: use a lower --churn or --duration.`,
      );
    }
    return mistakes;
  },
};
