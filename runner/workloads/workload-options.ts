import type { Plan } from '../plan.js';
import { WORKLOAD_IDS, WORKLOAD_OPTIONS, type WorkloadOption } from './names.js';
import { workloadById } from './registry.js';

/** Values of the workloads' own options as they were given. */
export type GivenOptions = Readonly<Partial<Record<WorkloadOption, number | undefined>>>;

/** The options of the plan's workload: as given, else by default. */
export function withWorkloadOptions(plan: Plan, given: GivenOptions): Plan {
  const defaults = Object.entries(workloadById(plan.workload).options) as [
    WorkloadOption,
    (plan: Plan) => number | null,
  ][];
  if (defaults.length === 0) return plan;
  return {
    ...plan,
    workloadOptions: Object.fromEntries(
      defaults
        .map(([name, fallback]) => [name, given[name] ?? fallback(plan)] as const)
        .filter((entry): entry is [WorkloadOption, number] => entry[1] !== null),
    ),
  };
}

/** What the plan's workload and its options have against each other and the scenarios, a sentence each. */
export function workloadMistakes(plan: Plan, given: GivenOptions, refused: readonly string[]): string[] {
  const own = workloadById(plan.workload);
  const strangers = WORKLOAD_OPTIONS.filter((name) => given[name] !== undefined && !(name in own.options));
  return [
    ...strangers.map((name) => {
      const owners = WORKLOAD_IDS.filter((id) => name in workloadById(id).options);
      return `--${name} belongs to the workload ${owners.join(' and ')}, not to ${plan.workload}: leave it out, or use --workload ${owners[0]}.`;
    }),
    ...refused.map((sentence) => `--workload ${plan.workload}: ${sentence}`),
    ...own.mistakes(plan),
  ];
}

/** The arguments that repeat the workload's options: all of them, since a default may follow from the rest. */
export function workloadArguments(plan: Plan): string[] {
  return Object.entries(plan.workloadOptions ?? {}).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
