import type { GateOutcome, RuleVerdict, Verdict } from '../gate/contract.js';

/** A verdict over a rule; all may be replaced. */
export function sampleVerdict(over: Partial<RuleVerdict> = {}): RuleVerdict {
  return {
    rule: {
      metric: 'latencyUs.p50',
      direction: 'lower is better',
      tolerancePercent: 10,
      level: 'noisy',
      required: false,
    },
    scenario: 'sse',
    workload: 'broadcast',
    clients: 1000,
    verdict: 'pass',
    message: 'The median lateness is about the same.',
    base: [1000, 1100],
    head: [1050, 1010],
    ratio: { ratio: 1.02, low: 0.97, high: 1.06, pairs: 10 },
    aa: null,
    word: 'same',
    ...over,
  };
}

/** A gate with one verdict of each word given. */
export function sampleOutcome(
  outcome: GateOutcome['outcome'],
  verdicts: readonly Verdict[],
  over: Partial<GateOutcome> = {},
): GateOutcome {
  return {
    outcome,
    base: 'main',
    head: 'topic',
    rules: verdicts.map((verdict) => sampleVerdict({ verdict, message: `This one is: ${verdict}.` })),
    notes: [],
    ...over,
  };
}
