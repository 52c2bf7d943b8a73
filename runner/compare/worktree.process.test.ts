import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupt } from '../interrupt.js';
import type { MeasuredSide } from './arm-side.js';
import { GitError, GitRepository } from './git-repository.js';
import { prepareSides } from './prepare.js';
import { runSetup } from './setup-command.js';
import { Worktree } from './worktree.js';

let folder: string;
const never = new AbortController().signal;
const run = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repository-'));
  run('init', '--quiet', '--initial-branch=main');
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app', 'server.txt'), 'one');
  run('add', '.');
  run('commit', '--quiet', '-m', 'one');
  run('tag', 'v1');
  writeFileSync(join(folder, 'app', 'server.txt'), 'two');
  run('commit', '--quiet', '-am', 'two');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const repository = async (): Promise<GitRepository> => (await GitRepository.around(join(folder, 'app')))!;

describe('a repository', () => {
  it('is found from within, knows its refs, and whether something is not committed', async () => {
    const found = await repository();
    expect(await found.commitOf('v1')).toBe(run('rev-parse', 'v1'));
    expect(await found.commitOf('HEAD~1')).toBe(run('rev-parse', 'v1'));
    expect(await found.commitOf('v9')).toBeNull();
    expect(await found.commitOf('--all')).toBeNull();
    expect(await found.names()).toEqual(['main', 'v1']);
    expect(await found.isDirty()).toBe(false);
    writeFileSync(join(folder, 'app', 'server.txt'), 'three');
    expect(await found.isDirty()).toBe(true);
  });

  it('is nowhere around a folder that is in none', async () => {
    expect(await GitRepository.around(tmpdir())).toBeNull();
    expect(await GitRepository.around(join(folder, 'not there'))).toBeNull();
  });

  it('is only looked at: asking for changes leaves the index as it was', async () => {
    // As `touch` does: git would write down that the file is the same.
    utimesSync(join(folder, 'app', 'server.txt'), 1, 1);
    const index = readFileSync(join(folder, '.git', 'index'));
    expect(await (await repository()).isDirty()).toBe(false);
    expect(readFileSync(join(folder, '.git', 'index')).equals(index)).toBe(true);
  });

  it('that git cannot read is told in its words', async () => {
    writeFileSync(join(folder, '.git', 'config'), '[core\n');
    await expect(GitRepository.around(folder)).rejects.toThrow(GitError);
    await expect(GitRepository.around(folder)).rejects.toThrow(/^bad config line 1 in file /);
  });

  it('has no names to suggest where git cannot list them', async () => {
    const found = await repository();
    writeFileSync(join(folder, '.git', 'packed-refs'), 'no ref at all\n');
    expect(await found.names()).toEqual([]);
  });
});

describe('arms that were made ready', () => {
  it('leave no tree behind where somebody leaves while they are taken away', async () => {
    const found = await repository();
    const trees: string[] = [];
    const side = (name: string, ref: string): MeasuredSide => {
      const contender = { kind: 'reference', scenario: 'sse', title: name } as const;
      return {
        kind: 'measured',
        arm: { kind: 'git', value: ref },
        label: `git:${ref}`,
        contender,
        checkout: {
          repository: found,
          commit: run('rev-parse', ref),
          relocate: (tree) => {
            trees.push(tree);
            return { contender, setup: null };
          },
        },
      };
    };
    const interrupt = new Interrupt();
    const sides = { base: side('base', 'v1'), head: side('head', 'main') };
    const prepared = await prepareSides(sides, interrupt, () => undefined);
    expect(trees.map((tree) => existsSync(tree))).toEqual([true, true]);
    const disposing = prepared.dispose();
    interrupt.signal('SIGINT');
    interrupt.signal('SIGINT');
    // At once: the process would be gone now.
    expect(trees.map((tree) => existsSync(dirname(tree)))).toEqual([false, false]);
    await disposing;
    expect(run('worktree', 'list').split('\n')).toHaveLength(1);
  });
});

