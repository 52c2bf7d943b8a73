import { readable } from '../options/readable.js';
import type { Plan } from '../plan.js';
import type { Workload } from './contract.js';
import { notVerified } from './not-verified.js';
import { rateSchedules } from './rate-schedules.js';

function defaultAdmission({ clients }: Plan): number {
  return Math.max(1, Math.floor(Math.min(...clients) / 2));
}

/**
 * Connections that each of so many servers admits; undefined in every other workload, whose servers admit everybody.
 */
export function admissionOf(plan: Plan, servers: number): number | undefined {
  if (plan.workload !== 'overload') return undefined;
  return Math.ceil((plan.workloadOptions?.admit ?? defaultAdmission(plan)) / servers);
}

export const overload: Workload = {
  id: 'overload',
  description:
    'More and more people come, and more and more is published, past what the server admits: what do they see?',
  options: { admit: defaultAdmission },
  // The warm-up has nobody to turn away and nothing to climb to.
  schedules(plan, trial) {
    const { warmup, measure } = rateSchedules(plan, trial);
    return { warmup, measure: { ...measure, ramp: true } };
  },
  crowd(plan, clients) {
    const main = Math.max(1, Math.floor((admissionOf(plan, 1) ?? clients) / 2));
    return { main, atOnce: clients, side: { kind: 'newcomers', clients: clients - main } };
  },
  refuses: () => null,
  mistakes(plan) {
    const admitted = admissionOf(plan, 1) ?? 0;
    const few = plan.clients.filter((clients) => clients <= admitted);
    return [
      ...notVerified(plan),
      ...(few.length === 0
        ? []
        : [
            `--clients ${few.join(',')}: the server admits ${readable(admitted)}, so that nobody is turned away. Use more clients or a lower --admit.`,
          ]),
    ];
  },
};
