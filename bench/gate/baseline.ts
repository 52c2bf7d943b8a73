import type { Result } from '../../reports/result.js';

/** What the stored baseline of the exact tier is a run of: small and short, for bytes and counts need no more. */
export const BASELINE_ARGUMENTS: readonly string[] = [
  ...['--scenario', 'all', '--clients', '20', '--rate', '20', '--duration', '1', '--warmup', '0'],
  ...['--trials', '1', '--poll-interval', '200', '--calibrate', 'never', '--quiet'],
];

/** Where it is kept, from the project's root. */
export const BASELINE_FILE = 'tests/baseline/exact.json';

/** A result with what a gate reads: without the distributions, the course of time, and the machine's own names. */
export function asBaseline(result: Result): Result {
  return {
    ...result,
    command: ['pushbench', ...BASELINE_ARGUMENTS],
    environment: { ...result.environment, kernel: result.environment.kernel.split('-')[0]! },
    requestCeiling: null,
    summary: [],
    trials: result.trials.map((trial) => {
      if (trial.status !== 'completed') throw new Error(`${trial.scenario} is ${trial.status}.`);
      const { measurements } = trial;
      return {
        ...trial,
        reasons: [],
        measurements: {
          ...measurements,
          latencyUs: { ...measurements.latencyUs, histogram: '' },
          publishes: { every: 1, intendedUs: [], delivered: [], p50Us: [], p99Us: [], maxUs: [] },
          timeline: [],
        },
      };
    }),
  };
}
