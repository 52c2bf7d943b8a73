import { describe, expect, it } from 'vitest';
import { sampleResult } from '../../reports/testing/sample-result.js';
import { runSeconds } from '../estimate.js';
import { compareOptions } from '../options/compare-table.js';
import { resolveOptions } from '../options/resolve.js';
import type { MeasuredSide } from './arm-side.js';
import {
  asBenchValues,
  type CompareValues,
  resolveCompareDelivery,
  resolveComparePlan,
  type Sides,
} from './compare-plan.js';

const measured = (scenario: string, commit?: string): MeasuredSide => ({
  kind: 'measured',
  arm: { kind: 'scenario', value: scenario },
  label: `scenario:${scenario}`,
  contender: { kind: 'reference', scenario, title: scenario },
  checkout:
    commit === undefined
      ? null
      : {
          repository: {} as never,
          commit,
          relocate: () => {
            throw new Error('not now');
          },
        },
});
const sides: Sides = { base: measured('sse'), head: measured('websocket') };

function valuesOf(given: Record<string, string> = {}): CompareValues {
  const { values, mistakes } = resolveOptions(compareOptions, [
    {
      label: (name) => `--${name}`,
      given: new Map(Object.entries(given).map(([name, value]) => [name, [value]])),
    },
  ]);
  expect(mistakes).toEqual([]);
  return values;
}

describe('the plan of a comparison', () => {
  it('has base, the base again and head in each round, and by default ends within three minutes', () => {
    const { plan, mistakes } = resolveComparePlan(valuesOf(), sides);
    expect(mistakes).toEqual([]);
    expect(plan.arms?.map(({ arm }) => arm)).toEqual(['base', "base'", 'head']);
    expect(plan).toMatchObject({ scenarios: ['base', 'head'], trials: 40, clients: [500], payloadBytes: 10 });
    expect(runSeconds(plan)).toBeLessThan(180);
  });

  it('lets the generator add more to a p99 than a run does, and records it, unless a limit is given', () => {
    const { plan } = resolveComparePlan(valuesOf(), sides);
    expect([plan.limits.generatorShareMs, plan.overridden]).toEqual([20, ['generatorShareMs']]);
    const own = resolveComparePlan(valuesOf({ limit: 'generatorShareMs=3' }), sides).plan;
    expect([own.limits.generatorShareMs, own.overridden]).toEqual([3, []]);
  });

  it('has two arms where nobody asks for the noise', () => {
    expect(resolveComparePlan(valuesOf({ 'no-aa': 'true' }), sides).plan.arms).toHaveLength(2);
  });

  it('has as many pairs as a budget allows, or as were asked for', () => {
    const { plan } = resolveComparePlan(valuesOf({ budget: '60' }), sides);
    expect(plan.trials).toBeGreaterThanOrEqual(5);
    expect(runSeconds(plan)).toBeLessThanOrEqual(60);
    const { budgetSeconds: _, ...unlimited } = { ...plan, trials: plan.trials + 1 };
    expect(runSeconds(unlimited)).toBeGreaterThan(60);
    expect(resolveComparePlan(valuesOf({ budget: '600', pairs: '7' }), sides).plan.trials).toBe(7);
  });

  it('refuses a budget in which no interval is to be had, and says what would do', () => {
    const [mistake] = resolveComparePlan(valuesOf({ budget: '20' }), sides).mistakes;
    expect(mistake).toMatch(
      /^--budget 20 is too little: an interval needs 5 pairs, .* Use --budget \d+0 or more,/,
    );
    const enough = /Use --budget (\d+)/.exec(mistake!)![1]!;
    expect(resolveComparePlan(valuesOf({ budget: enough }), sides).mistakes).toEqual([]);
  });

  it('runs the head alone, under the name of its base, where that ran before', () => {
    const base = {
      kind: 'stored',
      arm: { kind: 'result', value: 'old.json' },
      label: 'result:old.json',
      scenario: 'sse',
      result: sampleResult({ scenarios: ['sse'] }),
    } as const;
    const { plan } = resolveComparePlan(valuesOf(), { base, head: measured('websocket') });
    expect(plan.scenarios).toEqual(['sse']);
    expect(plan.arms).toBeUndefined();
    expect(plan.contenders?.sse).toMatchObject({ scenario: 'websocket' });
  });

  it('leaves a server that is not ours room for its marker', () => {
    const foreign: MeasuredSide = {
      ...measured('sse'),
      contender: { kind: 'target', title: 'chat', target: {} as never, run: '0a1b2c3d' },
    };
    expect(resolveComparePlan(valuesOf(), { ...sides, head: foreign }).plan.payloadBytes).toBe(22);
    expect(
      resolveComparePlan(valuesOf({ payload: '64' }), { ...sides, head: foreign }).plan.payloadBytes,
    ).toBe(64);
  });
});

describe('the arguments that repeat a comparison', () => {
  it('name both arms, a git ref by its commit, and everything that shapes a trial', () => {
    const values = valuesOf({
      pairs: '6',
      rtt: '20',
      seed: '5',
      'no-aa': 'true',
      config: 'c.json',
      target: 'chat',
    });
    const own: Sides = { base: measured('sse', 'c0ffee1234567890'), head: measured('websocket') };
    const { plan } = resolveComparePlan(values, own);
    const { command } = resolveCompareDelivery(values, plan, own, false, new Date(0));
    expect(command.join(' ')).toBe(
      'compare --base git:c0ffee123456 --head scenario:websocket --config c.json --target chat --clients 500 --rate 100 ' +
        '--payload 10 --duration 0.5 --warmup 0.3 --pairs 6 --no-aa --rtt 20 --limit generatorShareMs=20 --seed 5',
    );
  });
});

it('the options of a comparison are those of a run wherever they shape a trial', () => {
  const values = asBenchValues(valuesOf({ clients: '7', workload: 'burst', burst: '3' }));
  expect(values).toMatchObject({ clients: [7], workload: 'burst', burst: 3, rate: 100, trials: undefined });
  expect(Object.keys(values)).not.toContain('pairs');
});
