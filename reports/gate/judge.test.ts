import { describe, expect, test } from 'vitest';
import { resultSchema } from '../result.js';
import { sampleResult } from '../testing/sample-result.js';
import { pairsOfComparison } from './contestants.js';
import type { GateOutcome, Rule } from './contract.js';
import { defaultRules, type Rulebook } from './default-rules.js';
import { judgeBaseline, judgeComparison } from './judge.js';
import { judgeExact } from './judge-exact.js';
import { type ComparisonOptions, sampleComparison, slower } from './testing/sample-comparison.js';
import { verdictOn } from './testing/verdict-on.js';

const old = sampleResult({ seed: 1 });
const fresh = (options = {}) => sampleResult({ seed: 2, ...options });
const BASELINE = defaultRules('baseline');
const COMPARISON = defaultRules('comparison');

const own = (rule: Partial<Rule> & { metric: string }): Rulebook => ({
  own: [{ direction: 'lower is better', tolerancePercent: 5, level: 'noisy', required: false, ...rule }],
  defaults: [],
  confidence: 0.99,
});

const compared = (options: ComparisonOptions = {}, rulebook: Rulebook = COMPARISON): GateOutcome =>
  judgeComparison(sampleComparison(options), rulebook);

describe('a stored baseline', () => {
  test('passes a run of the same plan with another seed, and judges the exact tier alone with three trials', () => {
    const outcome = judgeBaseline(old, fresh(), BASELINE);
    expect(outcome.outcome).toBe('pass');
    for (const { rule, verdict } of outcome.rules)
      expect(verdict, rule.metric).toBe(rule.level === 'exact' ? 'pass' : 'not judged');
  });

  test('judges bytes per delivery of streams, of what polls the bytes of an exchange, and never the other way', () => {
    const { rules } = judgeBaseline(old, fresh(), BASELINE);
    const of = (scenario: string, part: string): number =>
      rules.filter((each) => each.scenario === scenario && each.rule.metric.startsWith(part)).length;
    for (const id of ['iframe', 'sse', 'websocket']) {
      expect(of(id, 'wire.perDelivery.')).toBe(8);
      expect(of(id, 'wire.exchange.')).toBe(0);
    }
    for (const id of ['polling', 'longpoll']) {
      expect(of(id, 'wire.perDelivery.')).toBe(0);
      expect(of(id, 'wire.exchange.hit.')).toBe(2);
    }
  });

  test('fails for two more header bytes in a single trial, and names the round', () => {
    const changed = fresh();
    const trial = changed.trials.find((each) => each.scenario === 'longpoll' && each.trial === 2)!;
    if (trial.status === 'completed') trial.measurements.wire.exchange!.hit!.down += 2;
    const outcome = judgeBaseline(old, changed, BASELINE);
    expect(outcome.outcome).toBe('fail');
    const failed = outcome.rules.filter(({ verdict }) => verdict === 'fail');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({
      scenario: 'longpoll',
      word: 'worse',
      rule: { metric: 'wire.exchange.hit.down' },
    });
    expect(failed[0]!.message).toMatch(/^Head has [\d.]+\u00a0B in round 2, base [\d.]+\u00a0B in 3 trials/);
    expect(failed[0]!.head).toHaveLength(3);
  });

  test('fails for two bytes fewer too: a change of bytes is to be meant', () => {
    const changed = fresh();
    for (const each of changed.trials) {
      if (each.status === 'completed' && each.scenario === 'sse')
        each.measurements.wire.perDelivery!.down.framing -= 2;
    }
    const verdict = verdictOn(judgeBaseline(old, changed, BASELINE), 'wire.perDelivery.down.framing', 'sse');
    expect(verdict).toMatchObject({ verdict: 'fail', word: 'better' });
  });

  test('fails for a lost message, and passes when the base lost it', () => {
    const losing = fresh({ lost: { sse: 1 } });
    expect(verdictOn(judgeBaseline(old, losing, BASELINE), 'messages.lost', 'sse').verdict).toBe('fail');
    expect(verdictOn(judgeBaseline(losing, old, BASELINE), 'messages.lost', 'sse')).toMatchObject({
      verdict: 'pass',
      word: 'better',
    });
  });

  test('does not hold the head to bytes of which the base has two values', () => {
    const varying = sampleResult({ seed: 1 });
    const first = varying.trials.find(({ scenario }) => scenario === 'sse')!;
    if (first.status === 'completed') first.measurements.wire.perDelivery!.down.framing += 1;
    const outcome = judgeBaseline(varying, fresh(), BASELINE);
    expect(verdictOn(outcome, 'wire.perDelivery.down.framing', 'sse').verdict).toBe('inconclusive');
    expect(outcome.outcome).toBe('inconclusive');
  });

  test('leaves the total of a base with heartbeats in its window, and keeps the layers', () => {
    const beating = sampleResult({ seed: 1 });
    for (const each of beating.trials)
      if (each.status === 'completed' && each.scenario === 'sse')
        each.measurements.wire.perDelivery!.down.idle = 0.1;
    const outcome = judgeBaseline(beating, fresh(), BASELINE);
    expect(verdictOn(outcome, 'wire.perDelivery.down.total', 'sse').verdict).toBe('not judged');
    expect(verdictOn(outcome, 'wire.perDelivery.down.framing', 'sse').verdict).toBe('pass');
  });

  test('a metric without a number fails', () => {
    const without = fresh();
    for (const each of without.trials)
      if (each.status === 'completed' && each.trial === 2) each.measurements.latencyUs.p50 = null;
    const verdict = verdictOn(judgeBaseline(old, without, BASELINE), 'latencyUs.p50', 'sse');
    expect(verdict).toMatchObject({ verdict: 'fail' });
    expect(verdict.message).toBe('The head has no number of this metric in round 2.');
  });

  test('a rule that somebody wrote fails where neither side has a number, and is not judged where none can be', () => {
    const [a, b] = [sampleResult({ seed: 1 }), fresh()];
    for (const each of [...a.trials, ...b.trials])
      if (each.status === 'completed') each.measurements.latencyUs.p50 = null;
    expect(judgeBaseline(a, b, own({ metric: 'latencyUs.p50' })).outcome).toBe('fail');
    const exchange = own({ metric: 'wire.exchange.hit.down', level: 'exact', tolerancePercent: 0 });
    expect(verdictOn(judgeBaseline(old, fresh(), exchange), 'wire.exchange.hit.down', 'sse').verdict).toBe(
      'not judged',
    );
  });

  test('fails where the head fails, and is inconclusive where the base has no trial', () => {
    const failing = judgeBaseline(old, fresh({ failed: ['sse/2'] }), BASELINE);
    expect(verdictOn(failing, 'messages.lost', 'sse')).toMatchObject({
      verdict: 'fail',
      message: 'The head has no number in round 2, where its trial failed: The server ended on SIGKILL.',
    });
    const none = sampleResult({ seed: 1, void: ['sse/1', 'sse/2', 'sse/3'] });
    const outcome = judgeBaseline(none, fresh(), BASELINE);
    expect(verdictOn(outcome, 'messages.lost', 'sse').verdict).toBe('inconclusive');
    expect(verdictOn(outcome, 'messages.lost', 'iframe').verdict).toBe('pass');
  });

  test('leaves void trials out, and says so', () => {
    const outcome = judgeBaseline(old, fresh({ void: ['sse/2'] }), BASELINE);
    expect(outcome.outcome).toBe('pass');
    expect(outcome.notes.join(' ')).toContain(
      'sse: 1 of 3 trials of the head is left out (void), the first because: The generator',
    );
  });

  test('with ten trials on like machines judges the noisy tier, and on unlike ones does not', () => {
    const many = { trials: 12, scenarios: ['sse'], noise: 0.01 };
    const [a, b] = [sampleResult({ ...many, seed: 1 }), sampleResult({ ...many, seed: 2 })];
    for (const { rule, verdict } of judgeBaseline(a, b, BASELINE).rules)
      expect(verdict, rule.metric).toBe(rule.metric.startsWith('memory.') ? 'not judged' : 'pass');
    const slow = structuredClone(b);
    for (const each of slow.trials) if (each.status === 'completed') slower(1.3)(each.measurements, 1);
    expect(verdictOn(judgeBaseline(a, slow, BASELINE), 'latencyUs.p50')).toMatchObject({
      verdict: 'fail',
      word: 'worse',
    });
    const other = { ...slow, environment: { ...slow.environment, cpuModel: 'Another\u001b[31m' } };
    const outcome = judgeBaseline(a, other, BASELINE);
    expect(outcome.outcome).toBe('pass');
    expect(verdictOn(outcome, 'latencyUs.p50').verdict).toBe('not judged');
    expect(outcome.notes[0]).toContain('processor (AMD EPYC 7763 64-Core Processor, now Another)');
    const required = own({ metric: 'latencyUs.p50', required: true });
    expect(judgeBaseline(a, other, required).outcome).toBe('inconclusive');
  });

  test.each<[string, object, string]>([
    [
      'rate',
      { ratePerSecond: 20 },
      'The plans differ in ratePerSecond: 10 in the baseline, 20 in the new result.',
    ],
    [
      'payload',
      { payloadBytes: 20 },
      'The plans differ in payloadBytes: 10 in the baseline, 20 in the new result.',
    ],
    [
      'scenarios',
      { scenarios: ['sse'] },
      'The plans differ in scenarios: ["iframe","longpoll","polling","sse","websocket"] in the baseline, ["sse"] in the new result.',
    ],
  ])('refuses a plan with another %s, and names the field with both values', (_field, options, sentence) => {
    expect(() => judgeBaseline(old, fresh(options), BASELINE)).toThrow(sentence);
  });

  test.each([
    ['content', { content: 'binary' }],
    ['cookieBytes', { cookieBytes: 40 }],
    ['proxy', { proxy: 'nginx' }],
    ['workloadOptions', { workloadOptions: { burst: 5 } }],
    ['pin', { pin: false }],
    ['something new', { 'something new': true }],
  ])('refuses a plan that has another %s', (field, change) => {
    const other = fresh();
    Object.assign(other.plan, change);
    expect(() => judgeBaseline(old, other, BASELINE)).toThrow(`The plans differ in ${field}: `);
  });

  test('takes plans as alike that differ in seed, trials, limits, or in writing out a default', () => {
    const other = fresh({ trials: 4 });
    Object.assign(other.plan, {
      content: 'text',
      cookieBytes: 0,
      rttMs: 0,
      limits: {},
      overridden: ['stealPercent'],
    });
    expect(judgeBaseline(old, other, BASELINE).outcome).toBe('pass');
  });

  test('a gate that judges nothing does not pass', () => {
    const outcome = judgeBaseline(old, fresh(), own({ metric: 'latencyUs.p99' }));
    expect(outcome.outcome).toBe('inconclusive');
    expect(outcome.notes).toContain('No rule could be judged.');
  });
});

