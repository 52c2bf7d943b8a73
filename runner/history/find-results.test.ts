import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findJsonFiles, SEARCH_LIMITS } from './find-results.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-results-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), '{}');
}

describe('findJsonFiles', () => {
  it('finds JSON at any depth, in the order of names, and follows no link', async () => {
    for (const path of ['b.json', 'a/c/results.json', 'a/x.txt', 'node_modules/p/package.json']) put(path);
    symlinkSync(folder, join(folder, 'circle'));
    symlinkSync(join(folder, 'b.json'), join(folder, 'link.json'));
    expect(await findJsonFiles(folder)).toEqual({ files: ['a/c/results.json', 'b.json'], skipped: [] });
  });

  it('stops at each limit and says so', async () => {
    for (const path of ['1.json', '2.json', '3.json', 'd/e/f/4.json']) put(path);
    const few = await findJsonFiles(folder, { ...SEARCH_LIMITS, files: 2 });
    expect(few.files).toHaveLength(2);
    expect(few.skipped).toEqual(['The folder has more than 2 JSON files; the rest was not looked at.']);
    const shallow = await findJsonFiles(folder, { ...SEARCH_LIMITS, depth: 1 });
    expect(shallow.files).toEqual(['1.json', '2.json', '3.json']);
    expect(shallow.skipped).toEqual(['d/e is more than 1 folders deep.']);
    const short = await findJsonFiles(folder, { ...SEARCH_LIMITS, entries: 3 });
    expect(short.skipped).toEqual(['The folder has more than 3 entries; the rest was not looked at.']);
  });

  it('throws where the folder itself cannot be read', async () => {
    await expect(findJsonFiles(join(folder, 'nonesuch'))).rejects.toThrow('ENOENT');
  });
});
