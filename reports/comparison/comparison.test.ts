import { describe, expect, it } from 'vitest';
import { ratioAxis } from '../charts/ratio-ticks.js';
import { ratioChart } from '../charts/ratios.js';
import { findingsOf } from '../findings.js';
import { defaultRules } from '../gate/default-rules.js';
import { renderHtml } from '../html.js';
import { renderMarkdown } from '../markdown.js';
import { plainText } from '../plain-text.js';
import { type Result, resultSchema } from '../result.js';
import { renderTable } from '../terminal.js';
import { sampleComparison } from '../testing/sample-comparison.js';
import { sampleResult } from '../testing/sample-result.js';
import { displayWidth } from '../text-width.js';
import { viewOf } from '../view.js';
import { basisSentence, comparisonSentences, intervalText, ratioText } from './comparison-sentences.js';
import { comparisonTable } from './comparison-table.js';
import { type ComparisonRow, type ComparisonView, changedRows, comparisonView } from './comparison-view.js';
import { metricName } from './metric-name.js';
import { asBase, baseScenarios, interleavedComparison, storedComparison } from './record.js';

const slower = sampleComparison({
  change: ({ cpu, latencyUs, wire }) => {
    cpu.serverMicrosPerDelivery! *= 1.3;
    latencyUs.p50! *= 0.8;
    wire.perDelivery!.down.header += 2;
    wire.perDelivery!.down.total += 2;
  },
});
const viewed = (result = slower): ComparisonView => comparisonView(result)!;
const rowOf = (name: string, view = viewed()): ComparisonRow => view.rows.find((row) => row.name === name)!;
const page = { script: 'void 0', style: 'p {}' };

