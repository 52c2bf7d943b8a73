import type { Scenario } from '../scenarios/contract.js';
import { ALL_SCENARIOS, scenarios } from '../scenarios/registry.js';

/** Ids of the whole registry, in its order: what `every` means. */
export const scenarioIds: readonly string[] = Object.keys(scenarios);

/** The scenarios that a list of ids, `all` and `every` names: each once, in the order of first mention. */
export function expandScenarios(named: readonly string[]): readonly string[] {
  const expanded = named.flatMap((id) =>
    id === 'all' ? ALL_SCENARIOS : id === 'every' ? scenarioIds : [id],
  );
  return [...new Set(expanded)];
}

/** The registry's line for an id, or undefined. */
export function scenarioById(id: string): Scenario | undefined {
  const registry: Readonly<Record<string, Scenario>> = scenarios;
  return Object.hasOwn(registry, id) ? registry[id] : undefined;
}
