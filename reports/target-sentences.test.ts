import { describe, expect, it } from 'vitest';
import { DurationHistogram } from '../runner/measure/histogram.js';
import { findingsOf } from './findings.js';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import type { Measurements, Result } from './result.js';
import { summarise } from './summarise.js';
import { tableOf } from './table.js';
import { targetSentences } from './target-sentences.js';
import { renderTable } from './terminal.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';
import { AFTER_WINDOW, WINDOW_RATE, windowRates } from './window-rate.js';

type Target = NonNullable<Measurements['target']>;
const ASSETS = { script: '', style: '' };
const TARGET: Target = { unmarked: 0, otherRuns: 0, gapsUs: null, backwards: null };
const GAPS: Target = {
  ...TARGET,
  gapsUs: { count: 90, p50: 98_600, p90: 99_000, p99: 120_000, max: 130_000 },
};

/** A run over these transports in which SSE is a server of somebody's own. */
function withTarget(target: Target, scenarios: readonly string[], timed = false): Result {
  const result = sampleResult({ scenarios: [...scenarios] });
  for (const trial of result.trials) {
    if (trial.scenario !== 'sse' || trial.status !== 'completed') continue;
    const { measurements } = trial;
    measurements.target = target;
    if (target.gapsUs === null) continue;
    const unknown = { published: null, expected: null, lost: null, duplicated: null, reordered: null };
    Object.assign(measurements.messages, unknown);
    if (timed) continue;
    measurements.latencyUs = {
      ...measurements.latencyUs,
      ...{ count: 0, min: null, mean: null, p50: null, p90: null, p99: null, p999: null, max: null },
      histogram: new DurationHistogram().encode().encoded,
    };
    measurements.publishes = { every: 1, intendedUs: [], delivered: [], p50Us: [], p99Us: [], maxUs: [] };
    measurements.timeline = measurements.timeline.map((row) => ({ ...row, p50Us: null, p99Us: null }));
  }
  return { ...result, summary: summarise(result.trials) };
}

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const said = (result: Result): string[] => targetSentences(viewOf(result)).map(plain);

describe('what is said of a server that is not ours', () => {
  it('is nothing where there is none, and nothing where there is nothing to say', () => {
    expect(said(sampleResult())).toEqual([]);
    expect(said(withTarget(TARGET, ['sse', 'websocket']))).toEqual([]);
  });

  it('is what came besides, over all trials', () => {
    expect(said(withTarget({ ...TARGET, unmarked: 10, otherRuns: 1 }, ['sse']))).toEqual([
      'Besides, Server-sent events sent messages that are no deliveries: 30 without a marker and 3 of other runs.',
    ]);
  });

  it('is, where it publishes by itself, what nobody can know, and the gaps', () => {
    expect(said(withTarget(GAPS, ['sse']))).toEqual([
      'Server-sent events publishes by itself: what was lost, repeated or out of order is not judged, and as no message carries a time, nor is how late they are. From one message of a client to its next it took 98.6 ms (median), 120 ms (p99).',
    ]);
    expect(said(withTarget({ ...GAPS, backwards: 4 }, ['sse'], true))).toEqual([
      expect.stringContaining('how late a message is follows from the time it carries'),
      'Server-sent events: 12 of its messages carried a time ahead of this machine’s clock, and are not in the latencies.',
    ]);
    expect(said(withTarget({ ...GAPS, backwards: 4 }, ['sse']))).toEqual([
      expect.stringContaining(
        'nor how late they are, as 12 of them carried a time ahead of this machine’s clock.',
      ),
    ]);
  });
});

describe('a report of a server that publishes by itself', () => {
  const alone = withTarget(GAPS, ['sse']);
  const beside = withTarget(GAPS, ['sse', 'websocket']);

  it('prints no zero for what is not judged', () => {
    for (const text of [
      renderTable(alone, { width: 120, color: false }),
      renderMarkdown(alone),
      renderHtml(alone, ASSETS),
    ].map((text) => plain(text.replace(/<script[\s\S]*?<\/script>/g, '')))) {
      expect(text).toContain('publishes by itself');
      expect(text).not.toMatch(
        /No message was lost|All messages arrived|0 publishes|0 of 0|tail not bounded|NaN|null/,
      );
    }
    const [row] = tableOf(viewOf(alone)).groups[0]!.rows;
    expect(row!.cells.at(-1)!.text).toBe('\u2013');
    const page = plain(renderHtml(alone, ASSETS));
    expect(page).toMatch(/<td[^>]*>\u2013<\/td>/);
  });

  it('asks a question without a schedule, unless others had one', () => {
    expect(plain(viewOf(alone).question)).toBe(
      '1,000 clients of a server that publishes by itself: what is the cost of Server-sent events?',
    );
    expect(viewOf(beside).question).toContain('10 messages a second');
  });

  it('claims only for the others that nothing was lost', () => {
    expect(findingsOf(viewOf(alone)).wrong).toBe(
      'What was lost, repeated or out of order with Server-sent events is not judged.',
    );
    expect(findingsOf(viewOf(beside)).wrong).toBe(
      'No message was lost, repeated or out of order. What was lost, repeated or out of order with Server-sent events is not judged.',
    );
  });

  it('counts all that was heard over all the time in which it was', () => {
    const trials = alone.trials.flatMap((trial) =>
      trial.status === 'completed' ? [trial.measurements] : [],
    );
    const longer = trials.map((measured) => ({ ...measured, measuredSeconds: 12.5 }));
    const rates = windowRates(longer, 10);
    expect(rates[WINDOW_RATE]?.median).toBe(trials[0]!.messages.delivered / 12.5);
    expect(rates[AFTER_WINDOW]).toBeUndefined();
  });

  it('leaves out of the summary what nobody can know', () => {
    const [{ metrics }] = alone.summary as [Result['summary'][number]];
    for (const path of ['messages.lost', 'messages.expected', 'latencyUs.p50', 'latencyUs.p99'])
      expect(metrics[path], path).toBeUndefined();
    expect(metrics['target.gapsUs.p50']?.median).toBe(98_600);
  });
});
