import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measurementsOf } from './support/consistent.js';
import { ProxyRuns, statOf, textOf } from './support/proxy-runs.js';

let runs: ProxyRuns;
beforeEach(() => {
  runs = new ProxyRuns();
});
afterEach(() => runs.clear());

const LONG =
  '--scenario sse --clients 5 --duration 60 --warmup 0 --trials 1 --rate 20 --proxy nginx --no-color';

describe('nginx ends', () => {
  it('with a run that is interrupted, and loses nothing until then', async () => {
    const { run, group } = await runs.measuring(LONG);
    run.killGroup('SIGINT');
    expect(await run.ends(), run.stderr).toBe(130);
    await runs.nothingLeft(group);
    expect(measurementsOf(run.result().trials[0]).messages.lost).toBe(0);
  });

  it('with a run that leaves at the second SIGINT', async () => {
    const { run, group } = await runs.measuring(LONG);
    for (const { pid } of run.children('servers/host')) process.kill(pid, 'SIGSTOP');
    run.kill('SIGINT');
    await run.says(/^Stopping: /m);
    run.kill('SIGINT');
    expect(await run.ends(), run.stderr).toBe(130);
    await runs.nothingLeft(group);
  });

  it('with a runner that is killed', async () => {
    const { run, group } = await runs.measuring(LONG);
    run.kill('SIGKILL');
    expect(await run.ends()).toBe('SIGKILL');
    await runs.nothingLeft(group);
  });
});

describe('a trial whose nginx dies', () => {
  it('fails, and says that it was the proxy', async () => {
    const { run, master, group } = await runs.measuring(LONG);
    process.kill(master, 'SIGKILL');
    expect(await run.ends(), run.stderr).toBe(4);
    const [trial] = run.result().trials;
    expect(trial).toMatchObject({ status: 'failed', reasons: [{ code: 'proxy-died' }] });
    expect(trial!.reasons[0]!.message).toContain(`(pid ${master}) was ended by SIGKILL`);
    await runs.nothingLeft(group);
  });

  it("fails as well when only its worker did, with nginx's own words", async () => {
    const { run, master, group } = await runs.measuring(LONG.replace('--duration 60', '--duration 1'));
    const worker = group.find((pid) => textOf(`/proc/${pid}/cmdline`).startsWith('nginx: worker'))!;
    expect(statOf(worker)[1]).toBe(String(master));
    process.kill(worker, 'SIGKILL');
    expect(await run.ends(), run.stderr).toBe(4);
    const [trial] = run.result().trials;
    expect(trial!.reasons.map(({ code }) => code)).toContain('proxy-died');
    expect(trial!.reasons.at(-1)!.message).toMatch(
      /worker process ended; its last words: .*exited on signal 9/,
    );
    await runs.nothingLeft(group);
  });
});

it('a run that cannot be, is refused before anything starts', async () => {
  const run = runs.start('--scenario sse --clients 500000 --proxy nginx --verify-wire --no-color');
  expect(await run.ends()).toBe(2);
  expect(run.stderr).toContain('one nginx process holds two sockets a client');
  expect(run.stderr).toContain('--proxy makes it two');
  expect(existsSync(run.out)).toBe(false);
  expect(runs.folders()).toEqual([]);
});