describe('a worktree', () => {
  it('holds the commit beside the checkout, runs no hook of the repository and leaves nothing behind', async () => {
    const hook = join(folder, '.git', 'hooks', 'post-checkout');
    mkdirSync(dirname(hook), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\ntouch ${join(folder, 'hooked')}\n`);
    chmodSync(hook, 0o755);
    writeFileSync(join(folder, 'app', 'server.txt'), 'not committed');
    const before = run('status', '--porcelain', '--branch');
    const tree = Worktree.place(await repository());
    await tree.checkOut(run('rev-parse', 'v1'), never);
    expect(readFileSync(join(tree.folder, 'app', 'server.txt'), 'utf8')).toBe('one');
    writeFileSync(join(tree.folder, 'made-by-setup'), '');
    await tree.remove();
    expect(existsSync(tree.folder)).toBe(false);
    expect(existsSync(dirname(tree.folder))).toBe(false);
    expect(existsSync(join(folder, 'hooked'))).toBe(false);
    expect(run('worktree', 'list').split('\n')).toHaveLength(1);
    expect(run('status', '--porcelain', '--branch')).toBe(before);
    expect(readFileSync(join(folder, 'app', 'server.txt'), 'utf8')).toBe('not committed');
  });

  it('can be removed at once, and removing what was never made is no mistake', async () => {
    const tree = Worktree.place(await repository());
    await tree.checkOut(run('rev-parse', 'main'), never);
    tree.removeNow();
    expect(existsSync(dirname(tree.folder))).toBe(false);
    expect(run('worktree', 'list').split('\n')).toHaveLength(1);
    const unmade = Worktree.place(await repository());
    await unmade.remove();
    expect(existsSync(dirname(unmade.folder))).toBe(false);
  });

  it('is forgotten by git also where it was removed by half when everything is left', async () => {
    const tree = Worktree.place(await repository());
    await tree.checkOut(run('rev-parse', 'main'), never);
    rmSync(join(tree.folder, '.git'));
    tree.removeNow();
    expect(existsSync(dirname(tree.folder))).toBe(false);
    expect(run('worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('leaves alone what git keeps of worktrees that are not ours', async () => {
    const other = mkdtempSync(join(tmpdir(), 'other-'));
    run('worktree', 'add', '--quiet', '--detach', join(other, 'tree'), 'v1');
    rmSync(other, { recursive: true });
    const tree = Worktree.place(await repository());
    await tree.checkOut(run('rev-parse', 'main'), never);
    await tree.remove();
    expect(run('worktree', 'list')).toContain(join(other, 'tree'));
  });
});

describe('a setup command', () => {
  const node = (script: string) => ({ argv: [process.execPath, '-e', script], folder, env: { NAME: 'x' } });

  it('runs in its folder with its variables', async () => {
    expect(await runSetup(node("fs.writeFileSync('made', process.env.NAME)"), never)).toBeNull();
    expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('x');
  });

  it('says how it failed, with its last words', async () => {
    expect(await runSetup(node("console.error('no such package'); process.exit(3)"), never)).toBe(
      'ended with code 3; its last words: no such package',
    );
    expect(await runSetup({ argv: ['/nowhere/npm'], folder, env: {} }, never)).toMatch(
      /^could not be started: /,
    );
  });

  it('is ended with what it started when the run is', async () => {
    const stop = new AbortController();
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      fs.writeFileSync('pid.new', String(child.pid));
      fs.renameSync('pid.new', 'pid');
      setInterval(() => {}, 1000);`;
    const ended = runSetup(node(script), stop.signal);
    while (!existsSync(join(folder, 'pid'))) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect(await ended).toBe('was ended by SIGKILL');
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await gone(pid);
  });
});

/** Waits until a process has ended: one that is killed is there until the system has taken it away. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
      const [, state] = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      if (state === 'Z') return;
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
