import type { ScheduleSpec } from '../../protocol/schedule.js';
import type { Scenario } from '../../scenarios/contract.js';
import type { Plan } from '../plan.js';

/** What is published before and in the window of a trial. */
export interface TrialSchedules {
  readonly warmup: ScheduleSpec;
  readonly measure: ScheduleSpec;
}

/** Options that belong to single workloads, as their flags are named. All of them are numbers. */
export const WORKLOAD_OPTIONS = ['topics', 'burst', 'churn', 'slow', 'admit', 'down'] as const;
export type WorkloadOption = (typeof WORKLOAD_OPTIONS)[number];

/** What happens to the clients of a trial: one file, one registry line. */
export interface Workload {
  readonly id: string;
  /** One sentence for `list`, help and documentation. */
  readonly description: string;
  /** Options of its own and what each is when it was not given; any other workload's option is refused. */
  readonly options: Readonly<Partial<Record<WorkloadOption, (plan: Plan) => number>>>;
  /** @param trial round, from 1: every round has instants of its own */
  schedules(plan: Plan, trial: number): TrialSchedules;
  /** Why it makes no sense with a transport, as a sentence; null when it does. */
  refuses(scenario: Scenario): string | null;
  /** Mistakes of a whole plan, a sentence each. */
  mistakes(plan: Plan): readonly string[];
}
