/** Every workload, in the order of lists and documentation. */
export const WORKLOAD_IDS = [
  'broadcast',
  'idle',
  'burst',
  'unicast',
  'echo',
  'churn',
  'restart',
  'slow-readers',
  'overload',
] as const;
export type WorkloadId = (typeof WORKLOAD_IDS)[number];

/** Options that belong to single workloads, as their flags are named. All of them are numbers. */
export const WORKLOAD_OPTIONS = ['topics', 'burst', 'churn', 'slow', 'admit', 'down'] as const;
export type WorkloadOption = (typeof WORKLOAD_OPTIONS)[number];
