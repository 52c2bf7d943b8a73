import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serialiseResult } from '../reports/result-file.js';
import { sampleComparison } from '../reports/testing/sample-comparison.js';
import { sampleResult } from '../reports/testing/sample-result.js';
import type { MeasuredSide } from '../runner/compare/arm-side.js';
import { type ArmSettings, type ResolvedSides, resolveSides } from '../runner/compare/resolve-sides.js';
import { calledName } from '../runner/target/called-name.js';
import type { TargetsSection } from '../runner/target/target-schema.js';
import { ServerRepository } from './support/server-repository.js';

const chat = {
  command: 'node server.mjs',
  cwd: 'app',
  setup: 'node setup.mjs',
  transport: 'sse',
  subscribe: { path: '/events' },
  publish: { http: { path: '/say', body: '{message}' } },
} as const;
const there = {
  ...chat,
  command: undefined,
  cwd: undefined,
  setup: undefined,
  url: 'http://127.0.0.1:18123/events',
};
const away = { ...chat, cwd: '/' };

let repository: ServerRepository;
let folder: string;
beforeAll(() => {
  repository = new ServerRepository();
  folder = mkdtempSync(join(tmpdir(), 'compare-arms-'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('several.json', serialiseResult(sampleResult({ scenarios: ['sse', 'websocket'], trials: 1 })));
  write('comparison.json', serialiseResult(sampleComparison({ pairs: 2 })));
  write('void.json', serialiseResult(sampleResult({ scenarios: ['sse'], trials: 1, void: ['sse/1'] })));
  write('cut.json', serialiseResult(sampleResult({ trials: 1 })).slice(0, 500));
});
afterAll(() => {
  repository.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function arms(
  base: string,
  head: string,
  targets: Record<string, unknown> = { chat },
  more: Partial<ArmSettings> = {},
): Promise<{ resolved: ResolvedSides | null; mistakes: string[] }> {
  const mistakes: string[] = [];
  const settings = {
    base: base.replace('@', folder),
    head,
    target: undefined,
    folder: repository.folder,
    config: repository.config,
    targets: targets as TargetsSection,
    allowRemote: false,
    ...more,
  };
  return { resolved: await resolveSides(settings, mistakes), mistakes };
}

const commandOf = ({ contender }: MeasuredSide) =>
  contender.kind === 'target' ? contender.target.command : null;

describe('an arm that is a command', () => {
  it('takes the place of the only target’s, where that would run', async () => {
    const { resolved } = await arms('target:chat', 'cmd:node other.mjs "a b"');
    expect(commandOf(resolved!.sides.head)).toMatchObject({
      argv: ['node', 'other.mjs', 'a b'],
      cwd: join(repository.folder, 'app'),
    });
    const { base, head } = resolved!.sides;
    const calledNames = [base, head].map(
      (side) =>
        side.kind === 'measured' && side.contender.kind === 'target' && calledName(side.contender.target),
    );
    expect(calledNames).toEqual(['base: chat', 'head: chat, cmd:node other.mjs "a b"']);
    expect(resolved!.sides.head.contender.title).toBe('head: chat, cmd:node other.mjs "a b"');
  });

  it('listens where a target that runs already would be, on this machine', async () => {
    const { resolved } = await arms(
      'scenario:sse',
      'cmd:node other.mjs',
      { there, chat },
      { target: 'there' },
    );
    expect(commandOf(resolved!.sides.head)).toMatchObject({ port: 18123, cwd: process.cwd() });
  });

  it('takes the subscription of the other arm before that of an only target', async () => {
    const { resolved } = await arms('target:there', 'cmd:node other.mjs', { there, chat });
    expect(commandOf(resolved!.sides.head)).toMatchObject({ port: 18123 });
  });

  it.each([
    [{}, 'does not say how to subscribe and publish: describe that as a target in a file for --config.'],
    [
      { chat, there },
      'does not say how to subscribe and publish: name a target with --target (chat, there).',
    ],
  ])('of which nobody says how to subscribe is refused (%#)', async (targets, sentence) => {
    const { mistakes } = await arms('scenario:sse', 'cmd:node other.mjs', targets);
    expect(mistakes).toEqual([`cmd:node other.mjs ${sentence}`]);
  });

  it('with a target that there is not is refused by its name', async () => {
    const { mistakes } = await arms('scenario:sse', 'cmd:node x.mjs', { chat }, { target: 'chatt' });
    expect(mistakes.join()).toContain('"chatt" is no target of pushbench.config.json. Did you mean "chat"?');
  });
});

describe('an arm that is a git ref', () => {
  it('runs the target’s command and setup in the same folder of another tree', async () => {
    const { resolved } = await arms('git:feature', 'target:chat');
    const { checkout, label } = resolved!.sides.base as MeasuredSide;
    expect(checkout!.commit).toBe(repository.git('rev-parse', 'feature'));
    expect(label).toBe(`git:feature (${checkout!.commit.slice(0, 12)})`);
    const { contender, setup } = checkout!.relocate('/somewhere/tree');
    expect(setup).toEqual({ argv: ['node', 'setup.mjs'], folder: '/somewhere/tree/app', env: {} });
    expect(contender.kind === 'target' && contender.target.command?.cwd).toBe('/somewhere/tree/app');
  });

  it('runs nothing of the checkout, also where the configuration names it by its whole path', async () => {
    const server = join(repository.folder, 'app', 'server.mjs');
    const absolute = {
      ...chat,
      command: [process.execPath, `--import=file://${repository.folder}/app/hook.mjs`, server],
      setup: ['node', join(repository.folder, 'app', 'setup.mjs')],
      env: { NODE_PATH: `/usr/lib:${repository.folder}/lib` },
    };
    const { resolved } = await arms('git:feature', 'git:main', { chat: absolute });
    const { checkout } = resolved!.sides.base as MeasuredSide;
    const { contender, setup } = checkout!.relocate('/somewhere/tree');
    const env = { NODE_PATH: '/usr/lib:/somewhere/tree/lib' };
    expect(commandOf({ contender } as MeasuredSide)).toMatchObject({
      argv: [
        process.execPath,
        '--import=file:///somewhere/tree/app/hook.mjs',
        '/somewhere/tree/app/server.mjs',
      ],
      cwd: '/somewhere/tree/app',
      env,
    });
    expect(setup).toEqual({
      argv: ['node', '/somewhere/tree/app/setup.mjs'],
      folder: '/somewhere/tree/app',
      env,
    });
  });

  it('needs a command, and one that runs in the repository', async () => {
    const why =
      'the target there is a url, and a git ref needs its command: what starts the server of a commit.';
    const { mistakes } = await arms('git:main', 'git:feature', { there });
    expect(mistakes.toSorted()).toEqual([`git:feature: ${why}`, `git:main: ${why}`]);
    expect((await arms('git:main', 'scenario:sse', { away })).mistakes[0]).toBe(
      `git:main: the target away runs in /, which is not in the repository ${repository.folder}.`,
    );
  });

  it('finds the repository of the configuration from a folder outside', async () => {
    const { resolved } = await arms('git:main', 'target:chat', { chat }, { folder });
    expect(resolved!.sides.base.label).toMatch(/^git:main/);
  });

  it('is looked up in the repository of the configuration before that of the current folder', async () => {
    const other = new ServerRepository();
    try {
      other.write('app/server.mjs', 'another');
      other.git('commit', '--quiet', '--all', '-m', 'another main');
      const { resolved } = await arms('git:main', 'target:chat', { chat }, { folder: other.folder });
      const { checkout } = resolved!.sides.base as MeasuredSide;
      expect(checkout!.commit).toBe(repository.git('rev-parse', 'main'));
      expect(checkout!.commit).not.toBe(other.git('rev-parse', 'main'));
    } finally {
      other.remove();
    }
  });

  it('in a repository that git cannot read is refused in its words', async () => {
    const broken = new ServerRepository();
    try {
      broken.write('.git/config', '[core\n');
      const { mistakes } = await arms('git:main', 'target:chat', { chat }, { config: broken.config });
      expect(mistakes[0]).toMatch(
        /^--base: "git:main": no ref can be looked up; git says: bad config line 1 in file /,
      );
    } finally {
      broken.remove();
    }
  });

  it('is compared all the same where git cannot say whether something is not committed', async () => {
    const unsure = new ServerRepository();
    try {
      unsure.write('.git/index', 'no index');
      const { resolved } = await arms('git:main', 'target:chat', { chat }, { config: unsure.config });
      expect(resolved!.notes.join()).toMatch(/uncommitted changes, .* git cannot say: .+\.$/);
    } finally {
      unsure.remove();
    }
  });

  it('is the same as another name of its commit, and it is said', async () => {
    const same = 'Base and head are the same commit: whatever differs is noise.';
    expect((await arms('git:main', 'git:HEAD')).resolved!.notes).toContain(same);
    expect((await arms('git:main', 'git:feature')).resolved!.notes).not.toContain(same);
  });
});

describe('an arm that is an earlier result', () => {
  it('is taken by the scenario of the head, or as the head of a comparison', async () => {
    const several = (await arms('@/several.json', 'scenario:websocket')).resolved!;
    expect(several.sides.base).toMatchObject({ kind: 'stored', scenario: 'websocket' });
    const comparison = (await arms('result:@/comparison.json', 'target:chat')).resolved!;
    expect(comparison.sides.base).toMatchObject({ kind: 'stored', scenario: 'head' });
    expect(comparison.source!.given.get('pairs')).toBeUndefined();
  });

  it.each([
    [
      '@/several.json',
      'scenario:polling',
      'holds several scenarios (sse and websocket); the head must be one of them.',
    ],
    ['@/void.json', 'scenario:sse', 'has no completed trial of sse.'],
    ['@/cut.json', 'scenario:sse', 'truncated'],
    ['result:@/gone.json', 'scenario:sse', 'there is no such file'],
  ])('%s against %s is refused', async (base, head, sentence) => {
    const { resolved, mistakes } = await arms(base, head);
    expect(resolved).toBeNull();
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(sentence);
  });

  it('cannot be the head', async () => {
    const { mistakes } = await arms('scenario:sse', `result:${folder}/several.json`);
    expect(mistakes[0]).toContain(
      'and the head must run. Two results are compared by "pushbench gate --baseline".',
    );
  });
});

it('both arms the same are an A/A comparison, and it is said', async () => {
  const { resolved } = await arms('scenario:sse', 'sse');
  expect(resolved!.notes).toContain('Base and head are the same: whatever differs is noise.');
});
