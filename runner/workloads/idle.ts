import type { Workload } from './contract.js';

/** Its one message comes at this part of the window. */
const PROOF_OF_LIFE = 0.9;

export const idle: Workload = {
  id: 'idle',
  description: 'Clients hold their connections; one message proves that they live.',
  options: {},
  schedules({ seed, arrivals, warmupSeconds, durationSeconds }, trial) {
    const common = { seed, arrivals, ratePerSecond: 0 };
    return {
      warmup: { ...common, phase: `warmup/${trial}`, durationSeconds: warmupSeconds },
      measure: { ...common, phase: `measure/${trial}`, durationSeconds, single: PROOF_OF_LIFE },
    };
  },
  refuses: () => null,
  mistakes: () => [],
};
