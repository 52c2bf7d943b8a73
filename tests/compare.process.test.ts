import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Result } from '../reports/result.js';
import { ROOT } from './project-files.js';
import { type CliRun, Runs } from './support/cli-run.js';
import { ServerRepository } from './support/server-repository.js';

const runs = new Runs();
const repositories: ServerRepository[] = [];
afterEach(async () => {
  await runs.clear();
  for (const repository of repositories.splice(0)) repository.remove();
});

const SMALL = '--clients 20 --duration 0.3 --warmup 0.1 --no-color';

const repositoryOf = (): ServerRepository => {
  const repository = new ServerRepository();
  repositories.push(repository);
  return repository;
};

const compare = (line: string, repository?: ServerRepository): CliRun =>
  repository === undefined
    ? runs.start(`compare ${line}`)
    : runs.start(`compare ${line} --config ${repository.config}`, {
        shell: `export TMPDIR=${repository.temporary}`,
      });

const main = (...args: string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'dist', 'runner', 'main.js'), ...args], { encoding: 'utf8' });

const ruleOf = (result: Result, metric: string) =>
  result.comparison?.rules.find(({ rule }) => rule.metric === metric);

describe('a comparison of two reference servers', () => {
  it('runs base, the base again and head in every round, and tells metric by metric what differs', async () => {
    const run = compare(`--base scenario:sse --head websocket --pairs 2 --seed 7 ${SMALL}`);
    expect(await run.ends(), run.stderr).toBe(0);
    const result = run.result();
    expect(result.trials).toHaveLength(6);
    for (const round of [1, 2]) {
      const own = result.trials.filter(({ trial }) => trial === round);
      expect(new Set(own.map(({ arm }) => arm))).toEqual(new Set(['base', "base'", 'head']));
    }
    // The same schedule for all arms of a round.
    const published = result.trials.map((trial) =>
      trial.status === 'completed' ? trial.measurements.publishes.intendedUs : [],
    );
    for (const [at, { trial }] of result.trials.entries()) {
      const first = result.trials.findIndex((each) => each.trial === trial);
      expect(published[at]).toHaveLength(30);
      expect(published[at]).toEqual(published[first]);
    }
    expect(result.comparison).toMatchObject({
      base: { arm: 'scenario:sse' },
      head: { arm: 'scenario:websocket' },
      interleaved: true,
    });
    const down = ruleOf(result, 'wire.perDelivery.down.total')!;
    expect(down).toMatchObject({ word: 'better', head: [12, 12] });
    expect(down.base[0]).toBeGreaterThan(12);
    expect(ruleOf(result, 'latencyUs.p50')!.ratio!.pairs).toBe(2);
    expect(ruleOf(result, 'latencyUs.p50')!.aa!.pairs).toBe(2);
    expect(run.stderr).toContain('--head websocket was understood as scenario:websocket, a scenario.');
    expect(run.stdout).toMatch(/^metric +base +head +ratio/m);
    expect(run.stdout).toMatch(/^bytes down a message .* 12\u00a0B .* better$/m);
    expect(run.stdout).toContain('The head is');
    const page = readFileSync(join(run.out, 'report.html'), 'utf8');
    expect(page).toContain('is the head better or worse than the base?');
    expect(page).toContain('How many times the base is the head?');
    expect(await run.orphans()).toEqual([]);
    // Yesterday's comparison is drawn again, and judged.
    const file = join(run.out, 'results.json');
    expect(main('report', file)).toMatch(/^bytes down a message .* better$/m);
    expect(readFileSync(join(run.out, 'report.html'), 'utf8')).toBe(page);
    expect(result.command.slice(0, 5)).toEqual([
      'compare',
      '--base',
      'scenario:sse',
      '--head',
      'scenario:websocket',
    ]);
  });

  it('ends with the code of the gate where one is asked for, and with the document alone on stdout under --json', async () => {
    const run = compare(`--base sse --head scenario:websocket --pairs 1 --no-aa --gate --json ${SMALL}`);
    // Other bytes a message: no gate lets that pass.
    expect(await run.ends(), run.stderr).toBe(1);
    expect(JSON.parse(run.stdout)).toEqual(JSON.parse(JSON.stringify(run.result())));
    expect(
      run
        .result()
        .trials.map(({ arm }) => arm)
        .sort(),
    ).toEqual(['base', 'head']);
    expect(run.stderr).toMatch(/^Gate: FAIL/m);
  });
});

