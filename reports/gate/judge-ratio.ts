import type { MeasuredTrial } from '../result.js';
import { formatCount } from '../units.js';
import type { GateContestant, TrialPair } from './contestants.js';
import type { RatioOfPairs, Rule, RuleVerdict } from './contract.js';
import { GATE_NOISE_CONFIDENCE, MOST_PAIRS } from './defaults.js';
import type { Finding } from './judge-exact.js';
import { numberAt } from './metric-path.js';
import { PairedShift } from './paired-interval.js';
import { bandOf, changeText, leastPairs, ratioText, wordOf } from './words.js';

/** What a zero in one side alone counts as: a ratio beyond all others, and still a number. */
const BEYOND_MEASURE = 50;

/**
 * Logarithms of head / base, where a round has the base twice of head / geometric mean of both: with half the noise of one
 * base the noise of the difference falls from 2 to 1.5 of a trial's (variances), for no trial more.
 */
function logRatios(metric: string, pairs: readonly TrialPair[]): number[] {
  return pairs.flatMap(({ base, again, head }) => {
    const first = logRatio(metric, base, head);
    const second = again && logRatio(metric, again, head);
    if (first === null) return [];
    return [typeof second === 'number' ? (first + second) / 2 : first];
  });
}

/** Of two trials. Values below zero have none, and a zero on one side alone is as far as can be. */
function logRatio(metric: string, base: MeasuredTrial, head: MeasuredTrial): number | null {
  const before = numberAt(base.measurements, metric);
  const after = numberAt(head.measurements, metric);
  if (before === null || after === null || before < 0 || after < 0) return null;
  if (before === after) return 0;
  return Math.max(-BEYOND_MEASURE, Math.min(BEYOND_MEASURE, Math.log(after / before)));
}

function asRatio(shift: PairedShift, confidence: number): RatioOfPairs {
  const interval = shift.interval(confidence);
  return {
    ratio: Math.exp(shift.estimate),
    low: interval && Math.exp(interval.low),
    high: interval && Math.exp(interval.high),
    pairs: shift.count,
  };
}

/** One metric of one contestant, on its way to a verdict: the family of all of them decides at which confidence. */
export interface Candidate {
  readonly rule: Rule;
  readonly shift: PairedShift;
  readonly aa: RatioOfPairs | null;
  /** The smallest 1 - confidence at which the interval lies wholly beyond the tolerance. */
  readonly level: number;
}

/** Ratio of a metric over pairs, with its interval; null without a pair that has one. */
export function ratioOfPairs(
  metric: string,
  pairs: readonly TrialPair[],
  confidence: number,
): RatioOfPairs | null {
  const logs = logRatios(metric, pairs);
  return logs.length === 0 ? null : asRatio(new PairedShift(logs), confidence);
}

/** Prepares a metric of the near or the noisy tier, or says at once why it cannot be judged. */
export function candidateOf(
  rule: Rule,
  contestant: GateContestant,
  confidence: number,
  unlike: string | null,
): Candidate | Finding {
  const cannot = (
    why: string,
    ratio: RatioOfPairs | null = null,
    aa: RatioOfPairs | null = null,
  ): Finding => ({
    verdict: rule.required ? 'inconclusive' : 'not judged',
    message: rule.required ? `Cannot be judged, and is required: ${why}` : `Not judged: ${why}`,
    word: null,
    ratio,
    aa,
  });
  const rounds = Math.max(contestant.pairs.length, contestant.aaPairs?.length ?? 0);
  if (rounds > MOST_PAIRS) {
    return cannot(
      `${formatCount(rounds)} pairs of trials, at most ${formatCount(MOST_PAIRS)} can be judged.`,
    );
  }
  const ratio = ratioOfPairs(rule.metric, contestant.pairs, confidence);
  const aa = contestant.aaPairs && ratioOfPairs(rule.metric, contestant.aaPairs, GATE_NOISE_CONFIDENCE);
  if (unlike !== null) return cannot(unlike, ratio, aa);
  const least = leastPairs(rule);
  const pairs = ratio?.pairs ?? 0;
  if (ratio === null || pairs < least) {
    return cannot(
      `${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of trials, at least ${least} are needed.`,
      ratio,
      aa,
    );
  }
  if (contestant.aaPairs !== null && (aa === null || aa.low === null)) {
    return cannot(`the base was set against itself in ${aa?.pairs ?? 0} rounds only.`, ratio, aa);
  }
  const shift = new PairedShift(logRatios(rule.metric, contestant.pairs));
  const band = bandOf(rule);
  return {
    rule,
    shift,
    aa,
    level: Math.min(1, shift.levelAbove(band.high), shift.levelBelow(band.low)),
  };
}

/** Noise of a ratio that should be 1, as a logarithm: half of its interval, or how far it is off, if that is more. */
function noiseOf({ ratio, low, high }: RatioOfPairs): number {
  return Math.max((Math.log(high!) - Math.log(low!)) / 2, Math.abs(Math.log(ratio)));
}

/** What {@link verdictOf} begins its sentence with where the machine could not tell. */
const TOO_NOISY = 'The noise of the same base against itself is ';
const TOO_WIDE = 'The interval is wider than the tolerance: ';

/** Whether a verdict is inconclusive for the noise of its numbers, and not for want of them. */
export function isForNoise({ verdict, message }: Pick<Finding, 'verdict' | 'message'>): boolean {
  return verdict === 'inconclusive' && (message.startsWith(TOO_NOISY) || message.startsWith(TOO_WIDE));
}

/**
 * The verdict on a metric.
 * @param confidence of its interval, as Holm's procedure gives it
 * @param alone of an interval that stands for itself: that of the base against itself
 */
export function verdictOf({ rule, shift, aa }: Candidate, confidence: number, alone: number): Finding {
  const ratio = asRatio(shift, confidence);
  const band = bandOf(rule);
  const [low, high] = [Math.log(ratio.low!), Math.log(ratio.high!)];
  const tolerance = `tolerance ${rule.tolerancePercent}\u00a0%`;
  const noise = aa ? `, base against itself ${ratioText(aa)}` : '';
  const facts = `${ratioText(ratio)} over ${ratio.pairs} pairs, ${tolerance}${noise}`;
  const finding = (verdict: RuleVerdict['verdict'], message: string): Finding => ({
    verdict,
    message,
    word: wordOf(rule, ratio),
    ratio,
    aa,
  });
  const allowed = Math.log1p(rule.tolerancePercent / 100);
  if (aa !== null && noiseOf(aa) > allowed) {
    const isBeyondNoise = low > noiseOf(aa) || high < -noiseOf(aa);
    const doubt = isBeyondNoise
      ? 'so that it cannot be judged by that, although the change is larger than the noise'
      : 'so that this machine is too noisy to tell';
    const told = finding(
      'inconclusive',
      `${TOO_NOISY}${changeText(Math.exp(noiseOf(aa))).slice(1)}, more than the tolerance, ${doubt}. ${facts}.`,
    );
    return isBeyondNoise ? told : { ...told, word: 'cannot tell' };
  }
  if (low > band.high || high < band.low) {
    return finding('fail', `The whole interval lies beyond the tolerance: ${facts}.`);
  }
  const own = shift.interval(alone)!;
  if ((own.high - own.low) / 2 > allowed) {
    return finding('inconclusive', `${TOO_WIDE}${facts}.`);
  }
  return finding('pass', `${facts}.`);
}
