import { scenarioOf } from './contenders.js';
import type { Plan } from './plan.js';
import { workloadById } from './workloads/registry.js';

/** A client that speaks where its transport has no way up does so on a second connection. */
const WITH_POSTS = 2;

/**
 * Connections that a client of the plan may hold at once: of the scenario that holds most, so that all its contestants
 * have the same processes.
 */
export function connectionsEach(plan: Pick<Plan, 'scenarios' | 'contenders' | 'workload'>): number {
  const { clientsSpeak } = workloadById(plan.workload);
  const each = plan.scenarios.map((id) => {
    const { family, connections = 1 } = scenarioOf(plan, id)!;
    return clientsSpeak && family !== 'socket' ? Math.max(WITH_POSTS, connections) : connections;
  });
  return Math.max(1, ...each);
}
