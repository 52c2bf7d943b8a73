import { interleavedComparison } from '../comparison/record.js';
import { defaultRules } from '../gate/default-rules.js';
import type { Measurements, Result, Trial } from '../result.js';
import { summarise } from '../summarise.js';
import { HOSTILE, sampleResult } from './sample-result.js';

export interface SampleComparisonOptions {
  /** Rounds. Default 15. */
  readonly pairs?: number;
  readonly clients?: readonly number[];
  /** Noise between trials, as a part of each value. Default 0.02. */
  readonly noise?: number;
  /** Whether the base ran twice a round. Default true. */
  readonly aa?: boolean;
  /** What the head does differently. */
  readonly change?: (measurements: Measurements) => void;
  /** Markup, escapes and table syntax in the arms' names. */
  readonly hostile?: boolean;
}

type Arm = NonNullable<Trial['arm']>;

/** The result of a made-up comparison of two WebSocket servers, valid after the schema. For tests only. */
export function sampleComparison(options: SampleComparisonOptions = {}): Result {
  const { pairs = 15, noise = 0.02, aa = true, change = () => {}, hostile = false } = options;
  const run = (seed: number): Result =>
    sampleResult({
      scenarios: ['websocket'],
      trials: pairs,
      noise,
      seed,
      ...(options.clients ? { clients: options.clients } : {}),
    });
  const arms: readonly Arm[] = aa ? ['base', "base'", 'head'] : ['base', 'head'];
  const trials = arms
    .flatMap((arm, at) =>
      run(at + 1).trials.map((trial): Trial => {
        const own: Trial = { ...trial, scenario: arm === 'head' ? 'head' : 'base', arm };
        if (arm === 'head' && own.status === 'completed') change(own.measurements);
        return own;
      }),
    )
    .sort((a, b) => a.trial - b.trial)
    .map((trial, at) => ({ ...trial, order: at + 1 }));
  const text = (value: string): string => (hostile ? `${value}${HOSTILE}` : value);
  const template = run(1);
  const result: Result = {
    ...template,
    command: ['compare', '--base', 'git:main', '--head', 'git:feature', '--pairs', String(pairs)],
    scenarioInfo: [
      { id: 'base', title: text('base: chat, git:main'), family: 'socket', order: 6 },
      { id: 'head', title: text('head: chat, git:feature'), family: 'socket', order: 4 },
    ],
    plan: { ...template.plan, scenarios: ['base', 'head'] },
    requestCeiling: null,
    trials,
    summary: summarise(trials),
  };
  const labels = {
    base: { arm: 'git:main', label: text('git:main (1a2b3c4d5e6f)'), commit: '1a2b3c4d5e6f' },
    head: { arm: 'git:feature', label: text('git:feature (c0ffee123456)'), commit: 'c0ffee123456' },
  };
  return { ...result, comparison: interleavedComparison(result, labels, defaultRules('comparison')) };
}
