import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type CliRun, Runs } from './support/cli-run.js';
import { expectConsistent, measurementsOf } from './support/consistent.js';

const runs = new Runs();
afterEach(() => runs.clear());

const SHORT = '--clients 20 --duration 0.4 --warmup 0.1 --rate 20 --no-color';
/** Three rounds of one transport: the second one is what goes wrong. */
const THREE_ROUNDS = `${SHORT} --trials 3`;
const ONE_ROUND = `${SHORT} --trials 1`;

/** What went wrong is told in one sentence, without a stack. */
function expectOneSentence(run: CliRun, pattern: RegExp): void {
  const told = run.stderr.split('\n').filter((line) => line.startsWith('pushbench: '));
  expect(told, run.stderr).toEqual([expect.stringMatching(pattern)]);
  expect(run.stderr).not.toMatch(/^\s+at |node:internal/m);
}

describe.each([
  ['server', 'servers/host', 'sse'],
  ['server', 'servers/host', 'longpoll'],
  ['generator', 'runner/shard', 'websocket'],
] as const)('a %s that is killed', (role, entry, scenario) => {
  it(`(${scenario}) fails its trial with a reason; those before are kept, those after run`, async () => {
    const run = runs.start(`--scenario ${scenario} ${THREE_ROUNDS}`);
    await run.says(/trial 2 of 3: measuring/);
    const victims = run.children(entry);
    expect(victims.length).toBeGreaterThan(0);
    process.kill(victims[0]!.pid, 'SIGKILL');
    expect(await run.ends(), run.stderr).toBe(4);
    expect(await run.orphans()).toEqual([]);

    const result = run.result();
    expect(result.interrupted).toBe(false);
    expect(result.finishedAt).not.toBeNull();
    expect(result.trials.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed']);
    expect(result.trials[1]!.reasons).toEqual([
      { code: `${role}-died`, message: expect.stringContaining(`(pid ${victims[0]!.pid})`) },
    ]);
    expect(result.trials[1]!.reasons[0]!.message).toMatch(/SIGKILL.*\.$/);
    expect(result.trials[1]).not.toHaveProperty('measurements');
    for (const at of [0, 2]) expectConsistent(result.trials[at]!, result.plan);
    expect(result.summary).toMatchObject([{ scenario, trials: 2 }]);
    expect(run.files()).toEqual(['report.html', 'results.json', 'summary.md']);
    expect(run.stderr).toMatch(/trial 2 of 3: failed: /);
  });
});

describe('a server that is killed', () => {
  it.each(['connecting', 'warming up', 'draining'])('while %s fails the trial, too', async (phase) => {
    const run = runs.start(
      `--scenario iframe --clients 2000 --duration 0.5 --warmup 0.5 --trials 1 --rate 4 --no-color`,
    );
    await run.says(new RegExp(`: ${phase}`));
    for (const { pid } of run.children('servers/host')) process.kill(pid, 'SIGKILL');
    expect(await run.ends(), run.stderr).toBe(4);
    expect(await run.orphans()).toEqual([]);
    expect(run.result().trials).toMatchObject([{ status: 'failed', reasons: [{ code: 'server-died' }] }]);
  });

  it('before anything runs leaves the run without a ceiling, not without results', async () => {
    const run = runs.start('--scenario polling --clients 3 --duration 0.3 --warmup 0 --trials 1');
    await run.says(/autocannon/);
    const { pid } = await run.starts('servers/host');
    process.kill(pid, 'SIGKILL');
    expect(await run.ends(), run.stderr).toBe(0);
    expect(run.stderr).toMatch(/ceiling.*could not be measured/);
    expect(run.result()).toMatchObject({ requestCeiling: null, trials: [{ status: 'completed' }] });
    expect(await run.orphans()).toEqual([]);
  });
});

describe('an output folder', () => {
  it('that is removed in the middle of a run ends it with 4 and one sentence', async () => {
    const run = runs.start(`--scenario sse ${THREE_ROUNDS}`);
    await run.says(/trial 2 of 3: measuring/);
    rmSync(run.out, { recursive: true });
    expect(await run.ends(), run.stderr).toBe(4);
    expectOneSentence(run, /results\.json cannot be written: there is no such file or folder\.$/);
    expect(run.files()).toEqual([]);
    expect(await run.orphans()).toEqual([]);
  });

  it('whose place a file has taken ends it with 4 and one sentence', async () => {
    const run = runs.start(`--scenario sse ${ONE_ROUND}`);
    await run.says(/: measuring/);
    rmSync(run.out, { recursive: true });
    writeFileSync(run.out, 'mine');
    expect(await run.ends(), run.stderr).toBe(4);
    expectOneSentence(run, /results\.json cannot be written: a part of its path is not a folder\.$/);
    expect(await run.orphans()).toEqual([]);
  });

  it('in which results.json has become a folder ends it with 4, one sentence, and nothing half-written', async () => {
    const run = runs.start(`--scenario sse ${ONE_ROUND}`);
    await run.says(/: measuring/);
    rmSync(join(run.out, 'results.json'));
    mkdirSync(join(run.out, 'results.json'));
    expect(await run.ends(), run.stderr).toBe(4);
    expectOneSentence(run, /results\.json cannot be written: /);
    expect(run.files()).toEqual(['results.json']);
    expect(await run.orphans()).toEqual([]);
  });
});

// Every user can have a full disk this way: the kernel refuses to let the process's files grow beyond the limit.
describe('a disk that takes no more', () => {
  it('ends a run with 4 and one sentence before its first trial when it does not even take the plan', async () => {
    const run = runs.start(`--scenario sse ${ONE_ROUND}`, { shell: 'ulimit -f 1' });
    expect(await run.ends(), run.stderr).toBe(4);
    expectOneSentence(run, /results\.json cannot be written: /);
    expect(run.stderr).not.toMatch(/measuring/);
    expect(run.files()).toEqual([]);
    expect(await run.orphans()).toEqual([]);
  });

  it('keeps the last result that was whole, and ends with 4 and one sentence', async () => {
    // 600 publishes a trial make a line of some 20 KiB: the plan and a trial or two fit into 48.
    const line = '--scenario sse --clients 5 --duration 0.4 --warmup 0 --rate 1500 --trials 3 --no-color';
    const run = runs.start(line, { shell: 'ulimit -f 48' });
    expect(await run.ends(), run.stderr).toBe(4);
    expectOneSentence(run, /results\.json cannot be written: /);
    expect(run.files()).toEqual(['results.json']);
    const { trials, finishedAt } = run.result();
    expect(finishedAt).toBeNull();
    expect(trials.length).toBeGreaterThanOrEqual(1);
    expect(trials.length).toBeLessThan(3);
    for (const trial of trials) expect(measurementsOf(trial).messages.lost).toBe(0);
    expect(await run.orphans()).toEqual([]);
  });

  it('ends with 4 when only the report does not fit, and still tells the results', async () => {
    const run = runs.start('--scenario sse --clients 5 --duration 0.3 --warmup 0 --trials 1 --no-color', {
      shell: 'ulimit -f 60',
    });
    expect(await run.ends(), run.stderr).toBe(4);
    expectOneSentence(run, /report/);
    expect(run.result().trials).toMatchObject([{ status: 'completed' }]);
    expect(run.files()).toEqual(['results.json']);
    expect(run.stdout).toMatch(/sse/);
    expect(await run.orphans()).toEqual([]);
  });
});
