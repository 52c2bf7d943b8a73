import { describe, expect, it } from 'vitest';
import { sampleResult } from '../reports/testing/sample-result.js';
import type { LiveReading, Phase } from './observer.js';
import { contestantOrder } from './order.js';
import { DEFAULT_LIMITS, type Plan } from './plan.js';
import { canRedraw, createProgress } from './progress.js';
import { wantsColor } from './terminal.js';
import { fakeStream } from './testing/fake-terminal.js';

const plan: Plan = {
  scenarios: ['sse', 'websocket'],
  workload: 'broadcast',
  clients: [1000],
  ratePerSecond: 10,
  arrivals: 'poisson',
  payloadBytes: 10,
  durationSeconds: 5,
  warmupSeconds: 1,
  trials: 1,
  pollIntervalMs: 1000,
  headers: 'minimal',
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  seed: 1,
  pin: true,
  limits: DEFAULT_LIMITS,
  overridden: [],
};
const contestants = contestantOrder(plan);
const HOSTILE = 'It said \u001b[2J\u009b31mhello\u202e.';
const trials = sampleResult({ scenarios: ['sse', 'websocket'], trials: 1, failed: ['websocket/1'] }).trials;
const reading = (phase: Phase, delivered = 0): LiveReading => ({
  phase,
  connected: 1000,
  delivered,
  p99Us: 1234,
});

/** Runs both contestants past a display and returns what it wrote. */
async function show(live: boolean, color: boolean): Promise<string> {
  const { stream, text } = fakeStream(live);
  const progress = await createProgress(plan, { stream, live, color });
  progress.runStarted(contestants, 18);
  for (const contestant of contestants) {
    progress.trialStarted(contestant);
    for (const phase of ['connecting', 'measuring', 'measuring', 'draining'] as const) {
      progress.trialReading(contestant, reading(phase, 5));
    }
    progress.trialEnded(contestant, trials.find((trial) => trial.scenario === contestant.scenario)!);
  }
  progress.note('autocannon measures');
  progress.runEnded();
  return text();
}

describe('plain lines', async () => {
  const lines = (await show(false, false)).trimEnd().split('\n');

  it('begin with the time the run will take', () => {
    expect(lines[0]).toBe('2 trials; this will take about 18 s.');
  });

  it('are one for each change of phase and one for each end, without control characters', () => {
    expect(lines.filter((line) => line.includes('sse, 1,000 clients, trial 1 of 1: measuring'))).toHaveLength(
      1,
    );
    expect(lines.filter((line) => /^sse.* messages, p99 [\d.]+/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('websocket') && line.includes(': failed: '))).toHaveLength(
      1,
    );
    expect(lines.at(-1)).toBe('autocannon measures');
    expect(lines).toHaveLength(1 + 2 * 4 + 1);
    expect(lines.join()).not.toContain('\u001b');
  });

  it('show the words of a server as plain text', async () => {
    const { stream, text } = fakeStream(false);
    const progress = await createProgress(plan, { stream, live: false, color: false });
    const failed = trials.find(({ status }) => status === 'failed')!;
    progress.trialEnded(contestants[0]!, { ...failed, reasons: [{ code: 'fault', message: HOSTILE }] });
    expect(text()).toMatch(/: failed: It said hello\.\n$/);
  });
});

describe('live rows', () => {
  it('show phase, clients, p99, a bar and the time left', async () => {
    const text = await show(true, false);
    expect(text).toContain('sse        starting');
    expect(text).toContain('trial 1 of 2, about ');
    expect(text).toMatch(/p99 [\d.]+/);
    expect(text).toContain('░');
  });

  it('hold no colour when it is not wanted, and colour when it is', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    const color = /\u001b\[(2|33)m/;
    expect(await show(true, false)).not.toMatch(color);
    expect(await show(true, true)).toMatch(color);
  });

  it('never fill a bar before its last trial has ended', async () => {
    const running = (await show(true, false)).split('\n').filter((line) => line.includes('starting'));
    expect(running.length).toBeGreaterThan(0);
    for (const line of running) expect(line).toContain('░');
  });
});

describe('a quiet run', () => {
  it('writes nothing', async () => {
    const progress = await createProgress(plan, null);
    expect(() => progress.note('hush')).not.toThrow();
  });
});

describe('canRedraw and wantsColor', () => {
  it('redraw only on a terminal that can, outside CI', () => {
    expect(canRedraw({ isTTY: true }, {})).toBe(true);
    expect(canRedraw({ isTTY: true }, { CI: 'false' })).toBe(true);
    expect(canRedraw({ isTTY: true }, { CI: 'true' })).toBe(false);
    expect(canRedraw({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(canRedraw({}, {})).toBe(false);
  });

  it('colour only a terminal, unless NO_COLOR or --no-color speak against it', () => {
    expect(wantsColor({ isTTY: true }, {}, false)).toBe(true);
    expect(wantsColor({ isTTY: true }, { NO_COLOR: '' }, false)).toBe(true);
    expect(wantsColor({ isTTY: true }, { NO_COLOR: '1' }, false)).toBe(false);
    expect(wantsColor({ isTTY: true }, {}, true)).toBe(false);
    expect(wantsColor({}, {}, false)).toBe(false);
  });
});
