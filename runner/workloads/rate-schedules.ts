import type { ScheduleSpec } from '../../protocol/schedule.js';
import type { Plan } from '../plan.js';
import type { TrialSchedules } from './contract.js';

/** The plan's rate throughout warm-up and window. */
export function rateSchedules(plan: Plan, trial: number): TrialSchedules {
  return shapedSchedules(plan, trial, {});
}

/** The same with what a workload adds to both. */
export function shapedSchedules(plan: Plan, trial: number, shape: Partial<ScheduleSpec>): TrialSchedules {
  const { seed, arrivals, ratePerSecond, warmupSeconds, durationSeconds } = plan;
  const common = { seed, arrivals, ratePerSecond, ...shape };
  return {
    warmup: { ...common, phase: `warmup/${trial}`, durationSeconds: warmupSeconds },
    measure: { ...common, phase: `measure/${trial}`, durationSeconds },
  };
}
