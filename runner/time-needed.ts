import { calibrationSeconds } from './calibration/calibration-time.js';
import { runSeconds } from './estimate.js';
import type { Calibrate, Plan } from './plan.js';
import { checkSeconds } from './target/plan-targets.js';

/** Seconds that a run will take with its checks and its calibration, about; at most what its budget allows for all of it. */
export function neededSeconds(plan: Plan, calibrate: Calibrate): number {
  const seconds = runSeconds(plan) + checkSeconds(plan) + calibrationSeconds(plan, calibrate);
  return Math.min(seconds, plan.budgetSeconds ?? Number.POSITIVE_INFINITY);
}
