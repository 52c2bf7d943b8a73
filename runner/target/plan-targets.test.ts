import { describe, expect, it } from 'vitest';
import { PLAN } from '../testing/hand-made-evidence.js';
import type { WorkloadId } from '../workloads/names.js';
import { targetContenders, targetMistakes } from './plan-targets.js';
import { chatTarget } from './testing/chat-target.js';

const SELF = { by: 'self', time: null } as const;

function mistakes(workload: WorkloadId, changes: Parameters<typeof chatTarget>[0] = {}): readonly string[] {
  const contenders = targetContenders([chatTarget(changes)]);
  const plan = { ...PLAN, scenarios: ['chat'], contenders, workload, payloadBytes: 100 };
  return targetMistakes(plan, { ephemeralPorts: null });
}

describe('a workload with a target', () => {
  it.each(['broadcast', 'idle', 'burst', 'churn', 'slow-readers'] as const)('may be %s', (workload) => {
    expect(mistakes(workload)).toEqual([]);
  });

  it.each(['unicast', 'echo', 'restart', 'overload'] as const)('may not be %s', (workload) => {
    expect(mistakes(workload)).toEqual([
      expect.stringMatching(`^--workload ${workload} makes no sense with the target chat: `),
    ]);
  });

  it.each(['idle', 'burst', 'churn', 'slow-readers'] as const)(
    'may not be %s where it publishes by itself: nobody knows what it should have sent, and when',
    (workload) => {
      expect(mistakes(workload, { publish: SELF })).toEqual([
        `--workload ${workload} makes no sense with chat, which publishes by itself. Use broadcast.`,
      ]);
      expect(mistakes('broadcast', { publish: SELF })).toEqual([]);
    },
  );
});
