import type { Scenario } from '../scenarios/contract.js';
import { foreignScenario } from '../scenarios/foreign/foreign-scenario.js';
import type { Contender, Contending } from './contender.js';
import { scenarioById, scenarioIds } from './scenario-sets.js';
import { foreignSpec } from './target/foreign-spec.js';

/** What runs under a name, or undefined when nobody knows the name. */
export function contenderOf({ contenders }: Contending, id: string): Contender | undefined {
  if (contenders !== undefined && Object.hasOwn(contenders, id)) return contenders[id];
  const scenario = scenarioById(id);
  return scenario && { kind: 'reference', scenario: id, title: scenario.title };
}

/** How the clients of a name behave, or undefined when nobody knows the name. */
export function scenarioOf(plan: Contending, id: string): Scenario | undefined {
  const contender = contenderOf(plan, id);
  if (contender === undefined) return undefined;
  return contender.kind === 'target'
    ? foreignScenario(foreignSpec(contender, 0))
    : scenarioById(contender.scenario);
}

/** Arms of a comparison are all that is on its page: the base in grey, the head in blue. */
const ARM_PLACES: Readonly<Record<string, number>> = { base: 6, head: 4 };

/**
 * The plan's names as the result document lists them: those of the registry in its order, then the plan's own. Charts take
 * their colours from `order`.
 */
export function scenarioInfo(
  plan: Contending & { readonly scenarios: readonly string[]; readonly arms?: unknown },
) {
  const own = Object.keys(plan.contenders ?? {}).filter((id) => !scenarioIds.includes(id));
  const placeOf = (id: string, at: number): number => (plan.arms ? (ARM_PLACES[id] ?? at) : at);
  return [...scenarioIds, ...own]
    .map((id, at) => ({ id, order: placeOf(id, at), contender: contenderOf(plan, id)! }))
    .filter(({ id }) => plan.scenarios.includes(id))
    .map(({ id, order, contender }) => ({
      id,
      title: contender.title,
      family: scenarioOf(plan, id)!.family,
      order,
    }));
}
