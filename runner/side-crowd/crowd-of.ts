import type { Plan } from '../plan.js';
import type { Crowd } from '../workloads/contract.js';
import { workloadById } from '../workloads/registry.js';

/** How the clients of a trial are divided; null where all are the main crowd. @param trial round, from 1 */
export function crowdOf(plan: Plan, clients: number, trial: number): Crowd | null {
  return workloadById(plan.workload).crowd?.(plan, clients, trial) ?? null;
}

/** Clients whose deliveries are the trial's. */
export function mainClients(plan: Plan, clients: number): number {
  return crowdOf(plan, clients, 1)?.main ?? clients;
}

/** People at one time. */
export function peopleAtOnce(plan: Plan, clients: number): number {
  return crowdOf(plan, clients, 1)?.atOnce ?? clients;
}
