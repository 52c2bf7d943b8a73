import type { Workload } from './contract.js';
import { shapedSchedules } from './rate-schedules.js';

const DEFAULT_BURST = 10;

export const burst: Workload = {
  id: 'burst',
  description: 'Messages come in bursts: several are published at one instant, for every client.',
  options: { burst: () => DEFAULT_BURST },
  schedules: (plan, trial) =>
    shapedSchedules(plan, trial, { burst: plan.workloadOptions?.burst ?? DEFAULT_BURST }),
  refuses: () => null,
  mistakes: () => [],
};
