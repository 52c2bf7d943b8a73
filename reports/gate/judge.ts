import { plainText } from '../plain-text.js';
import type { Result } from '../result.js';
import { contestantsOfRuns, type GateContestant, isComparison, pairsOfComparison } from './contestants.js';
import type { GateOutcome, Rule, RuleVerdict } from './contract.js';
import type { Rulebook } from './default-rules.js';
import { findingOf, valuesOf } from './finding.js';
import { holmConfidences } from './holm.js';
import type { Finding } from './judge-exact.js';
import { type Candidate, isForNoise, verdictOf } from './judge-ratio.js';
import { UnlikePlansError, unlikeMachines, unlikePlans } from './unlike.js';

/** How the two sides are called where nobody gave them a name. */
export interface SideNames {
  readonly base: string;
  readonly head: string;
}

/** What helps where an interval or the noise was wider than the tolerance. */
const ADVICE =
  'What is inconclusive by its noise may be told with more pairs (--pairs or --budget), with a lighter load where the server was ' +
  'near its limit (--clients, --rate), or on a machine with less other work.';

/** A rule on a contestant, before and after the family of metrics is known. */
interface Entry {
  readonly contestant: GateContestant;
  readonly rule: Rule;
  readonly found: Candidate | Finding;
}

/**
 * Judges a run by an earlier one of the same plan.
 *
 * The exact tier is always judged. The near and the noisy one need enough trials on both sides and like machines.
 *
 * @throws UnlikePlansError where the plans differ in what they measure
 */
export function judgeBaseline(
  old: Result,
  fresh: Result,
  rulebook: Rulebook,
  names: SideNames = { base: 'baseline', head: 'new result' },
): GateOutcome {
  const differences = unlikePlans(old.plan, fresh.plan);
  if (differences.length > 0) throw new UnlikePlansError(differences);
  const machines = unlikeMachines(old.environment, fresh.environment);
  const unlike = machines.length === 0 ? null : `the machines differ in ${machines.join(', ')}.`;
  const notes = [
    ...(unlike === null
      ? []
      : [`The baseline is of another machine: ${unlike.replace('the machines differ in ', '')}`]),
    ...(old.interrupted ? ['The baseline was interrupted.'] : []),
    ...(fresh.interrupted ? ['The new run was interrupted.'] : []),
    ...notEnded(old, 'baseline'),
    ...notEnded(fresh, 'new run'),
  ];
  return outcomeOf(inListOrder(contestantsOfRuns(old, fresh), fresh), rulebook, names, notes, unlike);
}

/**
 * Judges the head of a comparison by its base, which ran in the same rounds, and twice: what sets the base apart from
 * itself is the noise that a difference must exceed.
 *
 * @throws UnlikePlansError for a result that holds no comparison
 */
export function judgeComparison(
  result: Result,
  rulebook: Rulebook,
  names: SideNames = armTitles(result),
): GateOutcome {
  if (!isComparison(result))
    throw new UnlikePlansError(['The result holds no comparison: no trial is of a base or a head.']);
  const notes = [
    ...(result.interrupted ? ['The comparison was interrupted.'] : []),
    ...notEnded(result, 'comparison'),
  ];
  const outcome = outcomeOf(pairsOfComparison(result), rulebook, names, notes, null);
  return outcome.outcome === 'inconclusive' && outcome.rules.some(isForNoise)
    ? { ...outcome, notes: [...outcome.notes, ADVICE] }
    : outcome;
}

/** As the result lists its scenarios, not as chance ordered the first round. */
function inListOrder(contestants: readonly GateContestant[], result: Result): GateContestant[] {
  const placeOf = ({ scenario }: GateContestant): number =>
    result.scenarioInfo.findIndex(({ id }) => id === scenario);
  return [...contestants].sort((a, b) => placeOf(a) - placeOf(b) || a.clients - b.clients);
}

/** The arms as the result calls them. */
function armTitles(result: Result): SideNames {
  const titleOf = (arm: 'base' | 'head'): string => {
    const scenario = result.trials.find((trial) => trial.arm === arm)?.scenario;
    return result.scenarioInfo.find(({ id }) => id === scenario)?.title ?? arm;
  };
  return { base: titleOf('base'), head: titleOf('head') };
}

function outcomeOf(
  contestants: readonly GateContestant[],
  rulebook: Rulebook,
  { base, head }: SideNames,
  notes: readonly string[],
  unlike: string | null,
): GateOutcome {
  const { confidence } = rulebook;
  const entries = contestants.flatMap((contestant) =>
    [...rulebook.own, ...rulebook.defaults].flatMap((rule): Entry[] => {
      const found = findingOf(rule, contestant, rulebook.own.includes(rule), confidence, unlike);
      return found === null ? [] : [{ contestant, rule, found }];
    }),
  );
  const levels = entries.flatMap(({ found }) => ('level' in found ? [found.level] : []));
  const confidences = holmConfidences(levels, confidence);
  let at = 0;
  const rules = entries.map(({ contestant, rule, found }): RuleVerdict => {
    const finding = 'level' in found ? verdictOf(found, confidences[at++]!, confidence) : found;
    const { scenario, workload, clients } = contestant;
    return {
      rule,
      scenario,
      workload,
      clients,
      ...finding,
      base: valuesOf(contestant.base, rule.metric),
      head: valuesOf(contestant.head, rule.metric),
    };
  });
  const verdicts = rules.map(({ verdict }) => verdict);
  const isEmpty = !verdicts.some((verdict) => verdict !== 'not judged');
  return {
    outcome: verdicts.includes('fail')
      ? 'fail'
      : isEmpty || verdicts.includes('inconclusive')
        ? 'inconclusive'
        : 'pass',
    base,
    head,
    rules,
    notes: [
      ...notes,
      ...contestants.flatMap(missingTrials),
      ...(isEmpty ? ['No rule could be judged.'] : []),
      ...(levels.length > 0
        ? [
            `Intervals hold at ${Number((100 * confidence).toPrecision(6))}\u00a0% for ${levels.length === 1 ? 'this metric' : `all ${levels.length} metrics together (Holm)`}.`,
          ]
        : []),
    ],
  };
}

function notEnded({ finishedAt }: Result, name: string): string[] {
  return finishedAt === null ? [`The ${name} has no end: it is still under way, or was killed.`] : [];
}

/** A sentence for each side that lacks trials. */
function missingTrials(contestant: GateContestant): string[] {
  return (['base', 'head'] as const).flatMap((side) => {
    const left = contestant[side].filter(({ status }) => status !== 'completed');
    if (left.length === 0) return [];
    const kinds = [...new Set(left.map(({ status }) => status))].join(', ');
    const why = left.flatMap(({ reasons }) => reasons.slice(0, 1)).at(0)?.message;
    return [
      `${plainText(contestant.scenario, 60)}: ${left.length} of ${contestant[side].length} trials of the ${side} ${left.length === 1 ? 'is' : 'are'} left out (${kinds})${why === undefined ? '' : `, the first because: ${plainText(why, 200)}`}`,
    ];
  });
}
