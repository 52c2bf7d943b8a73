import { listed } from '../reports/listed.js';
import { LEAST_COUNTS } from '../reports/slopes.js';
import { LEAST_ROUNDS, mostRounds, roundsSeconds } from './auto-trials.js';
import { spanText } from './estimate.js';
import type { OptionValues } from './options/option.js';
import { readable } from './options/readable.js';
import type { benchOptions } from './options/tables.js';
import type { Plan } from './plan.js';

type Values = Pick<OptionValues<typeof benchOptions>, 'trials' | 'precision' | 'budget' | 'aa' | 'slopes'>;

/** Rounds of a run, and of an A/A run: eight are the fewest with an interval that assumes nothing. */
const ROUNDS = 3;
const AA_ROUNDS = 8;
const PRECISION_PERCENT = 10;
const BUDGET_SECONDS = 600;

/** How often a plan is repeated, and to what end; the rest of the plan stays as it is. */
export function withReplication(plan: Plan, values: Values): Plan {
  const aa = values.aa === true;
  const fixed: Plan = {
    ...plan,
    trials: typeof values.trials === 'number' ? values.trials : aa ? AA_ROUNDS : ROUNDS,
    ...(aa ? { aa } : {}),
    ...(values.slopes === true ? { slopes: true } : {}),
  };
  if (values.trials !== 'auto') return fixed;
  const auto = {
    precisionPercent: values.precision ?? PRECISION_PERCENT,
    budgetSeconds: values.budget ?? BUDGET_SECONDS,
    leastRounds: LEAST_ROUNDS,
  };
  return { ...fixed, auto, trials: mostRounds(fixed, auto.budgetSeconds) };
}

/** What cannot be had: a slope through too few points, an interval within too small a budget. */
export function replicationMistakes(plan: Plan): readonly string[] {
  const mistakes: string[] = [];
  const counts = plan.clients.length;
  if (plan.slopes && counts < LEAST_COUNTS) {
    const given = listed(plan.clients.map(readable));
    mistakes.push(
      `--slopes needs at least ${LEAST_COUNTS} client counts, and --clients has ${counts} (${given}): a slope is drawn ` +
        `through a sweep. For example --clients 500,1000,2000,4000,8000.`,
    );
  }
  if (plan.auto) {
    const least = roundsSeconds(plan, plan.auto.leastRounds);
    if (least > plan.auto.budgetSeconds) {
      mistakes.push(
        `--budget ${plan.auto.budgetSeconds} is too little: an interval needs ${plan.auto.leastRounds} rounds, which take ` +
          `about ${spanText(least)}. Use --budget ${Math.ceil(least / 10) * 10} or more, fewer scenarios or client ` +
          `counts, or a shorter --duration.`,
      );
    }
  }
  return mistakes;
}

/** What was given and is allowed, but will not do what one may expect. */
export function replicationNotes(values: Values, plan: Plan): readonly string[] {
  const notes: string[] = [];
  if (!plan.auto) {
    for (const name of ['precision', 'budget'] as const) {
      if (values[name] !== undefined) notes.push(`--${name} is not used without --trials auto.`);
    }
  }
  if (plan.aa && plan.trials < LEAST_ROUNDS) {
    notes.push(
      `--aa gives no interval below ${LEAST_ROUNDS} rounds; the floor is then the farthest single round.`,
    );
  }
  if (plan.slopes && plan.clients.length * plan.trials < LEAST_ROUNDS) {
    notes.push(
      `A slope through fewer than ${LEAST_ROUNDS} trials has no interval; use more --trials or --clients.`,
    );
  }
  return notes;
}

/** The arguments that repeat this part of a plan. */
export function replicationArguments(plan: Plan): string[] {
  const { auto, aa, slopes, trials } = plan;
  return [
    '--trials',
    ...(auto
      ? ['auto', '--precision', String(auto.precisionPercent), '--budget', String(auto.budgetSeconds)]
      : [String(trials)]),
    ...(aa ? ['--aa'] : []),
    ...(slopes ? ['--slopes'] : []),
  ];
}

/** How long a run with `--trials auto` takes, as a sentence; null for any other. */
export function autoSentence(plan: Plan): string | null {
  if (!plan.auto) return null;
  const { precisionPercent, leastRounds } = plan.auto;
  return (
    `--trials auto: ${leastRounds} to ${plan.trials} rounds, ${spanText(roundsSeconds(plan, leastRounds))} to ` +
    `${spanText(roundsSeconds(plan, plan.trials))}; it stops when every median latency and byte count is known to ` +
    `${precisionPercent} % (99 % interval).`
  );
}