describe('a comparison', () => {
  it('is part of the document, and keeps the values of each arm beside the ratio and its interval', () => {
    const { comparison, trials } = resultSchema.parse(slower);
    expect(trials).toHaveLength(45);
    const cpu = comparison!.rules.find(({ rule }) => rule.metric === 'cpu.serverMicrosPerDelivery')!;
    expect(cpu.base).toHaveLength(15);
    expect(cpu.head).toHaveLength(15);
    expect(cpu.ratio!.low!).toBeGreaterThan(1.2);
    expect(cpu.ratio!.high!).toBeLessThan(1.4);
    expect(cpu.aa!.low!).toBeLessThan(1);
    expect(cpu.aa!.high!).toBeGreaterThan(1);
  });

  it('gives each metric the word that its interval allows', () => {
    expect(rowOf('server CPU a message').word).toBe('worse');
    expect(rowOf('median latency').word).toBe('better');
    expect(rowOf('p99 latency').word).toBe('same');
    expect(rowOf('bytes down a message')).toMatchObject({
      base: '12\u00a0B',
      head: '14\u00a0B',
      word: 'worse',
    });
  });

  it('lists what moved or may have, and counts what is the same to the last digit', () => {
    const names = changedRows(viewed()).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['server CPU a message', 'median latency', 'p99 latency']);
    expect(names).toContain('header down a message');
    expect(names).not.toContain('handshake up');
    expect(comparisonTable(viewed(), true).rows.length).toBeGreaterThan(names.length);
  });

  it('says what was found, what is the same, and nothing of what was not shown', () => {
    const [worse, better, same, ...rest] = comparisonSentences(viewed());
    expect(worse).toMatch(
      /^The head is worse than the base in server CPU a message \(1\.\d{3} times, 1\.\d{3} to 1\.\d{3}\), header down a message \(0\u00a0B to 2\u00a0B\) and bytes down a message \(12\u00a0B to 14\u00a0B\)\.$/,
    );
    expect(better).toMatch(/^It is better in median latency \(0\.\d{3} times, /);
    expect(same).toBe('About the same: p99 latency (within 25\u00a0%).');
    expect(rest).toEqual([
      'Not judged: server heap a client.',
      '12 counts of bytes and messages are the same to the last digit.',
    ]);
  });

  it('of two that are alike claims no difference', () => {
    const alike = viewed(sampleComparison());
    const sentences = comparisonSentences(alike);
    expect(sentences[0]).toBe('No difference between head and base was shown.');
    expect(sentences.join(' ')).not.toMatch(/better|worse/);
  });

  it('that is too noisy says that nothing can be told, with the range that is left', () => {
    const noisy = viewed(sampleComparison({ noise: 0.6 }));
    expect(rowOf('median latency', noisy).word).toBe('cannot tell');
    expect(comparisonSentences(noisy).join(' ')).toMatch(
      /Nothing can be told of .*median latency \(0\.\d+ to \d\.\d+ times\)/,
    );
  });

  it('with too few pairs gives no interval and no word', () => {
    const two = viewed(sampleComparison({ pairs: 2 }));
    expect(rowOf('median latency', two)).toMatchObject({ low: null, high: null, word: 'not judged' });
    expect(comparisonSentences(two).join(' ')).toContain('Not judged: ');
  });

  it('rests on as many pairs as its ratios do, and on none where none was completed', () => {
    const basis = 'of fresh processes in the same rounds, in balanced random order.';
    expect(basisSentence(viewed(sampleComparison({ pairs: 7 })))).toBe(
      `Ratios are head / base over 7 pairs ${basis}`,
    );
    const result = sampleComparison({ pairs: 3 });
    const { base, head } = result.comparison!;
    const judged = (trials: Result['trials']): ComparisonView => {
      const changed = { ...result, trials };
      return viewed({
        ...changed,
        comparison: interleavedComparison(changed, { base, head }, defaultRules('comparison')),
      });
    };
    const without = (arm: string, rounds: readonly number[]): Result['trials'] =>
      result.trials.filter((trial) => trial.arm !== arm || !rounds.includes(trial.trial));
    // Three trials of each side, and two rounds in which both were completed: exact metrics need no pairs.
    expect(basisSentence(judged(without('head', [3])))).toContain(`over 2 pairs ${basis}`);
    const apart = without('head', [3]).filter(({ arm, trial }) => arm !== 'base' || trial === 3);
    expect(basisSentence(judged(apart))).toBe(
      'No ratio rests on pairs of trials: where there is one, it is of medians.',
    );
  });

  it('of a run that is about to end is not said to have no end', () => {
    const { comparison, ...result } = { ...sampleComparison({ pairs: 5 }), finishedAt: null };
    const { base, head } = comparison!;
    const rules = defaultRules('comparison');
    expect(interleavedComparison(result, { base, head }, rules).notes.join(' ')).not.toContain('no end');
    const stored = storedComparison(asBase(result, 'head'), asBase(result, 'head'), { base, head }, rules);
    expect(stored.notes.filter((note) => note.includes('no end'))).toEqual([
      'The baseline has no end: it is still under way, or was killed.',
    ]);
  });

  it('of several numbers of clients names each', () => {
    const sweep = viewed(
      sampleComparison({
        clients: [100, 1000],
        change: (m) => {
          if (m.clients.requested === 1000) m.latencyUs.p50! *= 2;
        },
      }),
    );
    expect(sweep.isSweep).toBe(true);
    expect(comparisonSentences(sweep)[0]).toMatch(
      /^The head is worse than the base in median latency at 1,000 clients \(/,
    );
    expect(comparisonTable(sweep).heads).toContain('clients');
  });
});

describe('what is shown of a comparison', () => {
  it('asks its question first, on the page, in Markdown and in the terminal', () => {
    const question = 'is the head better or worse than the base?';
    const html = renderHtml(slower, page);
    expect(html).toContain(`<h1>1,000 clients, 10 messages a second, 10 bytes each: ${question}</h1>`);
    expect(html.indexOf('How many times the base is the head?')).toBeLessThan(html.indexOf('How late?'));
    expect(html).toContain('<summary>The numbers: head (git:feature (c0ffee123456))');
    const markdown = renderMarkdown(slower);
    expect(markdown.indexOf('| metric | base | head |')).toBeLessThan(markdown.indexOf('| scenario |'));
    expect(markdown).toContain('| bytes down a message | 12\u00a0B | 14\u00a0B | 1.167 |');
    expect(findingsOf(viewOf(slower)).headline[0]).toMatch(/^The head is worse/);
    expect(renderTable(slower, { width: 80, color: false })).toMatch(/^bytes down a message .* worse$/m);
  });

  it.each([40, 60, 80, 120])('keeps to %i columns', (width) => {
    const text = renderTable(slower, { width, color: false });
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    expect(text).toContain('head is');
  });

  it('escapes whatever the arms are called', () => {
    const hostile = sampleComparison({ hostile: true, pairs: 5 });
    expect(renderHtml(hostile, page)).not.toMatch(/<script>alert|<img/);
    expect(renderMarkdown(hostile)).not.toMatch(/<script|\]\(javascript/);
    const lines = renderTable(hostile, { width: 80, color: false }).split('\n');
    expect(lines.map((line) => plainText(line, 1000))).toEqual(lines.map((line) => line.trim()));
  });

  it('has nothing of it in a run that compares no arms', () => {
    expect(viewOf(sampleResult()).comparison).toBeNull();
    expect(renderHtml(sampleResult(), page)).not.toContain('the base');
  });
});

describe('the chart of ratios', () => {
  it('has a row a metric, whiskers, and bands of the base against itself', () => {
    const rows = changedRows(viewed());
    const { series, rows: labels, options } = ratioChart(viewed(), rows)!;
    expect(labels!.map(({ label }) => label[0])).toEqual(
      rows.filter(({ ratio }) => ratio !== null).map(({ name }) => name),
    );
    const [{ whiskers, bands, texts }] = series as [(typeof series)[0]];
    expect(whiskers![0]![0]).toBeGreaterThan(1.2);
    expect(bands![0]![0]).toBeLessThan(1);
    expect(texts![0]).toMatch(/^1\.\d{3}, worse$/);
    const { min, max } = (options.scales as { x: { min: number; max: number } }).x;
    expect(min * max).toBeCloseTo(1);
  });

  it('is left out where nothing has a ratio', () => {
    expect(ratioChart(viewed(), [])).toBeNull();
  });

  it.each([
    [[1], ['0.98', '0.99', '1', '1.01', '1.02']],
    [
      [0.97, 1.02],
      ['0.97', '0.98', '0.99', '1', '1.01', '1.02', '1.03'],
    ],
    [[1.3], ['0.8', '0.9', '1', '1.1', '1.2', '1.3']],
    [
      [0.5, 1],
      ['0.5', '1', '1.5', '2'],
    ],
    [
      [40, 0.2],
      ['0.05', '0.2', '1', '5', '20'],
    ],
  ])('of %j has ticks that people know', (values, labels) => {
    const { ticks, min, max } = ratioAxis(values);
    expect(ticks.map(({ label }) => label)).toEqual(labels);
    for (const { value } of ticks) expect(value >= min && value <= max).toBe(true);
  });
});

describe('an earlier result', () => {
  const old = sampleResult({ scenarios: ['sse', 'websocket'], trials: 12 });

  it('is a base by one of its scenarios, and of a comparison by its head', () => {
    expect(baseScenarios(old)).toEqual(['sse', 'websocket']);
    expect(baseScenarios(slower)).toEqual(['head']);
    expect(asBase(old, 'sse').trials).toHaveLength(12);
    const heads = asBase(slower, 'head');
    expect(heads.trials).toHaveLength(15);
    expect(heads.trials.every(({ arm }) => arm === undefined)).toBe(true);
    expect(heads.plan.scenarios).toEqual(['head']);
  });

  it('is judged by what can be judged, and says that it did not run beside the head', () => {
    const fresh = sampleResult({ scenarios: ['sse'], trials: 3, seed: 9 });
    const arms = {
      base: { arm: 'result:old.json', label: 'result:old.json' },
      head: { arm: 'scenario:sse', label: 'scenario:sse' },
    };
    const comparison = storedComparison(asBase(old, 'sse'), fresh, arms, defaultRules('baseline'));
    expect(comparison.interleaved).toBe(false);
    const text = renderTable({ ...fresh, comparison }, { width: 80, color: false });
    expect(text).toContain('The base is an earlier run');
    expect(text).toMatch(/^median latency .* not judged$/m);
  });
});

describe('how numbers and metrics are printed', () => {
  it.each([
    [1, '1.000'],
    [0.9874, '0.987'],
    [2.345, '2.35'],
    [12.34, '12.3'],
    [1234.5, '1,235'],
    [null, 'n/a'],
  ])('%s is %s', (ratio, text) => expect(ratioText(ratio)).toBe(text));

  it('has a dash where there is no interval', () => {
    expect(intervalText({ low: null, high: null })).toBe('\u2013');
    expect(intervalText({ low: 0.9, high: 1.1 })).toBe('0.900 to 1.100');
  });

  it.each([
    ['wire.perDelivery.down.total', 'bytes down a message'],
    ['wire.perDelivery.up.header', 'header up a message'],
    ['wire.exchange.empty.down', 'empty poll, down'],
    ['wire.handshakePerClient.up', 'handshake up'],
    ['ports.connections', 'ports.connections'],
  ])('%s is %s', (path, name) => expect(metricName(path)).toBe(name));
});
