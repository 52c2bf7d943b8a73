import type { Environment } from '../reports/result.js';
import { checkCapacity } from './capacity-check.js';
import { connectionsEach } from './connections.js';
import { scenarioOf } from './contenders.js';
import { linkDoubts } from './link/link-doubts.js';
import { handlerDoubts } from './patience.js';
import type { Plan } from './plan.js';
import { checkPorts } from './port-check.js';
import { proxyMistakes } from './proxy/proxy-mistakes.js';
import { replicationNotes } from './replication.js';
import { type BenchValues, planMistakes } from './resolve-plan.js';
import { peopleAtOnce } from './side-crowd/crowd-of.js';
import { lingeringMistakes } from './side-crowd/port-check.js';
import { allPublishThemselves, targetMistakes } from './target/plan-targets.js';
import { wireMistakes } from './verify/wire-preconditions.js';
import { workloadById } from './workloads/registry.js';

/** What stands against a plan, and what one should know of it. */
export interface PlanChecks {
  /** Sentences for the user; with one of them nothing is started. */
  readonly mistakes: readonly string[];
  /** What is allowed, but will not do what one may expect. */
  readonly notes: readonly string[];
}

/** Checks a plan against its options and the machine. @param searchPath PATH, for programs that it needs */
export function checkPlan(
  values: BenchValues,
  plan: Plan,
  environment: Environment,
  searchPath: string,
): PlanChecks {
  const capacity = checkCapacity(
    { ...plan, clients: plan.clients.map((clients) => peopleAtOnce(plan, clients)) },
    environment,
    connectionsEach(plan),
  );
  const ports = checkPorts(plan, environment);
  return {
    mistakes: [
      ...planMistakes(values, plan),
      ...targetMistakes(plan, environment),
      ...capacity.mistakes,
      ...lingeringMistakes(plan, environment),
      ...wireMistakes(plan, searchPath),
      ...ports.mistakes,
      ...proxyMistakes(plan, environment, searchPath),
    ],
    notes: [
      ...unusedOptions(values, plan),
      ...replicationNotes(values, plan),
      ...(workloadById(plan.workload).notes?.(plan) ?? []),
      ...capacity.warnings,
      ...ports.warnings,
      ...handlerDoubts(plan).warnings,
      ...linkDoubts(plan).warnings,
    ],
  };
}

function unusedOptions(values: BenchValues, plan: Plan): readonly string[] {
  const notes: string[] = [];
  if (plan.workload === 'idle' && values.rate !== undefined) {
    notes.push('--rate is not used by the idle workload, which publishes one message.');
  }
  if (allPublishThemselves(plan) && (values.rate !== undefined || values.payload !== undefined)) {
    notes.push('--rate and --payload are not used: every target publishes by itself.');
  }
  const scenarios = plan.scenarios.flatMap((id) => scenarioOf(plan, id) ?? []);
  if (values['poll-interval'] !== undefined && !scenarios.some(({ waitsForInterval }) => waitsForInterval)) {
    notes.push('--poll-interval is not used: polling is not among the scenarios.');
  }
  if (plan.subprotocols && !scenarios.some(({ id }) => id.startsWith('websocket'))) {
    notes.push('--subprotocols is not used: no WebSocket is among the scenarios.');
  }
  return notes;
}
