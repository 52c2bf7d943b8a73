import type { GateOutcome } from '../../reports/gate/contract.js';
import { defaultRules } from '../../reports/gate/default-rules.js';
import {
  GATE_BUDGET_SECONDS,
  GATE_CLIENTS,
  GATE_DURATION_SECONDS,
  GATE_PAIRS,
  GATE_RATE,
  GATE_WARMUP_SECONDS,
} from '../../reports/gate/defaults.js';
import { judgeComparison } from '../../reports/gate/judge.js';
import { benchComparison } from './comparison.js';

/**
 * Options of the command line for what a gate of a bench measures, with the defaults of `compare --gate`. Pairs and budget both hold,
 * whichever ends first.
 */
export const GATE_OPTIONS = {
  pairs: { type: 'string', default: String(GATE_PAIRS) },
  budget: { type: 'string', default: String(GATE_BUDGET_SECONDS) },
  clients: { type: 'string', default: String(GATE_CLIENTS) },
  rate: { type: 'string', default: String(GATE_RATE) },
  duration: { type: 'string', default: String(GATE_DURATION_SECONDS) },
  warmup: { type: 'string', default: String(GATE_WARMUP_SECONDS) },
} as const;

/** What was given for {@link GATE_OPTIONS}. */
export type GateSettings = Readonly<Record<keyof typeof GATE_OPTIONS, string>>;

export interface OneGate {
  readonly outcome: GateOutcome;
  readonly startedAt: string;
  readonly seconds: number;
  /** How many the budget had room for. */
  readonly pairs: number;
}

/**
 * A real comparison of a reference server with itself, or with what is planted in the head, judged by the default rules.
 * @param headEntry host of the head; the reference servers' when undefined
 * @param names of the arms, as the verdict is to name them
 * @throws Error when a trial could not be measured
 */
export async function gateOnce(
  scenario: string,
  settings: GateSettings,
  seed: number,
  headEntry?: string,
  names?: { readonly base: string; readonly head: string },
  onTrial?: (done: number, of: number) => void,
): Promise<OneGate> {
  if (Object.values(settings).some((value) => !(Number(value) >= 0))) {
    throw new Error(`Of ${JSON.stringify(settings)} each has to be a number, and not negative.`);
  }
  const startedMs = performance.now();
  const result = await benchComparison({
    scenario,
    pairs: Number(settings.pairs),
    budgetSeconds: Number(settings.budget),
    plan: {
      clients: [Number(settings.clients)],
      ratePerSecond: Number(settings.rate),
      durationSeconds: Number(settings.duration),
      warmupSeconds: Number(settings.warmup),
      seed,
    },
    arms: ['base', "base'", 'head'],
    ...(headEntry === undefined ? {} : { headEntry }),
    ...(onTrial === undefined ? {} : { onTrial }),
  });
  return {
    outcome: judgeComparison(result, defaultRules('comparison'), names),
    startedAt: result.startedAt,
    seconds: (performance.now() - startedMs) / 1000,
    pairs: result.plan.trials,
  };
}
