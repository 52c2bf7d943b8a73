import { describe, expect, it } from 'vitest';
import { clockSentence } from './clock-remarks.js';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import type { MeasuredTrial, Result } from './result.js';
import { renderTable } from './terminal.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

/** A run of three rounds with these lags of the publisher, the second of them void where it is told. */
function run(lags: readonly (readonly [number | null, number | null])[], isSecondVoid = false): Result {
  const result = sampleResult({ scenarios: ['sse'], ...(isSecondVoid ? { void: ['sse/2'] } : {}) });
  for (const trial of result.trials as MeasuredTrial[]) {
    const [publisherLagP50Us, publisherLagP99Us] = lags[trial.trial - 1]!;
    Object.assign(trial.measurements.health, { publisherLagP50Us, publisherLagP99Us });
  }
  return result;
}

/** Lines are broken anywhere, and units set apart by spaces that do not break. */
const words = (text: string): string => text.replace(/\s+/gu, ' ');
const SENTENCE =
  'Latency is read on one clock (CLOCK_MONOTONIC, to 50 µs between processes); an idle publisher was late by 300 µs (p50) and 1.2 ms (p99) at worst.';

describe('what latencies are read on', () => {
  const noisy = run([
    [200, 1200],
    [300, 900],
    [100, null],
  ]);

  it('stands beside every latency: in the terminal, in Markdown and on the page', () => {
    expect(words(renderTable(noisy, { width: 80, color: false }))).toContain(SENTENCE);
    expect(words(renderMarkdown(noisy)).replace('&#95;', '_')).toContain(SENTENCE);
    const page = words(renderHtml(noisy, { script: '', style: '' }));
    expect(page.slice(page.indexOf('id="late"'))).toContain(SENTENCE);
  });

  it('counts the worst of the completed trials, and no void one', () => {
    const result = run(
      [
        [200, 1200],
        [9000, 9000],
        [300, 1000],
      ],
      true,
    );
    expect(words(clockSentence(result, viewOf(result))!)).toBe(SENTENCE);
  });

  it('says so when no publisher was ever idle, and nothing where nothing was timed', () => {
    const busy = run([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect(clockSentence(busy, viewOf(busy))).toContain('no publisher was ever idle');
    const untimed = { ...noisy, plan: { ...noisy.plan, verifyWire: true } };
    expect(clockSentence(untimed, viewOf(untimed))).toBeNull();
  });
});