describe('a comparison', () => {
  test('is a result document, and has a pair of each kind a round', () => {
    expect(resultSchema.safeParse(sampleComparison()).error).toBeUndefined();
    const [only, ...more] = pairsOfComparison(sampleComparison({ void: ['sse/3'] }));
    expect(more).toEqual([]);
    expect(only).toMatchObject({ scenario: 'sse', workload: 'broadcast', clients: 1000 });
    expect(only!.pairs).toHaveLength(11);
    expect(only!.aaPairs).toHaveLength(11);
  });

  test('of identical arms passes, and says how each metric is', () => {
    const outcome = compared();
    expect(outcome).toMatchObject({ outcome: 'pass', base: 'main', head: 'my branch' });
    expect(verdictOn(outcome, 'latencyUs.p50')).toMatchObject({ verdict: 'pass', word: 'same' });
    expect(verdictOn(outcome, 'latencyUs.p50').base).toHaveLength(12);
    expect(outcome.notes).toContain('Intervals hold at 99\u00a0% for all 3 metrics together (Holm).');
  });

  test('fails where the whole interval lies beyond the tolerance', () => {
    const outcome = compared({ head: slower(1.15) });
    expect(outcome.outcome).toBe('fail');
    expect(verdictOn(outcome, 'latencyUs.p50')).toMatchObject({ verdict: 'fail', word: 'worse' });
    const { ratio } = verdictOn(outcome, 'latencyUs.p50');
    expect(ratio!.low!).toBeGreaterThan(1.08);
    expect(ratio!.pairs).toBe(12);
  });

  test('does not fail for a change that may lie within the tolerance, though it is certain', () => {
    const verdict = verdictOn(compared({ head: slower(1.06) }), 'latencyUs.p50');
    expect(verdict.verdict).toBe('pass');
    expect(verdict.ratio!.low!).toBeGreaterThan(1);
  });

  test('calls a faster head better, and passes it', () => {
    expect(verdictOn(compared({ head: slower(0.8) }), 'latencyUs.p50')).toMatchObject({
      verdict: 'pass',
      word: 'better',
    });
  });

  test('is inconclusive where the base is as far from itself, whatever the head does', () => {
    for (const head of [slower(1), slower(1.15)]) {
      const outcome = compared({ again: slower(1.2), head });
      expect(outcome.outcome).toBe('inconclusive');
      expect(verdictOn(outcome, 'latencyUs.p50').message).toContain('this machine is too noisy to tell');
      expect(outcome.notes.join(' ')).toContain('more pairs (--pairs or --budget)');
    }
  });

  test('is inconclusive where only the head is too unsteady', () => {
    const outcome = compared({
      head: (measurements, round) => slower(round % 2 === 0 ? 1.4 : 0.8)(measurements, round),
    });
    expect(verdictOn(outcome, 'latencyUs.p50')).toMatchObject({
      verdict: 'inconclusive',
      word: 'cannot tell',
    });
  });

  test('cannot be judged by fewer than ten pairs: inconclusive, and never a pass', () => {
    const outcome = compared({ trials: 9, head: slower(3) });
    expect(outcome.outcome).toBe('inconclusive');
    expect(verdictOn(outcome, 'latencyUs.p50').message).toBe(
      'Cannot be judged, and is required: 9 pairs of trials, at least 10 are needed.',
    );
  });

  test('without the base a second time goes by the interval alone', () => {
    expect(compared({ withoutAgain: true }).outcome).toBe('pass');
    expect(compared({ withoutAgain: true, head: slower(1.2) }).outcome).toBe('fail');
  });

  test('judges the exact tier with a single round', () => {
    const outcome = compared({
      trials: 1,
      head: ({ wire }) => {
        wire.perDelivery!.down.framing += 2;
      },
    });
    expect(outcome.outcome).toBe('fail');
  });

  test('a metric where higher is better fails when it falls, and not when it rises', () => {
    const rate = own({
      metric: 'throughput.deliveriesPerSecond',
      direction: 'higher is better',
      level: 'near',
    });
    const by = (factor: number) => (measurements: { throughput: { deliveriesPerSecond: number } }) => {
      measurements.throughput.deliveriesPerSecond *= factor;
    };
    expect(verdictOn(compared({ head: by(0.9) }, rate), rate.own[0]!.metric)).toMatchObject({
      verdict: 'fail',
      word: 'worse',
    });
    expect(verdictOn(compared({ head: by(1.1) }, rate), rate.own[0]!.metric)).toMatchObject({
      verdict: 'pass',
      word: 'better',
    });
    const both = own({ ...rate.own[0]!, direction: 'both' });
    expect(compared({ head: by(0.9) }, both).outcome).toBe('fail');
    expect(compared({ head: by(1.1) }, both).outcome).toBe('fail');
  });

  test('a count that was zero and no longer is fails at every level', () => {
    const lost = own({ metric: 'messages.lost' });
    const losing: ComparisonOptions = {
      head: ({ messages }) => {
        messages.lost = 2;
      },
    };
    expect(compared({}, lost).outcome).toBe('pass');
    expect(compared(losing, lost).outcome).toBe('fail');
  });

  test('a result without arms is no comparison', () => {
    expect(() => judgeComparison(old, COMPARISON)).toThrow('holds no comparison');
  });

  test('does not call a head better or worse in one breath with a machine too noisy to tell', () => {
    const within = verdictOn(compared({ again: slower(1.4), head: slower(1.3) }), 'latencyUs.p50');
    expect(within.ratio!.low!).toBeGreaterThan(1);
    expect(within).toMatchObject({ verdict: 'inconclusive', word: 'cannot tell' });
    expect(within.message).toContain('too noisy to tell');
    const beyond = verdictOn(compared({ again: slower(1.1), head: slower(2) }), 'latencyUs.p50');
    expect(beyond).toMatchObject({ verdict: 'inconclusive', word: 'worse' });
    expect(beyond.message).not.toContain('too noisy to tell');
    expect(beyond.message).toContain('although the change is larger than the noise');
  });

  test('of more pairs than a comparison can have is not judged, without their memory', () => {
    const one = sampleComparison({ trials: 1 });
    const trials = Array.from({ length: 1001 }, (_, at) =>
      one.trials.map((trial) => ({ ...trial, trial: at + 1 })),
    ).flat();
    const verdict = verdictOn(judgeComparison({ ...one, trials }, COMPARISON), 'latencyUs.p50');
    expect(verdict).toMatchObject({ verdict: 'inconclusive', ratio: null });
    expect(verdict.message).toBe(
      'Cannot be judged, and is required: 1,001 pairs of trials, at most 1,000 can be judged.',
    );
  });

  test('of very many trials judges the exact tier all the same', () => {
    const [only] = sampleResult({ scenarios: ['sse'], trials: 1 }).trials;
    const many = Array.from({ length: 200_000 }, () => only!);
    const rule = BASELINE.defaults.find(({ metric }) => metric === 'messages.lost')!;
    expect(judgeExact(rule, many, many)).toMatchObject({ verdict: 'pass', word: 'same' });
  });
});

