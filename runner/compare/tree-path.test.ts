import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathInside, wordInTree } from './tree-path.js';

const TREE = '/tmp/pushbench-compare-x/tree';

describe('a word of a command in another tree', () => {
  it.each([
    ['/home/me/my app/server.mjs', `${TREE}/server.mjs`],
    ['/home/me/my app', TREE],
    ['--import=/home/me/my app/hook.mjs', `--import=${TREE}/hook.mjs`],
    ['--import=file:///home/me/my%20app/hook.mjs?a=1', `--import=file://${TREE}/hook.mjs?a=1`],
    ['/usr/lib:/home/me/my app/lib:/home/me/my app', `/usr/lib:${TREE}/lib:${TREE}`],
    ['-I/home/me/my app/include', `-I${TREE}/include`],
    ['{"root":"/home/me/my app","port":"{port}"}', `{"root":"${TREE}","port":"{port}"}`],
  ])('%s is %s', (word, moved) => {
    expect(wordInTree(word, '/home/me/my app', TREE)).toBe(moved);
  });

  it.each([
    'node',
    'server.mjs',
    '--port={port}',
    '',
    '/usr/bin/node',
    '/home/me/my app-2/server.mjs',
    '/mnt/home/me/my app/server.mjs',
    'http://127.0.0.1/home/me/my app',
  ])('%j, which is not in the repository, stays as it is', (word) => {
    expect(wordInTree(word, '/home/me/my app', TREE)).toBe(word);
  });
});

describe('a path that leads into the repository by a link', () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tree-path-')));
    mkdirSync(join(folder, 'repository'));
    writeFileSync(join(folder, 'repository', 'server.mjs'), '');
    symlinkSync(join(folder, 'repository'), join(folder, 'link'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the same file in the tree', () => {
    const root = join(folder, 'repository');
    expect(wordInTree(join(folder, 'link', 'server.mjs'), root, TREE)).toBe(`${TREE}/server.mjs`);
    expect(wordInTree(`--entry=${folder}/link/server.mjs`, root, TREE)).toBe(`--entry=${TREE}/server.mjs`);
  });

  it('is inside, and one that leads out of it is not', () => {
    const root = join(folder, 'repository');
    expect(pathInside(root, join(folder, 'link'))).toBe('');
    expect(pathInside(root, join(root, 'in a commit only'))).toBe('in a commit only');
    expect(pathInside(root, folder)).toBeNull();
    expect(pathInside(root, `${root}-2`)).toBeNull();
  });
});
