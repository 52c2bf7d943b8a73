import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { allowedCores } from '../runner/environment.js';
import { type CliRun, Runs } from './support/cli-run.js';

// Generators that are held back on purpose. The limits that other work on this machine could break are lifted; the one
// that each test is about stands at its default.

const QUIET_HOST = ['stealPercent=100', 'foreignCpuPercent=100'];

const runs = new Runs();
const hogs: ChildProcess[] = [];
afterEach(async () => {
  for (const hog of hogs.splice(0)) hog.kill('SIGKILL');
  await runs.clear();
});

/** A trial as the result has it, and what the report's files say of the run. */
async function ended(run: CliRun) {
  const code = await run.ends();
  const result = run.result();
  const [trial] = result.trials;
  if (trial?.status !== 'void' && trial?.status !== 'completed') throw new Error(JSON.stringify(trial));
  return {
    code,
    result,
    trial,
    codes: trial.reasons.map((reason) => reason.code),
    page: readFileSync(join(run.out, 'report.html'), 'utf8'),
  };
}

describe('a generator that is stopped again and again', () => {
  it('voids the trial, though it used little CPU and read at once whatever it found', async () => {
    const run = runs.start(
      '--scenario websocket --clients 50 --rate 50 --duration 3 --warmup 0 --trials 1 --calibrate never',
      { limits: ['publisherLagMs=3600000', 'generatorUtilization=1', ...QUIET_HOST] },
    );
    await run.says(/: measuring/);
    const [shard] = run.children('runner/shard.js');
    const stopping = setInterval(() => {
      signal(shard!.pid, 'SIGSTOP');
      setTimeout(() => signal(shard!.pid, 'SIGCONT'), 40);
    }, 100);
    try {
      const { code, result, trial, codes, page } = await ended(run);
      expect(code).toBe(3);
      expect(trial.status).toBe('void');
      expect(codes).toContain('generator-held');
      expect(trial.measurements.health.limitedBy).toBe('generator');
      expect(trial.measurements.health.limitShare).toBeGreaterThan(1);
      expect(trial.measurements.health.generatorUtilization).toBeLessThan(0.5);
      expect(trial.measurements.health.generatorHeldP99Us).toBeGreaterThan(10_000);
      expect(result.summary).toEqual([]);
      expect(run.stdout).toContain('kept from running');
      expect(page).toContain('kept from running');
      const charts = /<script type="application\/json" id="charts">(.*?)<\/script>/su.exec(page)![1]!;
      expect(charts).toContain('"round 1 void"');
      expect(charts).toContain('@hatch-series-');
    } finally {
      clearInterval(stopping);
    }
  });
});

describe('other programs on the core of the generator', () => {
  const two = allowedCores().slice(0, 2);
  const shell = `taskset -cp ${two.join(',')} $$ >/dev/null`;

  it('void the trial, and both they and the generator are named', async () => {
    for (let n = 0; n < 3; n++) {
      hogs.push(spawn('taskset', ['-c', String(two.at(-1)), process.execPath, '-e', 'for(;;);']));
    }
    const run = runs.start(
      '--scenario websocket --clients 1000 --rate 20 --duration 3 --warmup 0 --trials 1 --calibrate never',
      { shell, limits: ['publisherLagMs=3600000', 'stealPercent=100'] },
    );
    const { code, trial, codes } = await ended(run);
    expect(code).toBe(3);
    expect(codes).toContain('foreign-cpu');
    expect(codes.join()).toMatch(/generator-(share|held|cpu)/);
    expect(trial.measurements.health.limitedBy).toBe('host');
    expect(trial.measurements.health.foreignCpuPercent).toBeGreaterThan(5);
  });
});

describe('a limit that could not be judged', () => {
  it('is named with the reason', async () => {
    const run = runs.start('--scenario sse --clients 5 --duration 0.5 --warmup 0 --trials 1');
    const { code, trial } = await ended(run);
    expect(code).toBe(0);
    expect(trial.measurements.health.notJudged).toEqual(['steal', 'foreign-cpu']);
    expect(trial.reasons).toContainEqual({
      code: 'not-judged',
      message: 'Not judged: steal, foreign-cpu (the window is shorter than 2 s).',
    });
  });
});

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {}
}
