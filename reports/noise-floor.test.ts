import { describe, expect, test } from 'vitest';
import { findingsOf } from './findings.js';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import { floorFor, noiseFloorOf } from './noise-floor.js';
import { type NoiseFloor, type Result, resultSchema, type Trial } from './result.js';
import { renderTable } from './terminal.js';
import { pageAssets } from './testing/page-assets.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

const assets = await pageAssets();

/** Each round of a sample run twice, as the two arms of an A/A run. */
function arms(trials: number, options: Parameters<typeof sampleResult>[0] = {}): Trial[] {
  const [a, b] = [1, 2].map((seed) =>
    sampleResult({ scenarios: ['sse', 'websocket'], durationSeconds: 3, trials, seed, ...options }),
  );
  return [
    ...a!.trials.map((trial) => ({ ...trial, arm: 'A' as const })),
    ...b!.trials.map((trial) => ({ ...trial, arm: "A'" as const })),
  ];
}

const aaResult = (trials: number): Result => {
  const all = arms(trials);
  const result = sampleResult({ scenarios: ['sse', 'websocket'], durationSeconds: 3, trials });
  return { ...result, plan: { ...result.plan, aa: true }, trials: all, noiseFloor: noiseFloorOf(all)! };
};

/** A floor of the same size for everything. */
function flat(floorPercent: number, metric: string): NoiseFloor {
  const common = {
    workload: 'broadcast',
    clients: 1000,
    rounds: 8,
    ratio: 1,
    low: 0.9,
    high: 1.1,
    least: 0.9,
    most: 1.1,
  };
  return { from: null, entries: [{ scenario: 'sse', metric, ...common, floorPercent, differs: false }] };
}

describe('the noise floor', () => {
  test('is the farther end of the interval of the ratio of the arms, by contestant and metric', () => {
    const floor = noiseFloorOf(arms(8))!;
    const p50 = floor.entries.find(
      ({ scenario, metric }) => scenario === 'sse' && metric === 'latencyUs.p50',
    )!;
    expect(p50.rounds).toBe(8);
    expect(p50.low!).toBeLessThan(p50.ratio);
    expect(p50.high!).toBeGreaterThan(p50.ratio);
    expect(p50.floorPercent).toBeCloseTo(100 * (Math.max(p50.high!, 1 / p50.low!) - 1), 9);
    expect(new Set(floor.entries.map(({ scenario }) => scenario))).toEqual(new Set(['sse', 'websocket']));
  });

  test('is nothing for bytes that are the same in every trial', () => {
    const bytes = noiseFloorOf(arms(5))!.entries.filter(
      ({ metric }) => metric === 'wire.perDelivery.bothWays',
    );
    expect(bytes).toHaveLength(2);
    expect(bytes.every(({ floorPercent, differs }) => floorPercent === 0 && !differs)).toBe(true);
  });

  test('is the farthest round below five of them', () => {
    const entry = noiseFloorOf(arms(3))!.entries[0]!;
    expect(entry).toMatchObject({ low: null, high: null, differs: false });
    expect(entry.floorPercent).toBeCloseTo(100 * (Math.max(entry.most, 1 / entry.least) - 1), 9);
  });

  test('rests on rounds in which both arms were completed, and has no entry without one', () => {
    expect(noiseFloorOf(arms(5, { void: ['sse/2'] }))!.entries[0]).toMatchObject({
      scenario: 'sse',
      rounds: 4,
    });
    expect(noiseFloorOf(arms(1, { failed: ['sse/1', 'websocket/1'] }))!.entries).toEqual([]);
  });

  test('is not known to a run without arms', () => {
    expect(noiseFloorOf(sampleResult().trials)).toBeNull();
  });

  test('of a contestant that has none is the largest that was seen of the metric', () => {
    const floor = flat(12, 'latencyUs.p50');
    const elsewhere = { scenario: 'polling', workload: 'idle', clients: 7 };
    expect(floorFor(floor, 'latencyUs.p50', elsewhere)).toBeCloseTo(0.12, 9);
    expect(floorFor(floor, 'latencyUs.p99', elsewhere)).toBeNull();
    expect(floorFor(undefined, 'latencyUs.p50', elsewhere)).toBeNull();
  });
});

describe('a claim of difference', () => {
  const twoOf = (noiseFloor?: NoiseFloor): Result => ({
    ...sampleResult({ scenarios: ['sse', 'websocket'], trials: 8, noise: 0.02, durationSeconds: 3 }),
    ...(noiseFloor ? { noiseFloor } : {}),
  });

  test('inside the floor is called a tie, with the floor beside it', () => {
    expect(findingsOf(viewOf(twoOf())).late).toContain('Messages come soonest with WebSocket');
    const tied = findingsOf(viewOf(twoOf(flat(80, 'latencyUs.p50')))).late;
    expect(tied).not.toContain('soonest');
    expect(tied).toContain('noise floor, 80\u00a0%, is a tie');
  });

  test('beyond the floor stands, with the floor beside it', () => {
    const late = findingsOf(viewOf(twoOf(flat(5, 'latencyUs.p50')))).late;
    expect(late).toContain('Messages come soonest with WebSocket');
    expect(late).toContain('noise floor for this is 5\u00a0%');
  });

  test('inside the floor has no best value marked in the table', () => {
    const style = { width: 120, color: false };
    const p50 = (result: Result): string => /^WebSocket\s+(\S+)/mu.exec(renderTable(result, style))![1]!;
    expect(p50(twoOf())).toContain('*');
    expect(p50(twoOf(flat(80, 'latencyUs.p50')))).not.toContain('*');
  });
});

describe('the result of an A/A run', () => {
  test('is valid after the schema', () => {
    expect(resultSchema.safeParse(aaResult(8)).error).toBeUndefined();
  });

  test('shows the floor in the terminal, in Markdown and on the page', () => {
    const result = aaResult(8);
    const terminal = renderTable(result, { width: 80, color: false }).replace(/\s+/gu, ' ');
    expect(terminal).toContain('Noise floor of this machine (two identical arms, 8 rounds)');
    expect(terminal).toMatch(/WebSocket, 1,000 clients: p50 [\d.]+ %, p99 [\d.]+ %, bytes 0 %/u);
    expect(terminal).toMatch(/differ beyond their 99 % interval in \d+ of \d+ ratios/u);
    expect(renderMarkdown(result)).toContain('## How noisy is this machine?');
    expect(renderHtml(result, assets)).toContain(
      'How far apart does this machine set two identical contestants?',
    );
  });

  test('says so when no floor could be measured', () => {
    const all = arms(1, { failed: ['sse/1', 'websocket/1'] });
    const result = { ...aaResult(1), trials: all, noiseFloor: noiseFloorOf(all)! };
    expect(renderTable(result, { width: 200, color: false })).toContain('No noise floor could be measured');
  });

  test('names the arm of a warning', () => {
    const all = arms(2, { void: ['sse/2'] });
    expect(viewOf({ ...aaResult(2), trials: all }).warnings[0]!.where).toContain(
      "Server-sent events, round 2, arm A'",
    );
  });
});
