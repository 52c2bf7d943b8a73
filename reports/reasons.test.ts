import { expect, test } from 'vitest';
import { areasOf, METRIC_AREAS, nextStepOf } from './reasons.js';

test('a reason touches the charts that its cause can falsify', () => {
  expect(areasOf('ledger')).toEqual(['bytes']);
  expect(areasOf('generator-share')).toEqual(['latency']);
  expect(areasOf('foreign-cpu')).toEqual(['latency', 'cpu']);
});

test('a reason of unknown meaning touches everything and gives no advice', () => {
  for (const code of ['', 'moon-phase', 'constructor', '__proto__']) {
    expect(areasOf(code)).toEqual(METRIC_AREAS);
    expect(nextStepOf(code)).toBeNull();
  }
});
