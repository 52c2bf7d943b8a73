import { describe, expect, test } from 'vitest';
import { defaultRules } from './default-rules.js';
import { DEFAULT_GATE, readGateConfig } from './gate-config.js';

const nearest = (word: string, known: readonly string[]): string | null =>
  known.find((each) => each.startsWith(word) || word.startsWith(each)) ?? null;
const read = (value: unknown) => readGateConfig(value, 'pushbench.config.json', nearest);
const mistakes = (value: unknown): readonly string[] => read(value).mistakes;
const metric = 'latencyUs.p50';

describe('rules of a configuration', () => {
  test('stand beside the default ones, and in place of those of the same metric', () => {
    const book = read({ rules: [{ metric, level: 'noisy', tolerance: 20 }] }).rulesFor('baseline');
    expect(book.own).toEqual([
      { metric, level: 'noisy', tolerancePercent: 20, direction: 'lower is better', required: false },
    ]);
    expect(book.defaults.map((rule) => rule.metric)).not.toContain(metric);
    expect(book.defaults).toHaveLength(defaultRules('baseline').defaults.length - 1);
  });

  test('stand alone with defaults: false', () => {
    const rules = [
      { metric: 'throughput.deliveriesPerSecond', level: 'near', tolerance: 3, direction: 'higher' },
    ];
    const book = read({ defaults: false, rules, confidence: 0.95 }).rulesFor('comparison');
    expect(book).toMatchObject({ defaults: [], confidence: 0.95 });
    expect(book.own[0]).toMatchObject({ direction: 'higher is better', required: true });
  });

  test('are the default ones without a configuration', () => {
    expect(DEFAULT_GATE.rulesFor('baseline')).toEqual(defaultRules('baseline'));
    expect(read({}).rulesFor('comparison')).toEqual(defaultRules('comparison'));
  });
});

describe('a mistake in a configuration is named with its place, its value and what is allowed', () => {
  const one = (rule: object): readonly string[] => mistakes({ rules: [rule] });

  test.each<[string, () => readonly string[], string]>([
    [
      'a metric that is none',
      () => one({ metric: 'latencyUs.p50x', level: 'noisy', tolerance: 5 }),
      'gate.rules[0] in pushbench.config.json: "latencyUs.p50x" is not a metric. Did you mean "latencyUs.p50"?',
    ],
    [
      'exact with a tolerance',
      () => one({ metric, level: 'exact', tolerance: 1 }),
      'gate.rules[0] in pushbench.config.json: tolerance 1 does not go with level exact, which allows no change; use near or noisy.',
    ],
    [
      'no tolerance',
      () => one({ metric, level: 'near' }),
      'gate.rules[0] in pushbench.config.json: level near needs a tolerance in percent, 0 to 1000.',
    ],
    [
      'a negative tolerance',
      () => one({ metric, level: 'near', tolerance: -1 }),
      'gate.rules[0].tolerance in pushbench.config.json: -1 is too small; it must be at least 0.',
    ],
    [
      'an unknown key',
      () => one({ metric, level: 'near', tolerance: 1, colour: 'red' }),
      'gate.rules[0] in pushbench.config.json: "colour" is not known here. Known are metric, level, tolerance, direction, required.',
    ],
    [
      'an unknown level',
      () => one({ metric, level: 'strict' }),
      'gate.rules[0].level in pushbench.config.json: "strict" is not allowed. Allowed: exact, near, noisy.',
    ],
    ['no metric', () => one({ level: 'exact' }), 'gate.rules[0].metric in pushbench.config.json is missing.'],
    ['a list in place of the object', () => mistakes([]), 'gate in pushbench.config.json: [] is no object.'],
    [
      'a confidence of one',
      () => mistakes({ confidence: 1 }),
      'gate.confidence in pushbench.config.json: 1 is too large; at most 0.9999 is allowed.',
    ],
    [
      'a loss without end',
      () => one({ metric, level: 'near', tolerance: 100, direction: 'higher' }),
      'gate.rules[0] in pushbench.config.json: tolerance 100 of a metric where higher is better would allow any loss; it must be below 100.',
    ],
  ])('%s', (_name, found, sentence) => {
    expect(found()).toEqual([sentence]);
  });

  test('several are told at once', () => {
    const rule = { metric: 'nothing', level: 'noisy' };
    expect(mistakes({ rules: [rule, rule] })).toHaveLength(5);
  });
});
