import type { Workload } from './contract.js';
import { shapedSchedules } from './rate-schedules.js';

export const unicast: Workload = {
  id: 'unicast',
  description:
    'Each message goes to one topic: to one client, or with --topics to the clients that share it.',
  options: { topics: () => null },
  schedules: (plan, trial, clients) =>
    shapedSchedules(plan, trial, { topics: plan.workloadOptions?.topics ?? clients }),
  refuses: () => null,
  mistakes(plan) {
    const topics = plan.workloadOptions?.topics ?? 0;
    const fewest = Math.min(...plan.clients);
    if (topics <= fewest) return [];
    return [
      `--topics ${topics} is more than --clients ${fewest}: some topics would have nobody who listens. Use at most ${fewest}.`,
    ];
  },
};
