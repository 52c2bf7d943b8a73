import type { Trial } from '../result.js';
import type { Rule, RuleVerdict } from './contract.js';
import { exactText, numberAt } from './metric-path.js';

/** A verdict without its place. */
export type Finding = Pick<RuleVerdict, 'verdict' | 'message' | 'word' | 'ratio' | 'aa'>;

const UNMEASURED = { ratio: null, aa: null };

/** Not by spreading, which overflows the stack with very many. */
function extremes(values: readonly number[]): { least: number; most: number } {
  return {
    least: values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    most: values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Values in words: one, or the least and the most. */
function valuesText(metric: string, values: readonly number[]): string {
  const { least, most } = extremes(values);
  if (least === most) return exactText(metric, least);
  return `${exactText(metric, least)} to ${exactText(metric, most)}`;
}

function trialsText(count: number): string {
  return count === 1 ? '1 trial' : `${count} trials`;
}

/** Of the trials of the head that are worse than every one of the base, the first. */
function firstBeyond(
  rule: Rule,
  base: readonly number[],
  head: readonly number[],
): { index: number; count: number } | null {
  const { least, most } = extremes(base);
  const isBeyond = (value: number): boolean =>
    (rule.direction !== 'higher is better' && value > most) ||
    (rule.direction !== 'lower is better' && value < least);
  const index = head.findIndex(isBeyond);
  return index < 0 ? null : { index, count: head.filter(isBeyond).length };
}

/**
 * Zero tolerance, no statistics: fails where any trial of the head is worse than every trial of the base, or, of a metric
 * that may not change at all, different from them. A base that has not one value itself cannot hold the head to it: then
 * nothing fails that lies between its values; bytes are inconclusive, and so are counts that are worse on the average.
 */
export function judgeExact(rule: Rule, base: readonly Trial[], head: readonly Trial[]): Finding {
  const valuesOf = (trials: readonly Trial[]): { value: number; trial: Trial }[] =>
    trials.flatMap((trial) => {
      if (trial.status !== 'completed') return [];
      const value = numberAt(trial.measurements, rule.metric);
      return value === null ? [] : [{ value, trial }];
    });
  const old = valuesOf(base).map(({ value }) => value);
  const entries = valuesOf(head);
  const fresh = entries.map(({ value }) => value);
  const was = valuesText(rule.metric, old);
  const is = valuesText(rule.metric, fresh);
  const beyond = firstBeyond(rule, old, fresh);
  const { least: leastOfBase, most: mostOfBase } = extremes(old);
  const varies = leastOfBase !== mostOfBase;
  if (beyond !== null) {
    const { value, trial } = entries[beyond.index]!;
    const where =
      beyond.count === fresh.length
        ? `${is} in all ${trialsText(fresh.length)}`
        : `${exactText(rule.metric, value)} in round ${trial.trial}${beyond.count > 1 ? `, and ${trialsText(beyond.count - 1)} more like it` : ''}`;
    const isLess = value < leastOfBase;
    const isBetter = isLess !== (rule.direction === 'higher is better');
    return {
      ...UNMEASURED,
      verdict: varies && beyond.count < fresh.length && rule.direction === 'both' ? 'inconclusive' : 'fail',
      message: `Head has ${where}, base ${was} in ${trialsText(old.length)}; no change is allowed${rule.direction === 'both' ? '' : ' for the worse'}.`,
      word: isBetter ? 'better' : 'worse',
    };
  }
  const isSame = new Set([...old, ...fresh]).size === 1;
  if (isSame) {
    return { ...UNMEASURED, verdict: 'pass', message: `${is} in every trial of both.`, word: 'same' };
  }
  if (rule.direction === 'both') {
    return {
      ...UNMEASURED,
      verdict: 'inconclusive',
      message: `The base has not one value itself (${was}), so that it cannot hold the head (${is}) to it.`,
      word: 'cannot tell',
    };
  }
  const worse = (mean(fresh) - mean(old)) * (rule.direction === 'higher is better' ? -1 : 1);
  if (varies && worse > 0) {
    const average = (values: readonly number[]): string =>
      `on the average ${exactText(rule.metric, Number(mean(values).toPrecision(3)))}`;
    return {
      ...UNMEASURED,
      verdict: 'inconclusive',
      message: `The base has not one value itself (${was}, ${average(old)}), and the head is worse on the whole (${is}, ${average(fresh)}): nobody can tell whether that is chance.`,
      word: 'cannot tell',
    };
  }
  return {
    ...UNMEASURED,
    verdict: 'pass',
    message: `Base ${was}, head ${is}: not worse.`,
    word: varies ? 'cannot tell' : 'better',
  };
}
