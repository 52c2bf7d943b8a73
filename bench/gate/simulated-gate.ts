import type { Random } from '../../protocol/random.js';
import type { GateOutcome } from '../../reports/gate/contract.js';
import type { Rulebook } from '../../reports/gate/default-rules.js';
import { judgeComparison } from '../../reports/gate/judge.js';
import type { Result, Trial } from '../../reports/result.js';
import type { NoiseRound } from './noise-record.js';

/** What the head of a simulated comparison is slower in, and by which factor. */
export interface Planting {
  /** Beginning of the paths of the metrics. */
  readonly metrics: string;
  readonly factor: number;
}

const ARMS = ['base', "base'", 'head'] as const;
/** Rounds that follow each other share what happens to the machine: they are drawn together. */
const BLOCK = 3;

/**
 * A comparison of so many rounds as the recorded noise could have made it. Rounds are drawn with replacement in runs of
 * neighbours, each whole, so that what its three trials have in common stays; which of them is called which arm is drawn
 * anew, since all are the same server.
 */
export function drawRounds(rounds: readonly NoiseRound[], pairs: number, random: Random): NoiseRound[] {
  const drawn: NoiseRound[] = [];
  while (drawn.length < pairs) {
    const start = Math.floor(random() * rounds.length);
    for (let step = 0; step < BLOCK && drawn.length < pairs; step++) {
      drawn.push(shuffled(rounds[(start + step) % rounds.length]!, random));
    }
  }
  return drawn;
}

function shuffled(round: NoiseRound, random: Random): NoiseRound {
  const list = [...round];
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [list[at], list[other]] = [list[other]!, list[at]!];
  }
  return list;
}

/** Values by dotted path as the measurements of a trial that has nothing else. */
function measurementsOf(
  metrics: readonly string[],
  values: readonly number[],
  planting: Planting | null,
): object {
  const measurements: Record<string, unknown> = { wire: { perDelivery: null, exchange: null }, failures: {} };
  for (const [at, path] of metrics.entries()) {
    const names = path.split('.');
    const last = names.pop()!;
    let place = measurements;
    for (const name of names) {
      place[name] ??= {};
      place = place[name] as Record<string, unknown>;
    }
    place[last] =
      values[at]! * (planting !== null && path.startsWith(planting.metrics) ? planting.factor : 1);
  }
  return measurements;
}

/** What the gate says of rounds as recorded, with something planted in the head, or nothing. */
export function gateOf(
  metrics: readonly string[],
  rounds: readonly NoiseRound[],
  planting: Planting | null,
  rulebook: Rulebook,
): GateOutcome {
  const trials = rounds.flatMap((round, at) =>
    ARMS.map((arm, place): unknown => ({
      scenario: 'simulated',
      workload: 'broadcast',
      clients: 1,
      trial: at + 1,
      order: 3 * at + place + 1,
      arm,
      status: 'completed',
      reasons: [],
      measurements: measurementsOf(metrics, round[place]!, arm === 'head' ? planting : null),
    })),
  ) as Trial[];
  const plan = { scenarios: ['simulated'], workload: 'broadcast', clients: [1] };
  const result = { trials, interrupted: false, scenarioInfo: [], plan } as unknown as Result;
  // Of what was not recorded there is nothing to judge.
  const defaults = rulebook.defaults.filter(({ metric }) => metrics.includes(metric));
  return judgeComparison(result, { ...rulebook, defaults });
}
