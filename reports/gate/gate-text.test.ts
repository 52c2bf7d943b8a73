import { describe, expect, test } from 'vitest';
import { HOSTILE, sampleResult } from '../testing/sample-result.js';
import { displayWidth } from '../text-width.js';
import { defaultRules } from './default-rules.js';
import { gateSentence, renderGate } from './gate-text.js';
import { judgeBaseline, judgeComparison } from './judge.js';
import { sampleComparison, slower } from './testing/sample-comparison.js';

const PLAIN = { width: 80, color: false };
const slow = judgeComparison(sampleComparison({ head: slower(1.15) }), defaultRules('comparison'));

describe('verdicts in a terminal', () => {
  test('have a row for each judged metric, a sentence where it did not pass, and one line for what is exact', () => {
    const text = renderGate(slow, PLAIN);
    expect(text).toMatch(
      /^Base: main\. Head: my branch\.\n\nsse, broadcast, 1,000 clients\nverdict {7}metric/,
    );
    expect(text).toMatch(
      /\nFAIL {10}latencyUs\.p50 +[\d.]+\u00a0ms +[\d.]+\u00a0ms +\+1\d\.\d\u00a0%\n {14}The whole interval/,
    );
    expect(text).toMatch(/\npass {10}cpu\.serverMicrosPerDelivery [^\n]*\nnot judged/);
    expect(text).toMatch(/\npass {10}14 exact metrics\n/);
    expect(text).toMatch(/\n\nGate: FAIL \(1 failed, 1 not judged, 16 passed\)\.\n$/);
  });

  test.each([60, 80, 132])('are no wider than %i columns', (width) => {
    const hostile = sampleResult({ hostile: true, trials: 2, failed: ['sse/1'] });
    const outcome = judgeBaseline(hostile, hostile, defaultRules('baseline'), {
      base: HOSTILE,
      head: HOSTILE,
    });
    for (const outcomes of [slow, outcome]) {
      for (const line of renderGate(outcomes, { width, color: false }).split('\n'))
        expect(displayWidth(line), line).toBeLessThanOrEqual(width);
    }
  });

  test('hold nothing that steers a terminal', () => {
    const hostile = sampleResult({ hostile: true, trials: 2, failed: ['sse/1'] });
    const outcome = judgeBaseline(hostile, hostile, defaultRules('baseline'), {
      base: HOSTILE,
      head: HOSTILE,
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(renderGate(outcome, PLAIN)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/u);
  });

  test('are bold where colour is allowed, and read the same', () => {
    const coloured = renderGate(slow, { ...PLAIN, color: true });
    expect(coloured).toContain('\u001b[1m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
    expect(coloured.replace(/\u001b\[\d+m/gu, '')).toBe(renderGate(slow, PLAIN));
  });

  test('say once what is the same of every metric', () => {
    const failing = sampleResult({ scenarios: ['sse'], failed: ['sse/1'] });
    const good = sampleResult({ scenarios: ['sse'] });
    const text = renderGate(judgeBaseline(good, failing, defaultRules('baseline')), PLAIN);
    expect(text.match(/The head has no number in round 1/gu)).toHaveLength(1);
    expect(text).toMatch(/\nFAIL {10}\d+ metrics\n {14}clients\.connected, messages\.lost, /);
  });

  test('name every metric that fails, also where several have the same sentence', () => {
    const good = sampleResult({ scenarios: ['sse'] });
    const bad = structuredClone(good);
    for (const trial of bad.trials)
      if (trial.status === 'completed') {
        trial.measurements.messages.lost = 5;
        trial.measurements.messages.duplicated = 5;
      }
    const text = renderGate(judgeBaseline(good, bad, defaultRules('baseline')), PLAIN);
    expect(text).toMatch(
      /\nFAIL {10}messages\.lost [^\n]*\nFAIL {10}messages\.duplicated [^\n]*\n {14}Head has 5 in all/,
    );
    expect(text.match(/Head has 5 in all/gu)).toHaveLength(1);
  });

  test('end with a sentence that counts', () => {
    expect(gateSentence({ ...slow, rules: [] })).toBe('Gate: FAIL.');
  });
});
