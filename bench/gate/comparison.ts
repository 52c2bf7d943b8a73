import { createRandom, type Random } from '../../protocol/random.js';
import type { Arm, Result, Trial } from '../../reports/result.js';
import { RESULT_SCHEMA } from '../../reports/result.js';
import { LEAST_ROUNDS } from '../../runner/auto-trials.js';
import { readEnvironment } from '../../runner/environment.js';
import type { Plan } from '../../runner/plan.js';
import { packageVersion } from '../../runner/version.js';
import { benchPlan, benchTrial } from '../lab.js';

/** What a comparison of a bench is made of. */
export interface BenchComparison {
  readonly scenario: string;
  readonly pairs: number;
  readonly plan: Partial<Plan> & Pick<Plan, 'clients' | 'seed'>;
  /** Arms in the order of the document; without `base'` there is no A/A. */
  readonly arms: readonly Arm[];
  /** Another host for the head than the reference servers'. */
  readonly headEntry?: string;
  /** No round is begun that would end after this, going by those before it, as `compare` does it; no end when left out. */
  readonly budgetSeconds?: number;
  readonly onTrial?: (done: number, of: number) => void;
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const items = [...list];
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}

/** Arms of each round: in any as many rounds as there are arms, from the first on, each stands once at each place. */
function rounds(arms: readonly Arm[], count: number, random: Random): Arm[][] {
  const list: Arm[][] = [];
  while (list.length < count) {
    const first = shuffled(arms, random);
    const turns = shuffled(
      arms.map((_, turn) => first.map((_arm, at) => first[(at + turn) % first.length]!)),
      random,
    );
    list.push(...turns);
  }
  return list.slice(0, count);
}

/**
 * Interleaved trials of the same server, or of it and another, as a result document.
 * @throws Error when a trial could not be measured
 */
export async function benchComparison(wish: BenchComparison): Promise<Result> {
  const plan = benchPlan({ ...wish.plan, scenarios: [wish.scenario], trials: wish.pairs });
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const trials: Trial[] = [];
  const order = rounds(wish.arms, wish.pairs, createRandom(plan.seed, 'gate/arms'));
  for (const [round, arms] of order.entries()) {
    const elapsedSeconds = (performance.now() - startedMs) / 1000;
    const isSpent = elapsedSeconds * (1 + 1 / round) > (wish.budgetSeconds ?? Number.POSITIVE_INFINITY);
    if (round >= LEAST_ROUNDS && isSpent) break;
    for (const arm of arms) {
      const trial = await benchTrial(
        plan,
        wish.scenario,
        round + 1,
        arm === 'head' ? wish.headEntry : undefined,
      );
      // What the machine did to a trial is noise here, and noise is what the gate is to bear.
      trials.push({ ...trial, status: 'completed', arm, order: trials.length + 1 });
      wish.onTrial?.(trials.length, order.length * wish.arms.length);
    }
  }
  return {
    schema: RESULT_SCHEMA,
    tool: { name: 'pushbench', version: packageVersion() },
    startedAt,
    finishedAt: new Date().toISOString(),
    interrupted: false,
    command: [],
    environment: readEnvironment(plan.pin),
    scenarioInfo: [],
    plan: {
      ...plan,
      trials: trials.length / wish.arms.length,
      scenarios: [...plan.scenarios],
      clients: [...plan.clients],
    } as unknown as Result['plan'],
    requestCeiling: null,
    trials,
    summary: [],
  };
}
