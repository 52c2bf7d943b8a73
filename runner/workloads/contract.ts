import type { ScheduleSpec } from '../../protocol/schedule.js';
import type { Scenario } from '../../scenarios/contract.js';
import type { Plan } from '../plan.js';
import type { SideCrowdSpec } from '../side-crowd/contract.js';
import type { WorkloadOption } from './names.js';

/** What is published before and in the window of a trial. */
export interface TrialSchedules {
  readonly warmup: ScheduleSpec;
  readonly measure: ScheduleSpec;
}

/** How the people of a trial are divided. */
export interface Crowd {
  /** Clients whose deliveries, losses, latencies and bytes are the trial's. */
  readonly main: number;
  /** People at one time, or a little more: what descriptors, ports and memory have to do for. */
  readonly atOnce: number;
  /** Client ports that connections which were closed keep for a minute; none when left out. */
  readonly lingering?: number;
  /** The others, all of them. */
  readonly side: SideCrowdSpec;
}

/** What happens to the clients of a trial: one file, one registry line. */
export interface Workload {
  readonly id: string;
  /** One sentence for `list`, help and documentation. */
  readonly description: string;
  /** Options of its own and what each is when it was not given, null for nothing; any other workload's option is refused. */
  readonly options: Readonly<Partial<Record<WorkloadOption, (plan: Plan) => number | null>>>;
  /**
   * @param trial round, from 1: every round has instants of its own
   * @param clients of the trial, of which a plan may have several numbers
   */
  schedules(plan: Plan, trial: number, clients: number): TrialSchedules;
  /** What the schedule's messages are called, for people; 'message' when left out. */
  readonly unit?: string;
  /** Messages are said by clients, each by one of its topic, and published by the server that hears them. */
  readonly clientsSpeak?: true;
  /** Who is there beside the main crowd; without it all clients are the main crowd. @param trial round, from 1 */
  crowd?(plan: Plan, clients: number, trial: number): Crowd;
  /** Why it makes no sense with a transport, as a sentence; null when it does. */
  refuses(scenario: Scenario): string | null;
  /** Mistakes of a whole plan, a sentence each. */
  mistakes(plan: Plan): readonly string[];
  /** What will not show what one may expect, a sentence each. */
  notes?(plan: Plan): readonly string[];
}
