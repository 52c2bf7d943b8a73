import { describe, expect, test } from 'vitest';
import { steadinessSentence } from '../html/sentences.js';
import type { Result } from '../result.js';
import { type SampleOptions, sampleResult } from '../testing/sample-result.js';
import { type ResultView, viewOf } from '../view.js';
import { barChart } from './bars.js';
import { rowsOf } from './rows.js';
import { timelineChart, timelineOf } from './timeline.js';
import { tradeOffChart } from './trade-off.js';

const MEMORY = 'memory.server.bytesPerClient';
const view = (options: SampleOptions): ResultView => viewOf(sampleResult(options));
const rows = (options: SampleOptions) => rowsOf(view(options).groups[0]!);

/** Puts rows of a drain behind the window of each trial. */
function withDrain(result: Result): Result {
  for (const trial of result.trials) {
    if (trial.status !== 'completed') continue;
    const { timeline } = trial.measurements;
    timeline.push({ ...timeline.at(-1)!, second: timeline.length, delivered: 3 });
  }
  return result;
}

describe('a timeline', () => {
  const group = () =>
    viewOf(withDrain(sampleResult({ scenarios: ['sse'], trials: 1, durationSeconds: 5 }))).groups[0]!;

  test('is drawn up to the planned end of the window; the drain is known, but not drawn', () => {
    const [series] = timelineOf(group(), 'delivered');
    expect(series!.points.map(({ second, isDrain }) => [second, isDrain])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, false],
      [4, false],
      [5, true],
    ]);
    expect(timelineChart([series!], 'count')?.series[0]?.data).toHaveLength(5);
  });

  test('does not move because its drain is not full', () => {
    expect(steadinessSentence(timelineOf(group(), 'delivered'), 'count')).toBe(
      'From second to second it does not move.',
    );
  });
});

test.each([
  [2.5, /moves by less than 3 percentage points/u],
  [30, /moves with Server-sent events: between 40.% and 70.%/u],
])('a CPU that moves by %d points between seconds is read with the step of its clock', (by, expected) => {
  const result = sampleResult({ scenarios: ['sse'], trials: 1 });
  for (const trial of result.trials) {
    if (trial.status !== 'completed') continue;
    for (const row of trial.measurements.timeline) row.serverCpuPercent = 40 + (row.second % 2) * by;
  }
  const series = timelineOf(viewOf(result).groups[0]!, 'serverCpuPercent');
  expect(steadinessSentence(series, 'percent')).toMatch(expected);
});

describe('a bar of memory', () => {
  const bars = (clients: number) =>
    barChart(rows({ clients: [clients] }), [{ name: 'server', path: MEMORY }], 'bytes')!.series[0]!;

  test('within the noise of a process is hatched, and its number marked', () => {
    const { texts, backgroundColor, notes } = bars(80);
    for (const text of texts!) expect(text).toMatch(/^~/u);
    for (const fill of backgroundColor as string[]) expect(fill).toMatch(/^@hatch-/u);
    for (const note of notes!) expect(note).toMatch(/^not resolved/u);
  });

  test('of enough clients is whole', () => {
    const { texts, backgroundColor } = bars(1000);
    expect(texts!.join('')).not.toContain('~');
    expect((backgroundColor as string[]).join('')).not.toContain('hatch');
  });
});

describe('a mark of the trade-off', () => {
  test('of void trials stands in a ring; beside completed ones it has no name on a narrow page', () => {
    const { series } = tradeOffChart(rows({ void: ['websocket/1'] }))!;
    const marks = series.filter(({ label }) => label.startsWith('WebSocket'));
    expect(marks.map(({ ringed, texts, shortTexts }) => [ringed, texts, shortTexts])).toEqual([
      [false, ['WebSocket'], ['WebSocket']],
      [true, ['WebSocket (round 1 void)'], [null]],
    ]);
  });

  test('of a transport with void trials only keeps its name', () => {
    const { series } = tradeOffChart(rows({ trials: 1, void: ['websocket/1'] }))!;
    expect(series.find(({ ringed }) => ringed)?.shortTexts).toEqual(['WebSocket']);
  });
});

test('rounds that were cut short are not called void', () => {
  const result = sampleResult({ scenarios: ['sse'], trials: 2, void: ['sse/2'] });
  result.trials[1]!.reasons = [{ code: 'interrupted', message: 'The run was interrupted.' }];
  expect(rowsOf(viewOf(result).groups[0]!).map(({ mark }) => mark)).toEqual([null, 'round 2 cut short']);
});