describe('what nobody measured', () => {
  test('is inconclusive: a load of the plan that a run did not get to', () => {
    const sweep = { clients: [10, 100], scenarios: ['sse'], trials: 12, noise: 0.01 };
    const whole = sampleComparison(sweep);
    const killed = {
      ...whole,
      finishedAt: null,
      trials: whole.trials.filter(({ clients }) => clients === 10),
    };
    expect(judgeComparison(whole, COMPARISON).outcome).toBe('pass');
    const outcome = judgeComparison(killed, COMPARISON);
    expect(outcome.outcome).toBe('inconclusive');
    expect(outcome.rules.find(({ clients }) => clients === 100)).toMatchObject({
      scenario: 'sse',
      verdict: 'inconclusive',
      message: 'The plan has it, and neither side has a trial of it.',
    });
    expect(outcome.notes).toContain('The comparison has no end: it is still under way, or was killed.');
  });

  test('is inconclusive in two runs that both lack it', () => {
    const cut = (seed: number) => {
      const run = sampleResult({ seed, scenarios: ['sse', 'iframe'] });
      return { ...run, trials: run.trials.filter(({ scenario }) => scenario === 'sse') };
    };
    const outcome = judgeBaseline(cut(1), cut(2), BASELINE);
    expect(outcome.outcome).toBe('inconclusive');
    expect(verdictOn(outcome, 'messages.lost', 'iframe').verdict).toBe('inconclusive');
    expect(outcome.notes).toEqual([]);
  });

  test('is inconclusive where nothing was delivered, and a required rule has no number', () => {
    const silent: ComparisonOptions['head'] = (measurements) => {
      const { clients, messages, latencyUs, cpu, wire } = measurements;
      clients.connected = 0;
      messages.lost = messages.expected;
      messages.delivered = 0;
      for (const name of ['p50', 'p99'] as const) latencyUs[name] = null;
      cpu.serverMicrosPerDelivery = null;
      wire.perDelivery = null;
    };
    const result = sampleComparison({ head: silent, again: silent });
    for (const trial of result.trials)
      if (trial.arm === 'base' && trial.status === 'completed') silent(trial.measurements, 1);
    const outcome = judgeComparison(result, COMPARISON);
    expect(outcome.outcome).toBe('inconclusive');
    for (const metric of ['latencyUs.p50', 'cpu.serverMicrosPerDelivery'])
      expect(verdictOn(outcome, metric).verdict).toBe('inconclusive');
  });

  test('has a row that says so, where messages came through', () => {
    const timeless: ComparisonOptions['head'] = ({ latencyUs }) => {
      for (const name of ['p50', 'p99'] as const) latencyUs[name] = null;
    };
    const result = sampleComparison({ head: timeless, again: timeless });
    for (const trial of result.trials)
      if (trial.arm === 'base' && trial.status === 'completed') timeless(trial.measurements, 1);
    const outcome = judgeComparison(result, COMPARISON);
    expect(outcome.outcome).toBe('pass');
    expect(verdictOn(outcome, 'latencyUs.p50')).toMatchObject({
      verdict: 'not judged',
      message: 'Not judged: neither side has a number of this metric.',
    });
  });
});
