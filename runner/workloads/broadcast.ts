import type { Workload } from './contract.js';
import { rateSchedules } from './rate-schedules.js';

export const broadcast: Workload = {
  id: 'broadcast',
  description: 'Every client hears every message.',
  options: {},
  schedules: rateSchedules,
  refuses: () => null,
  mistakes: () => [],
};
