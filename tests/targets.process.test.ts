import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from './project-files.js';
import { type CliRun, Runs } from './support/cli-run.js';
import { measurementsOf } from './support/consistent.js';
import { quietPort } from './support/quiet-port.js';

const BAD = join(ROOT, 'tests', 'support', 'bad-target.mjs');
const SHORT = '--clients 4 --duration 0.5 --warmup 0 --trials 1 --rate 20 --no-color';

const runs = new Runs();
let folder = '';
let port = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-targets-'));
  port = await quietPort();
});
afterEach(async () => {
  await runs.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** A target that does something wrong. */
function bad(wrong: string, changes: object = {}): object {
  return {
    command: [process.execPath, BAD, wrong, join(folder, 'memory')],
    port,
    ready: { timeoutMs: 1500 },
    transport: 'sse',
    subscribe: { path: '/feed' },
    publish: { http: { path: '/publish', body: '{message}' } },
    ...changes,
  };
}

function start(targets: Readonly<Record<string, unknown>>, line = SHORT): CliRun {
  const config = join(folder, 'pushbench.config.json');
  writeFileSync(config, JSON.stringify({ targets }));
  return runs.start(`--config ${config} ${line}`);
}

/** What a run complained of, a line each. */
function complaints(run: CliRun): string[] {
  return run.stderr.split('\n').filter((line) => line.startsWith('pushbench: '));
}

function isFree(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

/** Nothing of a run is left. */
async function expectCleared(run: CliRun): Promise<void> {
  expect(await run.orphans()).toEqual([]);
  expect(await isFree()).toBe(true);
}

/** What is said of a target that does this wrong. */
const FAULTS: Readonly<Record<string, RegExp>> = {
  'never-ready':
    / never became ready: it did not take connections on 127\.0\.0\.1 port \d+ within 1\.5 s; it last said: waiting for the moon\.$/,
  'dies-at-once':
    / never became ready: its command \(pid \d+\) ended with code 1; it last said: no database: refused\.$/,
  refuses: / takes no message: the publish was answered with status 503\.$/,
  nothing: / delivers nothing: 2 clients heard none of the 2 messages that it took\.$/,
  'no-marker': / delivers nothing: .*, but \d+ messages without pushbench's marker\.$/,
  'other-run': / delivers nothing: .*, but \d+ of another run: somebody else publishes there\.$/,
  garbage: / gives \/feed no answer: the request got an answer that is not HTTP\.$/,
  redirects:
    / answers \/feed with a redirect \(302\) to "http:\/\/192\.0\.2\.7\/feed", and redirects are never followed/,
};

describe('targets of which nothing can be measured', () => {
  it('end the run with 4 and a sentence each before its first trial, ended themselves', async () => {
    const names = Object.keys(FAULTS);
    // All on one port: each has to be gone before the next one starts.
    const run = start({
      ...Object.fromEntries(names.map((wrong) => [wrong, bad(wrong)])),
      well: bad('well'),
    });
    expect(await run.ends(90_000), run.stderr).toBe(4);
    expect(complaints(run)).toEqual(
      names.map((wrong) =>
        expect.stringMatching(new RegExp(`^pushbench: The target "${wrong}"${FAULTS[wrong]!.source}`)),
      ),
    );
    expect(run.stderr).not.toContain('\u001b');
    expect(run.stderr).not.toMatch(/: connecting/);
    const { trials, targets, finishedAt } = run.result();
    expect(trials.map(({ status }) => status)).toEqual(Array(names.length + 1).fill('skipped'));
    expect(trials[0]!.reasons).toMatchObject([{ code: 'target-fault' }]);
    for (const { name, checks } of targets!.slice(0, -1))
      expect(checks.at(-1)).toMatchObject({ ok: false, sentence: expect.stringMatching(FAULTS[name]!) });
    expect(finishedAt).not.toBeNull();
    await expectCleared(run);
  }, 120_000);
});

describe('a fault of a target', () => {
  it('is told without the secrets of its configuration, and with whether polls are held', async () => {
    const secret = 'hunter2hunter2';
    const subscribe = { path: `/feed?token=${secret}` };
    const run = start({
      locked: bad('unauthorized', { subscribe }),
      hurried: bad('holds-nothing', { transport: 'longpoll', subscribe }),
    });
    expect(await run.ends(), run.stderr).toBe(4);
    expect(complaints(run)).toEqual([
      'pushbench: The target "locked" answers /feed?token=redacted with status 401.',
      expect.stringMatching(/^pushbench: The target "hurried" delivers nothing/),
    ]);
    expect(run.result().targets![1]!.checks).toContainEqual({
      check: 'holds-polls',
      ok: false,
      sentence: expect.stringMatching(/answered at once, \d+ times a second and client/),
    });
    for (const text of [run.stderr, ...run.files().map((name) => readFileSync(join(run.out, name), 'utf8'))])
      expect(text).not.toContain(secret);
    await expectCleared(run);
  });
});

describe('a target that can be measured', () => {
  it('is told what it does not do', async () => {
    const run = start({ mine: bad('twice') });
    expect(await run.ends(), run.stderr).toBe(0);
    expect(run.stderr).toMatch(
      /mine: 9 of 11 checks are well\.\n {2}not once: \d+ messages came more than once\.\n {2}not resumes: 0 of 3/,
    );
    const checks = Object.fromEntries(run.result().targets![0]!.checks.map(({ check, ok }) => [check, ok]));
    expect(checks).toMatchObject({
      ready: true,
      subscribes: true,
      once: false,
      resumes: false,
      'late-comers': true,
    });
    await expectCleared(run);
  });

  it('is waited for by clients that it told to come back later', async () => {
    const run = start({ mine: bad('lets-wait') });
    expect(await run.ends(), run.stderr).toBe(0);
    const { checks } = run.result().targets![0]!;
    expect(checks.find(({ check }) => check === 'comes-back')).toMatchObject({ ok: true });
    await expectCleared(run);
  });

  it('that floods its clients is told so, and costs no more than the trial', async () => {
    const run = start({ mine: bad('floods') });
    expect(await run.ends(), run.stderr).toBe(0);
    expect(run.stderr).toMatch(/not own-messages-only: \d+ messages without a marker/);
    await expectCleared(run);
  });

  it('fails its trial with its last words when it dies in it', async () => {
    const run = start({ mine: bad('dies-mid-run') });
    expect(await run.ends(), run.stderr).toBe(4);
    const [trial] = run.result().trials;
    expect(trial).toMatchObject({ status: 'failed', reasons: [{ code: 'target-died' }] });
    expect(trial!.reasons[0]!.message).toMatch(
      /^The target "mine" died while it was tested: its command \(pid \d+\) ended with code 7; it last said: first line \| out of luck <b>\.$/,
    );
    await expectCleared(run);
  });

  it('is ended even when it ignores that it is asked to', async () => {
    const run = start({ mine: bad('stays') });
    expect(await run.ends(), run.stderr).toBe(0);
    await expectCleared(run);
  });

  it('is ended with its daemons when the process is killed that stands beside it', async () => {
    const run = start({ mine: bad('detaches') }, SHORT.replace('--duration 0.5', '--duration 30'));
    await run.says(/measuring/);
    for (const { pid } of run.children('target/host.js')) process.kill(pid, 'SIGKILL');
    expect(await run.ends(), run.stderr).toBe(4);
    expect(run.result().trials).toMatchObject([{ status: 'failed', reasons: [{ code: 'target-died' }] }]);
    expect(run.result().trials[0]!.reasons[0]!.message).toMatch(
      /^Pushbench's own process beside the target \(pid \d+\) was ended by SIGKILL/,
    );
    await expectCleared(run);
  });

  it('is ended by Ctrl-C, and what was measured is written', async () => {
    const run = start({ mine: bad('stays') }, SHORT.replace('--duration 0.5', '--duration 30'));
    await run.says(/measuring/);
    run.killGroup('SIGINT');
    expect(await run.ends(), run.stderr).toBe(130);
    expect(run.result()).toMatchObject({ interrupted: true, trials: [{ status: 'void' }] });
    await expectCleared(run);
  });

  it('is ended with everything else, daemons too, when the run is killed', async () => {
    const run = start({ mine: bad('detaches') }, SHORT.replace('--duration 0.5', '--duration 30'));
    await run.says(/measuring/);
    run.kill('SIGKILL');
    await run.ends();
    await expectCleared(run);
  });

  it('loses what it does not deliver, and nothing else', async () => {
    const run = start({ mine: bad('forgets') });
    expect(await run.ends(), run.stderr).toBe(0);
    const [trial] = run.result().trials;
    expect(trial).toMatchObject({ measurements: { messages: { published: 10, expected: 40, lost: 20 } } });
    await expectCleared(run);
  });
});

describe('a target that runs already', () => {
  /** Started by the test, not by the run. */
  async function running(use: (pid: number) => Promise<void>): Promise<void> {
    const server = spawn(process.execPath, [BAD, 'well'], { env: { ...process.env, PORT: String(port) } });
    try {
      while (await isFree()) await new Promise((resolve) => setTimeout(resolve, 10));
      await use(server.pid!);
      // Whoever did not start it does not end it.
      expect(await isFree()).toBe(false);
    } finally {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    }
  }

  it('has no CPU and memory, with the reason, and is not ended', async () => {
    await running(async () => {
      const url = `http://localhost:${port}/feed`;
      const run = start({
        mine: bad('', { url, command: undefined, port: undefined, subscribe: undefined }),
      });
      expect(await run.ends(), run.stderr).toBe(0);
      const { cpu, memory, target, health, messages } = measurementsOf(run.result().trials[0]);
      expect(messages).toMatchObject({ delivered: 40, lost: 0 });
      expect(cpu.serverMicrosPerDelivery).toBeNull();
      expect(memory.server).toMatchObject({ connectedBytes: null, peakBytes: null, bytesPerClient: null });
      expect(target!.costsUnread).toMatch(/has no pid in its configuration/);
      expect(health.notJudged).toContain('foreign-cpu');
      expect(await run.orphans()).toEqual([]);
    });
  });

  it('has both when its pid is given; two runs at once do not take each other’s messages', async () => {
    await running(async (pid) => {
      const target = bad('', { url: `http://127.0.0.1:${port}`, command: undefined, port: undefined, pid });
      const both = [start({ mine: target }), start({ mine: target })];
      for (const run of both) {
        expect(await run.ends(), run.stderr).toBe(0);
        const found = measurementsOf(run.result().trials[0]);
        expect(found.messages).toMatchObject({ delivered: 40, lost: 0, duplicated: 0 });
        expect(found.cpu.serverMicrosPerDelivery).toBeGreaterThan(0);
        expect(found.memory.server.connectedBytes).toBeGreaterThan(1_000_000);
        expect(await run.orphans()).toEqual([]);
      }
    });
  });

  it('and is away ends the run with one sentence', async () => {
    const run = start({
      mine: bad('', { url: `http://127.0.0.1:${port}`, command: undefined, port: undefined }),
    });
    expect(await run.ends(), run.stderr).toBe(4);
    expect(complaints(run)).toEqual([
      expect.stringMatching(
        /The target "mine" never became ready: it did not take connections on 127\.0\.0\.1 port/,
      ),
    ]);
  });
});

describe('a configuration with targets', () => {
  it('starts nothing when anything in it is wrong, and tells everything', async () => {
    const run = start({
      far: { url: 'http://192.0.2.7', transport: 'sse', publish: 'self' },
      mine: { ...bad('well'), comand: 'rm' },
    });
    expect(await run.ends(), run.stderr).toBe(2);
    expect(complaints(run)).toEqual([
      expect.stringMatching(/"comand" in targets\.mine .*Did you mean "command"\?$/),
    ]);
    expect(run.files()).toEqual([]);
    const far = start(
      { far: { url: 'http://192.0.2.7', transport: 'sse', publish: 'self' } },
      `${SHORT} --workload burst`,
    );
    expect(await far.ends(), far.stderr).toBe(2);
    expect(complaints(far)).toEqual([
      expect.stringMatching(/targets\.far\.url .*192\.0\.2\.7 is not an address of this machine's own/),
    ]);
  });

  it('refuses workloads and conditions that only reference servers know', async () => {
    const run = start(
      { mine: bad('well') },
      '--workload echo --proxy nginx --verify-wire --payload 12 --dry-run',
    );
    expect(await run.ends(), run.stderr).toBe(2);
    expect(complaints(run).join('\n')).toMatch(
      /--workload echo makes no sense with the target mine: its clients speak/,
    );
    expect(complaints(run).join('\n')).toMatch(/--payload 12 has no room for the marker/);
    expect(complaints(run).join('\n')).toMatch(/--verify-wire .* does not go with targets/);
    expect(complaints(run).join('\n')).toMatch(/--proxy stands in front of reference servers/);
  });

  it('leaves no secret in what it writes', async () => {
    const secret = 'hunter2hunter2';
    const headers = { authorization: `Bearer ${secret}` };
    const run = start(
      {
        mine: bad('well', {
          env: { DB_PASSWORD: secret },
          subscribe: { path: `/feed?token=${secret}`, headers },
          publish: { http: { path: '/publish', body: '{message}', headers } },
        }),
      },
      `${SHORT} --json`,
    );
    expect(await run.ends(), run.stderr).toBe(0);
    expect(run.stdout).toContain('redacted');
    for (const text of [
      run.stdout,
      run.stderr,
      ...run.files().map((name) => readFileSync(join(run.out, name), 'utf8')),
    ])
      expect(text).not.toContain(secret);
  });
});

describe.each(['idle', 'burst', 'churn', 'slow-readers'])('the workload %s', (workload) => {
  it('is done with a target as with any other server', async () => {
    const run = start({ mine: bad('well') }, `${SHORT} --workload ${workload}`);
    expect(await run.ends(), run.stderr).toBe(0);
    const { messages, wire } = measurementsOf(run.result().trials[0]);
    expect(messages).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
    expect(messages.delivered).toBeGreaterThan(0);
    expect(wire.totals).toEqual(wire.sockets);
    await expectCleared(run);
  });
});

it.each(['churn', 'slow-readers'])(
  'a target that lets each name in once loses nothing to those beside the clients (%s)',
  async (workload) => {
    const run = start(
      { mine: bad('one-session', { subscribe: { path: '/feed?as={client}' } }) },
      `${SHORT} --workload ${workload}`,
    );
    expect(await run.ends(), run.stderr).toBe(0);
    const { messages, failures } = measurementsOf(run.result().trials[0]);
    expect(messages).toMatchObject({ lost: 0, duplicated: 0 });
    expect(failures).toEqual({});
    const wrong = run.result().targets![0]!.checks.filter(({ ok }) => ok === false);
    expect(wrong.map(({ check }) => check)).toEqual(['resumes']);
    await expectCleared(run);
  },
);

describe('a target that publishes by itself', () => {
  it('is measured by the time that its messages carry', async () => {
    const publish = { self: { time: { json: 'at', unit: 'ms' } } };
    const run = start({ mine: bad('ticks', { publish }) });
    expect(await run.ends(), run.stderr).toBe(0);
    expect(run.stderr).toMatch(/mine: 5 of 5 checks are well/);
    const { messages, target, latencyUs } = measurementsOf(run.result().trials[0]);
    expect(messages).toMatchObject({ published: null, expected: null, lost: null });
    expect(messages.delivered).toBeGreaterThan(0);
    expect(latencyUs.count).toBe(messages.delivered);
    expect(target).toMatchObject({ publish: null, unmarked: 0, backwards: 0 });
    expect(target!.gapsUs!.count).toBeGreaterThan(0);
    await expectCleared(run);
  });

  it('is measured by the gaps where its messages carry no time', async () => {
    const run = start({ mine: bad('ticks', { publish: 'self' }) });
    expect(await run.ends(), run.stderr).toBe(0);
    const [trial] = run.result().trials;
    const { messages, target, latencyUs, health } = measurementsOf(trial);
    expect(messages.delivered).toBeGreaterThan(0);
    expect(latencyUs).toMatchObject({ count: 0, p50: null });
    expect(target!.gapsUs!.count).toBeGreaterThan(0);
    expect(health.notJudged).toContain('generator-share');
    expect(trial!.reasons.map(({ message }) => message).join(' ')).toContain(
      'its messages carry no time to judge by',
    );
    await expectCleared(run);
  });
});