describe('a comparison with an earlier result', () => {
  it('does what that run did, judges what can be judged, and leaves an ordinary run', async () => {
    const first = runs.start(`--scenario sse --trials 1 --rate 40 --seed 3 ${SMALL}`);
    expect(await first.ends(), first.stderr).toBe(0);
    const file = join(first.out, 'results.json');
    const run = compare(`--base result:${file} --head sse --pairs 1 --no-color`);
    expect(await run.ends(), run.stderr).toBe(0);
    const { plan, trials, comparison } = run.result();
    expect(plan).toMatchObject({
      scenarios: ['sse'],
      clients: [20],
      ratePerSecond: 40,
      durationSeconds: 0.3,
    });
    expect(trials.map(({ scenario, arm }) => [scenario, arm])).toEqual([['sse', undefined]]);
    expect(comparison).toMatchObject({ interleaved: false, base: { startedAt: first.result().startedAt } });
    expect(ruleOf(run.result(), 'wire.perDelivery.down.total')).toMatchObject({
      word: 'same',
      verdict: 'pass',
    });
    expect(ruleOf(run.result(), 'latencyUs.p50')).toMatchObject({ verdict: 'not judged', word: null });
    expect(run.stdout).toContain('The base is an earlier run');
    expect(main('gate', '--baseline', file, join(run.out, 'results.json'))).toContain('Gate: pass');
  });

  it('is refused where the load is another, naming the field', async () => {
    const first = runs.start(`--scenario sse --trials 1 --rate 40 ${SMALL}`);
    expect(await first.ends(), first.stderr).toBe(0);
    const run = compare(`--base ${first.out}/results.json --head sse --rate 30`);
    expect(await run.ends()).toBe(2);
    expect(run.stderr).toContain(
      'The plans differ in ratePerSecond: 40 in the baseline, 30 in the new result.',
    );
    expect(run.files()).toEqual([]);
  });
});

describe('a comparison of git refs', () => {
  it('sets each commit up beside the checkout, which it never touches, and leaves nothing behind', async () => {
    const repository = repositoryOf();
    repository.write('app/server.mjs', 'not committed, and no program');
    const before = repository.git('status', '--porcelain', '--branch');
    const run = compare(`--base git:main --head git:feature --pairs 1 --no-aa ${SMALL}`, repository);
    expect(await run.ends(), run.stderr).toBe(0);
    const { comparison } = run.result();
    expect(comparison?.base.commit).toBe(repository.git('rev-parse', 'main'));
    expect(comparison?.head.commit).toBe(repository.git('rev-parse', 'feature'));
    // `id: 1` and its line end.
    const { base, head, word } = ruleOf(run.result(), 'wire.perDelivery.down.framing')!;
    expect(word).toBe('worse');
    expect(head[0]! - base[0]!).toBe(6);
    expect(run.stderr).toContain('Uncommitted changes of the repository are not part of a git ref');
    expect(run.result().command).toContain(`git:${comparison?.base.commit?.slice(0, 12)}`);
    expect(await run.orphans()).toEqual([]);
    expect(repository.leftovers()).toEqual([]);
    expect(repository.git('status', '--porcelain', '--branch')).toBe(before);
  });

  it('runs each commit where the configuration names the server by its whole path, too', async () => {
    const repository = repositoryOf();
    repository.write(
      'whole.config.mjs',
      `import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
const { targets } = JSON.parse(readFileSync(new URL('pushbench.config.json', import.meta.url), 'utf8'));
const command = ['node', fileURLToPath(new URL('app/server.mjs', import.meta.url))];
export default { targets: { chat: { ...targets.chat, command } } };
`,
    );
    // A checkout that runs, and sends what neither commit does.
    repository.write('app/made.mjs', "export const extra = 'id: the checkout\\n';\n");
    const config = join(repository.folder, 'whole.config.mjs');
    const run = runs.start(
      `compare --base git:main --head git:feature --pairs 1 --no-aa ${SMALL} --config ${config}`,
    );
    expect(await run.ends(), run.stderr).toBe(0);
    const { base, head } = ruleOf(run.result(), 'wire.perDelivery.down.framing')!;
    expect(head[0]! - base[0]!).toBe(6);
  });

  it.each([
    ['while an arm is set up', 'git:stuck', /Setting up the head: node setup\.mjs/],
    ['while a trial runs', 'git:feature', /: measuring/],
  ])('is interrupted %s without a worktree or a process left', async (_when, head, line) => {
    const repository = repositoryOf();
    const run = compare(
      `--base git:main --head ${head} --pairs 1 --clients 5 --duration 90 --no-color`,
      repository,
    );
    await run.says(line);
    run.killGroup('SIGINT');
    expect(await run.ends(), run.stderr).toBe(130);
    expect(await run.orphans()).toEqual([]);
    expect(repository.leftovers()).toEqual([]);
  });

  it('leaves at the second signal without a worktree or a process left', async () => {
    const repository = repositoryOf();
    const run = compare(
      `--base git:main --head git:feature --clients 5 --duration 90 --no-color`,
      repository,
    );
    await run.says(/: measuring/);
    run.kill('SIGTERM');
    await run.says(/^Stopping: /m);
    run.kill('SIGTERM');
    expect(await run.ends(), run.stderr).toBe(143);
    expect(await run.orphans()).toEqual([]);
    expect(repository.leftovers()).toEqual([]);
  });

  it('ends with a fault where the setup fails, and says why', async () => {
    const repository = repositoryOf();
    repository.git('rm', '--quiet', 'app/setup.mjs');
    repository.git('commit', '--quiet', '-m', 'no setup');
    const run = compare(`--base git:HEAD --head git:feature ${SMALL}`, repository);
    expect(await run.ends(), run.stderr).toBe(4);
    expect(run.stderr).toMatch(
      /^pushbench: The setup of the base \(node setup\.mjs\) ended with code 1; its last words: /m,
    );
    expect(repository.leftovers()).toEqual([]);
  });
});

