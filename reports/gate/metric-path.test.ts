import { expect, test } from 'vitest';
import { metricsOf } from '../summarise.js';
import { sampleResult } from '../testing/sample-result.js';
import { defaultRules } from './default-rules.js';
import { exactText, isMetricPath, METRIC_PATHS, metricText, numberAt } from './metric-path.js';

const [trial] = sampleResult({ scenarios: ['polling'] }).trials;
const measurements = trial!.status === 'completed' ? trial!.measurements : null;

test('every number of a summary is a metric, and reads the same', () => {
  for (const [path, value] of metricsOf(measurements!)) {
    expect(isMetricPath(path), path).toBe(true);
    expect(numberAt(measurements!, path), path).toBe(value);
  }
});

test('every default rule names a metric', () => {
  for (const { metric } of defaultRules('comparison').defaults) expect(METRIC_PATHS).toContain(metric);
});

test('what is not a number of a trial is no metric', () => {
  for (const path of [
    'latencyUs',
    'latencyUs.histogram',
    'timeline',
    '',
    'failures.',
    'failures.resets',
    'failures.toString',
    '__proto__.x',
    'latencyUs.toString',
  ])
    expect(isMetricPath(path), path).toBe(false);
});

test('a kind of failure that did not happen counts as none', () => {
  expect(isMetricPath('failures.reset')).toBe(true);
  expect(numberAt({ ...measurements!, failures: { reset: 3 } }, 'failures.reset')).toBe(3);
  expect(numberAt({ ...measurements!, failures: {} }, 'failures.reset')).toBe(0);
  expect(numberAt({ ...measurements!, failures: {} }, 'failures.toString')).toBe(0);
});

test('an exact value keeps all digits, another is rounded', () => {
  expect(metricText('latencyUs.p50', 2_684.2)).toBe('2.68\u00a0ms');
  expect(exactText('wire.perDelivery.down.header', 14.791)).toBe('14.791\u00a0B');
  expect(exactText('wire.perDelivery.down.header', 14.792)).toBe('14.792\u00a0B');
  expect(exactText('messages.lost', 1_234)).toBe('1,234');
  expect(metricText('latencyUs.p50', null)).toBe('n/a');
});
