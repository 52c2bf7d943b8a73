import { broadcast } from './broadcast.js';
import type { Workload } from './contract.js';
import { idle } from './idle.js';

/** Every workload by its id. Command-line choices, `list`, help and documentation follow from it. */
export const workloads = { broadcast, idle } as const satisfies Record<string, Workload>;

export type WorkloadId = keyof typeof workloads;

export const workloadIds = Object.keys(workloads) as WorkloadId[];

/** A workload by its id, as the whole contract. */
export function workloadById(id: WorkloadId): Workload {
  return workloads[id];
}