describe('a comparison in which a trial of the base fails', () => {
  it('ends with the verdict, and says that it rests on the others', async () => {
    const repository = repositoryOf();
    repository.write('app/made.mjs', "export const extra = '';\n");
    // Its first start is the check before the trials; of its two trials the first is its last.
    repository.write(
      'app/frail.mjs',
      `import { appendFileSync, readFileSync } from 'node:fs';
import { Server } from 'node:http';
appendFileSync('starts', '.');
if (readFileSync('starts', 'utf8').length === 2) {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (name, ...rest) {
    if (name === 'request' && rest[0].method === 'POST') process.exit(1);
    return emit.call(this, name, ...rest);
  };
}
await import('./server.mjs');
`,
    );
    repository.write(
      'app/wordy.mjs',
      `import { ServerResponse } from 'node:http';
const { write } = ServerResponse.prototype;
ServerResponse.prototype.write = function (text) {
  return write.call(this, 'id: 1\\n' + text);
};
await import('./server.mjs');
`,
    );
    // Arguments are parted at spaces here, and words of a command at any white space.
    const run = compare(
      `--base cmd:node\u00a0frail.mjs --head cmd:node\u00a0wordy.mjs --pairs 2 --no-aa --gate ${SMALL}`,
      repository,
    );
    expect(await run.ends(), run.stderr).toBe(1);
    expect(
      run
        .result()
        .trials.map(({ arm, status }) => `${arm} ${status}`)
        .sort(),
    ).toEqual(['base completed', 'base failed', 'head completed', 'head completed']);
    expect(run.stderr).toContain('Note: 1 trial of the base failed; the verdict rests on the others.');
    expect(run.stdout).toMatch(/^Gate: FAIL/m);
  });
});

describe('a comparison that cannot be made', () => {
  it('starts nothing, and says what is wrong with each arm', async () => {
    const repository = repositoryOf();
    const run = compare('--base git:mian --head chatt', repository);
    expect(await run.ends()).toBe(2);
    expect(run.stderr).toContain('git knows no commit by the name "mian". Did you mean git:main?');
    expect(run.stderr).toContain('Did you mean target:chat?');
    expect(run.files()).toEqual([]);
    expect(repository.leftovers()).toEqual([]);
  });

  it('ends with a fault where the command of an arm fails at once', async () => {
    const repository = repositoryOf();
    const run = compare(`--base git:main --head cmd:nothing-of-that-name --pairs 1 ${SMALL}`, repository);
    expect(await run.ends(), run.stderr).toBe(4);
    expect(run.stderr).toMatch(/^pushbench: .*never became ready/m);
    expect(await run.orphans()).toEqual([]);
    expect(repository.leftovers()).toEqual([]);
  });
});
