import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { benchComparison as BenchComparison } from '../bench/gate/comparison.js';
import type { PLANTED_HOSTS as Planted } from '../bench/gate/hosts.js';
import type { Rulebook } from '../reports/gate/default-rules.js';
import { judgeComparison } from '../reports/gate/judge.js';
import { ROOT } from './project-files.js';

/** CPU does not mind other processes much, and fourteen short pairs show 30 % on a noisy machine, too. */
const CPU: Rulebook = {
  own: [
    {
      metric: 'cpu.serverMicrosPerDelivery',
      direction: 'lower is better',
      tolerancePercent: 5,
      level: 'near',
      required: true,
    },
  ],
  defaults: [],
  confidence: 0.99,
};

test('a broadcast loop that is slower by 30 % fails an interleaved comparison by its CPU', async () => {
  const { benchComparison } = (await import(join(ROOT, 'dist/bench/gate/comparison.js'))) as {
    benchComparison: typeof BenchComparison;
  };
  const { PLANTED_HOSTS } = (await import(join(ROOT, 'dist/bench/gate/hosts.js'))) as {
    PLANTED_HOSTS: typeof Planted;
  };
  const result = await benchComparison({
    scenario: 'websocket',
    pairs: 14,
    plan: { clients: [200], ratePerSecond: 200, durationSeconds: 0.5, warmupSeconds: 0, seed: 2026 },
    arms: ['base', 'head'],
    headEntry: PLANTED_HOSTS['a broadcast loop slower by 30 %'],
  });
  const [verdict] = judgeComparison(result, CPU).rules;
  expect(verdict!.verdict, verdict!.message).toBe('fail');
  expect(verdict!.word).toBe('worse');
  expect(verdict!.ratio!.pairs).toBe(14);
}, 120_000);
