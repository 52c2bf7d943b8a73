import type { MeasuredTrial, Result, Trial } from '../../result.js';
import { type SampleOptions, sampleResult } from '../../testing/sample-result.js';

type Change = (measurements: MeasuredTrial['measurements'], round: number) => void;

export interface ComparisonOptions extends SampleOptions {
  /** Done to every measured trial of the head. */
  readonly head?: Change;
  /** Done to every measured trial of the second base. */
  readonly again?: Change;
  /** Without the second base. */
  readonly withoutAgain?: boolean;
}

/** Slower by a factor, in every percentile. */
export function slower(factor: number): Change {
  return ({ latencyUs }) => {
    for (const name of ['min', 'mean', 'p50', 'p90', 'p99', 'p999', 'max'] as const) {
      const value = latencyUs[name];
      if (value !== null) latencyUs[name] = value * factor;
    }
  };
}

/** A comparison of one scenario with itself, 12 rounds unless told otherwise, with something done to the head. */
export function sampleComparison(options: ComparisonOptions = {}): Result {
  const { head, again, withoutAgain, ...rest } = options;
  const run = (seed: number, name: string, arm: NonNullable<Trial['arm']>, change?: Change): Result => {
    const result = sampleResult({
      scenarios: ['sse'],
      trials: 12,
      noise: 0.01,
      durationSeconds: 2,
      isSummarised: false,
      ...rest,
      seed,
    });
    for (const trial of result.trials) {
      trial.scenario = name;
      trial.arm = arm;
      if (change && (trial.status === 'completed' || trial.status === 'void'))
        change(trial.measurements, trial.trial);
    }
    return result;
  };
  const base = run(1, 'base', 'base');
  const others = [
    ...(withoutAgain ? [] : [run(2, 'base-again', "base'", again)]),
    run(3, 'head', 'head', head),
  ];
  return {
    ...base,
    scenarioInfo: [
      { id: 'base', title: 'main', family: 'streaming' },
      { id: 'base-again', title: 'main again', family: 'streaming' },
      { id: 'head', title: 'my branch', family: 'streaming' },
    ],
    plan: {
      ...base.plan,
      scenarios: ['base', 'base-again', 'head'],
      contenders: Object.fromEntries(
        ['base', 'base-again', 'head'].map((name) => [
          name,
          { kind: 'reference', title: name, scenario: 'sse' },
        ]),
      ),
    },
    trials: [base, ...others].flatMap(({ trials }) => trials),
    summary: [],
  };
}
