import type { RatioOfPairs, Rule, RuleVerdict } from './contract.js';
import { LEAST_PAIRS, LEAST_PAIRS_NEAR } from './defaults.js';

/** Natural logarithms of the ratios head / base between which a metric is within its tolerance; an end may be infinite. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

/** How far each way a metric may go. */
export function bandOf({ direction, tolerancePercent }: Pick<Rule, 'direction' | 'tolerancePercent'>): Band {
  const part = tolerancePercent / 100;
  const up = Math.log1p(part);
  switch (direction) {
    case 'lower is better':
      return { low: Number.NEGATIVE_INFINITY, high: up };
    case 'higher is better':
      return { low: Math.log1p(-Math.min(part, 1)), high: Number.POSITIVE_INFINITY };
    case 'both':
      return { low: -up, high: up };
  }
}

/** Fewest pairs that a rule of a level is judged by. */
export function leastPairs({ level }: Pick<Rule, 'level'>): number {
  return level === 'near' ? LEAST_PAIRS_NEAR : LEAST_PAIRS;
}

/**
 * What a person would say of a ratio: `same` where its interval lies within the tolerance on both sides of 1, `better` or
 * `worse` where it leaves out 1, else `cannot tell`. Of a metric without a better, less is better.
 */
export function wordOf(
  { direction, tolerancePercent }: Pick<Rule, 'direction' | 'tolerancePercent'>,
  { low, high }: Pick<RatioOfPairs, 'low' | 'high'>,
): NonNullable<RuleVerdict['word']> {
  if (low === null || high === null) return 'cannot tell';
  const reach = 1 + tolerancePercent / 100;
  if (low >= 1 / reach && high <= reach) return 'same';
  const more = direction === 'higher is better' ? 'better' : 'worse';
  if (low > 1) return more;
  if (high < 1) return more === 'better' ? 'worse' : 'better';
  return 'cannot tell';
}

/** Percent by which a ratio is more than 1, signed: `+4.1 %`. */
export function changeText(ratio: number): string {
  const percent = 100 * (ratio - 1);
  if (!Number.isFinite(percent) || Math.abs(percent) >= 1e6) return 'beyond measure';
  const digits = Math.abs(percent) >= 100 ? 0 : 1;
  const rounded = percent.toFixed(digits);
  const isZero = Number(rounded) === 0;
  return `${isZero ? '' : percent > 0 ? '+' : '-'}${Math.abs(Number(rounded)).toFixed(digits)}\u00a0%`;
}

/** A change with its interval: `+4.1 % (+1.2 to +7.0 %)`. */
export function ratioText({ ratio, low, high }: RatioOfPairs): string {
  if (low === null || high === null) return changeText(ratio);
  return `${changeText(ratio)} (${changeText(low).replace('\u00a0%', '')} to ${changeText(high)})`;
}
