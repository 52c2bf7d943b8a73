import { FOREIGN_MARKER_BYTES } from '../../protocol/marker.js';
import { MARKER_BYTES } from '../../protocol/payload.js';
import {
  GATE_BUDGET_SECONDS,
  GATE_CLIENTS,
  GATE_DURATION_SECONDS,
  GATE_PAIRS,
  GATE_RATE,
  GATE_SHARE_LIMIT_MS,
  GATE_WARMUP_SECONDS,
} from '../../reports/gate/defaults.js';
import { roundsSeconds } from '../auto-trials.js';
import type { Entrant } from '../contender.js';
import { spanText } from '../estimate.js';
import type { compareOptions } from '../options/compare-table.js';
import type { OptionValues } from '../options/option.js';
import { benchOptions } from '../options/tables.js';
import type { Delivery, Plan } from '../plan.js';
import {
  type BenchValues,
  conditionArguments,
  defaultOut,
  loadArguments,
  resolvePlan,
} from '../resolve-plan.js';
import { armText } from './arm.js';
import type { MeasuredSide, Side } from './arm-side.js';

export type CompareValues = OptionValues<typeof compareOptions>;

/** Fewest pairs that a comparison is worth: below five there is no interval. */
const LEAST_PAIRS = 5;
const MOST_PAIRS = 1000;

const NOTHING = Object.fromEntries(Object.keys(benchOptions).map((name) => [name, undefined]));

/** The options that shape a trial, as a run has them, with a comparison's own defaults. */
export function asBenchValues(values: CompareValues): BenchValues {
  const {
    base: _base,
    head: _head,
    pairs: _pairs,
    budget: _budget,
    gate: _gate,
    'no-aa': _aa,
    target: _target,
    ...shared
  } = values;
  return {
    ...(NOTHING as unknown as BenchValues),
    ...shared,
    clients: values.clients ?? [GATE_CLIENTS],
    rate: values.rate ?? GATE_RATE,
    duration: values.duration ?? GATE_DURATION_SECONDS,
    warmup: values.warmup ?? GATE_WARMUP_SECONDS,
    limit: withShareLimit(values.limit ?? []),
  };
}

/** An override like any other: it stands in the result, and whoever gives a limit of their own has it. */
function withShareLimit(given: NonNullable<BenchValues['limit']>): NonNullable<BenchValues['limit']> {
  const isGiven = given.some(([name]) => name === 'generatorShareMs');
  return isGiven ? given : [...given, ['generatorShareMs', GATE_SHARE_LIMIT_MS]];
}

/** The two sides of a comparison. */
export interface Sides {
  readonly base: Side;
  readonly head: MeasuredSide;
}

/** Who runs in each round; undefined where the head runs alone. */
function armsOf({ base }: Sides, aa: boolean): readonly Entrant[] | undefined {
  if (base.kind === 'stored') return undefined;
  return [
    { scenario: 'base', arm: 'base' },
    ...(aa ? [{ scenario: 'base', arm: "base'" } as const] : []),
    { scenario: 'head', arm: 'head' },
  ];
}

/** Names of the plan and what they mean. A head that runs alone has the name that its base had. */
export function contendersOf({ base, head }: Sides): NonNullable<Plan['contenders']> {
  return base.kind === 'stored'
    ? { [base.scenario]: head.contender }
    : { base: base.contender, head: head.contender };
}

/** The plan of a comparison, or what is wrong with it. */
export function resolveComparePlan(
  values: CompareValues,
  sides: Sides,
): { plan: Plan; mistakes: readonly string[] } {
  const contenders = contendersOf(sides);
  const arms = armsOf(sides, values['no-aa'] !== true);
  const unlimited: Plan = {
    ...resolvePlan(asBenchValues(values)),
    payloadBytes: values.payload ?? leastPayload(sides),
    scenarios: Object.keys(contenders),
    contenders,
    ...(arms ? { arms } : {}),
    trials: values.pairs ?? GATE_PAIRS,
  };
  const { budget } = values;
  if (budget === undefined) {
    // How long a trial takes is known only when some have run: the clock keeps the three minutes.
    const plan =
      values.pairs === undefined ? { ...unlimited, budgetSeconds: GATE_BUDGET_SECONDS } : unlimited;
    return { plan, mistakes: [] };
  }
  const fitting = pairsWithin(unlimited, budget);
  const plan = { ...unlimited, budgetSeconds: budget, trials: Math.min(values.pairs ?? MOST_PAIRS, fitting) };
  if (fitting >= Math.min(LEAST_PAIRS, values.pairs ?? LEAST_PAIRS)) return { plan, mistakes: [] };
  const least = roundsSeconds(unlimited, LEAST_PAIRS);
  return {
    plan: unlimited,
    mistakes: [
      `--budget ${budget} is too little: an interval needs ${LEAST_PAIRS} pairs, which take about ${spanText(least)}. Use ` +
        `--budget ${Math.ceil(least / 10) * 10} or more, fewer --clients, or a shorter --duration.`,
    ],
  };
}

/** Ten bytes hold a sequence number; a server that is not ours needs a marker that is found again. */
function leastPayload({ base, head }: Sides): number {
  const isForeign = [base, head].some((side) => side.kind === 'measured' && side.contender.kind === 'target');
  return isForeign ? FOREIGN_MARKER_BYTES : MARKER_BYTES;
}

function pairsWithin(plan: Plan, budgetSeconds: number): number {
  const each = roundsSeconds(plan, 2) - roundsSeconds(plan, 1);
  return Math.floor((budgetSeconds - roundsSeconds(plan, 1) + each) / each);
}

/** How the results of a comparison leave the tool, and the arguments that repeat it. */
export function resolveCompareDelivery(
  values: CompareValues,
  plan: Plan,
  sides: Sides,
  color: boolean,
  now: Date,
): Delivery {
  return {
    out: values.out ?? defaultOut(now),
    json: values.json === true,
    quiet: values.quiet === true,
    color,
    strict: values.strict === true,
    calibrate: values.calibrate ?? 'auto',
    command: [
      'compare',
      '--base',
      repeatable(sides.base),
      '--head',
      repeatable(sides.head),
      ...(values.config === undefined ? [] : ['--config', values.config]),
      ...(values.target === undefined ? [] : ['--target', values.target]),
      ...(values['allow-remote'] === true ? ['--allow-remote'] : []),
      ...loadArguments(plan),
      '--pairs',
      String(plan.trials),
      ...(plan.budgetSeconds === undefined ? [] : ['--budget', String(plan.budgetSeconds)]),
      ...(values['no-aa'] === true ? ['--no-aa'] : []),
      ...conditionArguments(plan),
      ...(values.strict === true ? ['--strict'] : []),
      '--seed',
      String(plan.seed),
    ],
  };
}

/** A ref may move on; its commit stays. */
function repeatable(side: Side): string {
  return side.kind === 'measured' && side.checkout !== null
    ? armText({ kind: 'git', value: side.checkout.commit.slice(0, 12) })
    : armText(side.arm);
}
