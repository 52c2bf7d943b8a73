import { describe, expect, it } from 'vitest';
import type { Result, Trial } from '../reports/result.js';
import { sampleComparison } from '../reports/testing/sample-comparison.js';
import { exitCodeOf, exitCodeOfGate, sparedTrials } from './result-exit-code.js';

/** A comparison in which the trials that are meant ended in this way. */
function comparisonWith(status: 'void' | 'failed', isMeant: (trial: Trial) => boolean): Result {
  const result = sampleComparison({ pairs: 3, clients: [100, 2000] });
  const trials = result.trials.map((trial): Trial => {
    if (!isMeant(trial) || trial.status !== 'completed') return trial;
    if (status === 'void') return { ...trial, status };
    const { measurements: _none, ...rest } = trial;
    return { ...rest, status };
  });
  return { ...result, trials };
}

describe('the exit code of a comparison that a gate has judged', () => {
  const unmeasured = comparisonWith('void', ({ clients }) => clients === 2000);
  const noiseless = comparisonWith('void', ({ arm }) => arm === "base'");

  it.each([
    ['a number of clients', unmeasured],
    ['the second base', noiseless],
  ])('is 1 for a fail where %s is without a valid trial', (_what, result) => {
    expect(exitCodeOf(result, false)).toBe(3);
    expect(exitCodeOfGate(result, false, 'fail')).toBe(1);
  });

  it('stays 3 for a pass there, and is that of the verdict otherwise', () => {
    expect(exitCodeOfGate(unmeasured, false, 'pass')).toBe(3);
    const whole = sampleComparison({ pairs: 3 });
    expect(
      (['pass', 'fail', 'inconclusive'] as const).map((each) => exitCodeOfGate(whole, false, each)),
    ).toEqual([0, 1, 3]);
  });

  it.each(['base', "base'"])('is that of the verdict where one trial of %s failed', (arm) => {
    const result = comparisonWith('failed', (trial) => trial.arm === arm && trial.trial === 2);
    expect(sparedTrials(result)).toHaveLength(2);
    expect(exitCodeOf(result, false)).toBe(4);
    expect(exitCodeOfGate(result, false, 'pass')).toBe(0);
    expect(exitCodeOfGate(result, false, 'fail')).toBe(1);
  });

  it('is a fault where a trial of the head failed, or each of the base', () => {
    const head = comparisonWith('failed', ({ arm, trial }) => arm === 'head' && trial === 2);
    const base = comparisonWith('failed', ({ arm, clients }) => arm === 'base' && clients === 100);
    for (const result of [head, base]) {
      expect(sparedTrials(result)).toEqual([]);
      expect(exitCodeOfGate(result, false, 'pass')).toBe(4);
      expect(exitCodeOfGate(result, false, 'fail')).toBe(4);
    }
  });
});
