import { afterEach, describe, expect, it } from 'vitest';
import { type CliRun, Runs } from './support/cli-run.js';
import { expectConsistent, measurementsOf } from './support/consistent.js';

const runs = new Runs();
afterEach(() => runs.clear());

/** The window is so long that a run which does not stop fails the test, with no more publishes than are listed. */
const LONG = '--clients 20 --duration 90 --warmup 0.2 --rate 50 --poll-interval 100 --no-color';
const REPORTS = ['report.html', 'results.json', 'summary.md'];

/** A partial result was written: marked, whole, with a report, and no process is left. */
async function expectPartial(run: CliRun, statuses: readonly string[]): Promise<void> {
  const result = run.result();
  expect(result.interrupted).toBe(true);
  expect(result.finishedAt).not.toBeNull();
  expect(result.trials.map(({ status }) => status)).toEqual(statuses);
  for (const trial of result.trials) {
    if (trial.status !== 'completed') expect(trial.reasons.map(({ code }) => code)).toContain('interrupted');
  }
  expect(run.files()).toEqual(REPORTS);
  expect(run.stderr).toMatch(/^Stopping: /m);
  expect(run.stderr).not.toMatch(/^pushbench: /m);
  expect(run.stdout).toContain('report.html');
  expect(await run.orphans()).toEqual([]);
}

/** The shortened window holds together, and nothing of it was lost. */
function expectWholeWindow(run: CliRun, at: number): void {
  const result = run.result();
  const { messages } = measurementsOf(result.trials[at]);
  expect(messages.published).toBeGreaterThan(0);
  expect(messages.lost).toBe(0);
  expectConsistent(result.trials[at]!, result.plan);
}

/** Waits until the window has brought something. */
async function measuring(run: CliRun): Promise<void> {
  await run.says(/: measuring/);
  // A window's first messages leave no trace on stderr: half a second has some 25 of them.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

describe('one SIGINT', () => {
  it.each(['polling', 'longpoll', 'iframe', 'sse', 'websocket'])(
    'in the window of %s drains, writes a partial result with what was measured, and ends with 130',
    async (scenario) => {
      const run = runs.start(`--scenario ${scenario} --trials 3 ${LONG}`);
      await measuring(run);
      run.kill('SIGINT');
      expect(await run.ends(), run.stderr).toBe(130);
      await expectPartial(run, ['void', 'skipped', 'skipped']);
      expectWholeWindow(run, 0);
    },
  );

  it('to the whole process group, as a terminal sends it, does the same', async () => {
    const run = runs.start(`--scenario sse --trials 2 ${LONG}`);
    await measuring(run);
    run.killGroup('SIGINT');
    expect(await run.ends(), run.stderr).toBe(130);
    await expectPartial(run, ['void', 'skipped']);
    expectWholeWindow(run, 0);
  });

  it('keeps the trials that were complete', async () => {
    const run = runs.start(
      '--scenario websocket --trials 4 --clients 10 --duration 0.5 --warmup 0 --rate 50 --no-color',
    );
    await run.says(/trial 2 of 4: measuring/);
    run.kill('SIGINT');
    expect(await run.ends(), run.stderr).toBe(130);
    await expectPartial(run, ['completed', 'void', 'skipped', 'skipped']);
  });

  it.each(['connecting', 'settling', 'warming up'])(
    'while %s skips the trial, whose window had not opened',
    async (phase) => {
      const run = runs.start(
        '--scenario iframe --trials 2 --clients 3000 --duration 600 --warmup 1 --rate 1 --no-color',
      );
      await run.says(new RegExp(`: ${phase}`));
      run.kill('SIGINT');
      expect(await run.ends(), run.stderr).toBe(130);
      await expectPartial(run, ['skipped', 'skipped']);
    },
  );

  it.each(['kill', 'killGroup'] as const)('(%s) while processes start skips the trial', async (kill) => {
    const run = runs.start(`--scenario sse --trials 2 ${LONG}`);
    await run.says(/this will take about/);
    // They have been started, and are not yet ready to ignore anything.
    await run.starts('servers/host');
    run[kill]('SIGINT');
    expect(await run.ends(), run.stderr).toBe(130);
    await expectPartial(run, ['skipped', 'skipped']);
  });

  it.each(['kill', 'killGroup'] as const)('(%s) while autocannon runs ends that, too', async (kill) => {
    const run = runs.start(`--scenario polling --trials 1 ${LONG}`);
    await run.says(/autocannon/);
    run[kill]('SIGINT');
    expect(await run.ends(), run.stderr).toBe(130);
    await expectPartial(run, ['skipped']);
    expect(run.result().requestCeiling).toBeNull();
  });
});

it('SIGTERM does what SIGINT does, and the run ends with 143', async () => {
  const run = runs.start(`--scenario longpoll --trials 2 ${LONG}`);
  await measuring(run);
  run.kill('SIGTERM');
  expect(await run.ends(), run.stderr).toBe(143);
  await expectPartial(run, ['void', 'skipped']);
  expectWholeWindow(run, 0);
});

describe('the second SIGINT', () => {
  it.each(['kill', 'killGroup'] as const)(
    '(%s) leaves at once and takes every child with it',
    async (kill) => {
      // A server that is stopped could hold up the drain for long.
      const run = runs.start(`--scenario sse --trials 2 ${LONG}`);
      await run.says(/: measuring/);
      for (const { pid } of run.children('servers/host')) process.kill(pid, 'SIGSTOP');
      run[kill]('SIGINT');
      await run.says(/^Stopping: /m);
      const secondMs = performance.now();
      run[kill]('SIGINT');
      expect(await run.ends(), run.stderr).toBe(130);
      // A drain would take 5 s, and a server that does not answer 15.
      expect(performance.now() - secondMs).toBeLessThan(5000);
      expect(await run.orphans()).toEqual([]);
      expect(run.files()).toContain('results.json');
    },
  );
});

it.each(['starting', 'measuring'])(
  'a runner that is killed while %s leaves no child behind',
  async (phase) => {
    const run = runs.start(`--scenario websocket --trials 1 ${LONG}`);
    await run.says(phase === 'starting' ? /this will take about/ : /: measuring/);
    run.kill('SIGKILL');
    expect(await run.ends()).toBe('SIGKILL');
    expect(await run.orphans()).toEqual([]);
  },
);
