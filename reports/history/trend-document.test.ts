import { describe, expect, it } from 'vitest';
import { sampleHistory } from '../testing/sample-history.js';
import { displayWidth } from '../text-width.js';
import type { RunFacts } from './contract.js';
import { renderTrend } from './terminal.js';
import { MOST_SERIES, trendDocument } from './trend-document.js';

const changesOf = (facts: readonly RunFacts[]) =>
  trendDocument(facts, []).groups.flatMap(({ series }) =>
    series.flatMap(({ scenario, metric, changes }) =>
      changes.map((change) => ({ scenario, metric, ...change })),
    ),
  );

describe('trendDocument', () => {
  it('marks the run with which a level changes, by how much, and what else changed there', () => {
    const facts = sampleHistory({ stepAt: 18, updated: true });
    const changes = changesOf(facts);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ scenario: 'sse', metric: 'latencyUs.p50', point: 18, run: 18 });
    expect(changes[0]!.percent).toBeGreaterThan(15);
    expect(changes[0]!.percent).toBeLessThan(25);
    expect(changes[0]!.beside).toContain('Node went from v20.0.0 to v22.0.0');
  });

  it('marks nothing where nothing changes', () => {
    expect(changesOf(sampleHistory())).toEqual([]);
  });

  it('puts runs in the order of time, whatever the order of the files', () => {
    const facts = sampleHistory({ stepAt: 18 });
    expect(trendDocument(facts.toReversed(), [])).toEqual(trendDocument(facts, []));
  });

  it('compares like with like only, the group with most runs first', () => {
    const slow = sampleHistory({ stepAt: 0, runs: 20 });
    const fast = sampleHistory({ runs: 10, likeness: 'another machine' });
    const { groups } = trendDocument([...fast, ...slow], []);
    expect(groups.map(({ runs }) => runs.length)).toEqual([20, 10]);
    expect(changesOf([...fast, ...slow])).toEqual([]);
    // Taken together they would look like a change.
    expect(changesOf([...fast, ...slow].map((run) => ({ ...run, likeness: '' }))).length).toBeGreaterThan(0);
  });

  it('leaves a gap where a run lacks a number', () => {
    const facts = sampleHistory({ runs: 12 });
    const without = facts.map((run, at) => (at === 5 ? { ...run, contestants: [run.contestants[1]!] } : run));
    const [series] = trendDocument(without, []).groups[0]!.series;
    expect(series!.points.map(({ run }) => run)).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
  });

  it('does not draw more series than anybody reads, and says how many it left out', () => {
    const [run] = sampleHistory({ runs: 1 });
    const contestants = Array.from({ length: MOST_SERIES }, (_, at) => ({
      ...run!.contestants[0]!,
      clients: at,
    }));
    const document = trendDocument([{ ...run!, contestants }], []);
    expect(document.groups[0]!.series).toHaveLength(MOST_SERIES);
    expect(document.seriesLeftOut).toBe(MOST_SERIES);
  });

  it('takes no results', () => {
    expect(trendDocument([], ['a.json is not used.'])).toMatchObject({ results: 0, groups: [] });
  });
});

describe('renderTrend', () => {
  it('prints levels and changes within the width of the terminal', () => {
    const document = trendDocument(sampleHistory({ stepAt: 18, updated: true }), [
      'x.json is not used: why.',
    ]);
    for (const width of [60, 80, 120]) {
      const text = renderTrend(document, width);
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
    const text = renderTrend(document, 300);
    expect(text).toMatch(/Server-sent events, 1,000 +30 runs +5\.\d+ -> (5|6)\.\d+ \+\d+ % {2}1 change/u);
    expect(text).toMatch(/WebSocket, 1,000 +30 runs +4\.\d+$/mu);
    expect(text).toContain(
      '2026-01-19 12:00 (runs/18.json); pushbench went from 0.1.17 to 0.1.18, Node went',
    );
    expect(text).toContain('1 file was skipped:\n- x.json is not used: why.');
  });

  it('says from how many runs on a change shows', () => {
    expect(renderTrend(trendDocument(sampleHistory({ runs: 9 }), []), 200)).toContain(
      'a change shows from 10 runs on',
    );
    expect(renderTrend(trendDocument([], []), 80)).toBe('There is no result to draw a trend of.\n');
  });

  it('names ten skipped files and counts the rest', () => {
    const skipped = Array.from({ length: 25 }, (_, at) => `${at}.json is not used.`);
    expect(renderTrend(trendDocument([], skipped), 80)).toContain('- and 15 more; --json names them all.');
  });
});
