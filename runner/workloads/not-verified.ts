import type { Plan } from '../plan.js';

/** Why a plan with people who leave in the middle cannot have its bytes compared; nothing when it does not ask for it. */
export function notVerified({
  verifyWire,
  workload,
}: Pick<Plan, 'verifyWire' | 'workload'>): readonly string[] {
  if (!verifyWire) return [];
  return [
    `--verify-wire compares what one end sent with what the other read, and in --workload ${workload} some leave before they have read all: use another workload.`,
  ];
}
