import { describe, expect, it } from 'vitest';
import { planMistakes, resolvePlan } from '../runner/resolve-plan.js';
import { WORKLOAD_IDS, type WorkloadId, type WorkloadOption } from '../runner/workloads/names.js';
import { workloadById } from '../runner/workloads/registry.js';
import type { Scenario } from '../scenarios/contract.js';
import { scenarios } from '../scenarios/registry.js';
import { measurementsOf } from './support/consistent.js';
import { completed, oneTrial } from './support/one-trial.js';

const CLIENTS = 10;
const SMALL = { rate: 80, duration: 0.25, warmup: 0, 'poll-interval': 50 } as const;
/** A restart takes a back-off of half a second, twice. */
const CHANGES: Partial<Record<WorkloadId, Partial<Record<WorkloadOption | 'duration', number>>>> = {
  churn: { churn: 20 },
  restart: { duration: 1.5, down: 50 },
};

/** Reasons that make a trial void without making its counts wrong: two restarts want more than two seconds. */
const STILL_COUNTED: Partial<Record<WorkloadId, string>> = { restart: 'restarts-overlap' };
/** Failures that a workload is there to bring about. */
const MEANT: Partial<Record<WorkloadId, readonly string[]>> = { overload: ['http-503'] };

const valuesOf = (scenario: string, workload: WorkloadId) => ({
  scenario: [scenario],
  clients: [CLIENTS],
  workload,
  seed: 2026,
  ...SMALL,
  ...CHANGES[workload],
});

describe.concurrent.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  for (const workload of WORKLOAD_IDS) {
    const refused = workloadById(workload).refuses(scenario);
    const values = valuesOf(scenario.id, workload) as unknown as Parameters<typeof resolvePlan>[0];

    if (refused !== null) {
      it(`makes no sense with ${workload}, and says why`, () => {
        expect(refused).toMatch(/^[A-Z-].{20,}\.$/);
        expect(planMistakes(values, resolvePlan(values))).toEqual([expect.stringContaining(refused)]);
      });
      continue;
    }

    it(`goes with ${workload}: nothing is lost that the result does not explain`, async () => {
      const { scenarios: _, clients: __, limits: ___, ...plan } = resolvePlan(values);
      expect(planMistakes(values, resolvePlan(values))).toEqual([]);
      const trial = await oneTrial({ ...plan, pin: false, scenario: scenario.id, clients: CLIENTS });
      const isCounted = trial.reasons.some(({ code }) => code === STILL_COUNTED[workload]);
      const found = isCounted ? measurementsOf(trial) : completed(trial);
      const { messages, wire, restarts, clients, failures } = found;
      expect(clients.connected).toBe(clients.requested);
      expect(messages.delivered).toBeGreaterThan(0);
      expect(messages.delivered + messages.lost!).toBe(messages.expected);
      expect(wire.totals).toEqual(wire.sockets);
      if (restarts === undefined) {
        expect([messages.lost, messages.duplicated, messages.reordered]).toEqual([0, 0, 0]);
        expect(Object.keys(failures).filter((kind) => !MEANT[workload]?.includes(kind))).toEqual([]);
      } else {
        // What each transport owes a restart has a test of its own.
        expect(restarts.each.reduce((sum, { lost }) => sum + lost, 0)).toBe(messages.lost);
      }
    });
  }
});
