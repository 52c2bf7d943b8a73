import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noiseFloorOf } from '../reports/noise-floor.js';
import type { Result, Trial } from '../reports/result.js';
import { sampleResult } from '../reports/testing/sample-result.js';
import { runCli } from './cli.js';
import type { DryRun } from './dry-run.js';
import { contestantOrder } from './order.js';
import { exitCodeOf } from './result-exit-code.js';
import { fakeTerminal } from './testing/fake-terminal.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replication-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function dry(argv: readonly string[]) {
  const terminal = fakeTerminal({});
  const code = await runCli(['--dry-run', '--out', join(folder, 'out'), ...argv], terminal, '1.2.3');
  return { code, out: terminal.out(), err: terminal.err() };
}

async function resolved(argv: readonly string[]): Promise<DryRun> {
  const { code, out, err } = await dry(['--json', ...argv]);
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as DryRun;
}

describe('what cannot be had is refused', () => {
  it.each([
    ['500', '1 (500)'],
    ['500,1000', '2 (500 and 1,000)'],
  ])('a slope through --clients %s, with what is missing and what to do', async (clients, named) => {
    const { code, err } = await dry(['--slopes', '--clients', clients]);
    expect(code).toBe(2);
    expect(err).toContain(`--slopes needs at least 3 client counts, and --clients has ${named}`);
    expect(err).toContain('For example --clients 500,1000,2000,4000,8000.');
  });

  it('a budget that does not hold the five rounds of an interval, with one that does', async () => {
    const { code, err } = await dry(['--trials', 'auto', '--budget', '30']);
    expect(code).toBe(2);
    const enough = /Use --budget (\d+) or more/u.exec(err)![1]!;
    await resolved(['--trials', 'auto', '--budget', enough]);
  });

  it.each([
    ['--trials', 'atuo'],
    ['--trials', 'AUTO'],
    ['--trials', '0'],
    ['--precision', '0'],
    ['--precision', '101'],
    ['--precision', 'abc'],
    ['--budget', '0'],
    ['--budget', '-5'],
    ['--budget', '604801'],
    ['--aa', '--noise-floor'],
    ['--noise-floor', 'nonesuch.json'],
  ])('%s %s', async (...argv) => {
    const { code, err, out } = await dry(argv);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^pushbench: --(?:trials|precision|budget|noise-floor)/u);
  });
});

describe('--trials auto', () => {
  it('is recorded with its precision and budget, and repeated by the command', async () => {
    const { plan, command } = await resolved([
      '--trials',
      'auto',
      '--scenario',
      'sse',
      '--precision',
      '2.5',
      '--budget',
      '120',
    ]);
    expect(plan.auto).toEqual({ precisionPercent: 2.5, budgetSeconds: 120, leastRounds: 5 });
    expect(plan.trials).toBeGreaterThanOrEqual(5);
    expect((await resolved(command)).plan).toEqual(plan);
  });

  it('says its range of time', async () => {
    const { out } = await dry(['--trials', 'auto', '--scenario', 'sse', '--duration', '2']);
    expect(out).toMatch(/--trials auto: 5 to \d+ rounds, .+ to .+; it stops when/u);
  });

  it('notes settings that do nothing without it', async () => {
    expect((await resolved(['--precision', '5'])).notes).toContain(
      '--precision is not used without --trials auto.',
    );
  });
});

describe('an A/A run', () => {
  it('has two arms of each contestant in every round, in balanced order, for eight rounds unless told otherwise', async () => {
    const { order, plan, command } = await resolved(['--aa', '--scenario', 'sse,websocket', '--seed', '3']);
    expect(plan).toMatchObject({ aa: true, trials: 8 });
    expect(order).toHaveLength(2 * 2 * 8);
    const firsts = order
      .filter(({ order: place }) => place % 4 === 1)
      .map(({ scenario, arm }) => `${scenario} ${arm}`);
    expect(firsts.slice(0, 4).sort()).toEqual(['sse A', "sse A'", 'websocket A', "websocket A'"]);
    expect(command).toContain('--aa');
  });

  it('gives both arms of a round the same number, so that they share its schedule', () => {
    const order = contestantOrder({ scenarios: ['sse'], clients: [10], trials: 2, seed: 1, aa: true });
    expect(order.map(({ trial }) => trial)).toEqual([1, 1, 2, 2]);
    expect(new Set(order.slice(0, 2).map(({ arm }) => arm))).toEqual(new Set(['A', "A'"]));
  });
});

describe('--noise-floor', () => {
  const save = (name: string, result: Result): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(result));
    return path;
  };

  it('takes the floor of an A/A result, and notes another machine', async () => {
    const arms = sampleResult({ scenarios: ['sse'], trials: 5, durationSeconds: 2 }).trials.flatMap(
      (trial): Trial[] => [
        { ...trial, arm: 'A' },
        { ...trial, arm: "A'" },
      ],
    );
    const path = save('aa.json', { ...sampleResult(), trials: arms, noiseFloor: noiseFloorOf(arms)! });
    const { notes, command } = await resolved(['--noise-floor', path]);
    expect(notes.join()).toContain('The noise floor was measured with another processor');
    expect(command).toContain(path);
  });

  it('refuses a result that measured none, and says how to make one', async () => {
    const { code, err } = await dry(['--noise-floor', save('plain.json', sampleResult())]);
    expect(code).toBe(2);
    expect(err).toContain('measured no noise floor. Make one with --aa');
  });
});

describe('the exit code under --slopes', () => {
  const result = sampleResult({ scenarios: ['sse'], clients: [500, 1000, 2000] });
  const wanting: Result = { ...result, plan: { ...result.plan, slopes: true } };

  it('is 3 where a scenario is left without a slope', () => {
    expect(exitCodeOf({ ...wanting, slopes: [] }, false)).toBe(3);
    expect(exitCodeOf({ ...result, slopes: [] }, false)).toBe(0);
  });
});
