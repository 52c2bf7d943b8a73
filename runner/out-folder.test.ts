import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutFolder } from './out-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'out-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('openOutFolder', () => {
  it('creates the folder with its parents and leaves no probe in it', () => {
    const out = join(folder, 'a', 'b');
    expect(openOutFolder(out).mistake).toBeNull();
    expect(readdirSync(out)).toEqual([]);
  });

  it('takes back exactly what it created', () => {
    const out = openOutFolder(join(folder, 'a', 'b', 'c'));
    out.undo();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves a folder that was there, and what others put into a new one', () => {
    openOutFolder(folder).undo();
    expect(existsSync(folder)).toBe(true);
    const out = openOutFolder(join(folder, 'a', 'b'));
    writeFileSync(join(folder, 'a', 'mine'), '');
    out.undo();
    expect(readdirSync(join(folder, 'a'))).toEqual(['mine']);
  });

  it('refuses a file, a path through a file, and what the system refuses', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'kept');
    expect(openOutFolder(file).mistake).toContain('is a file');
    expect(openOutFolder(join(file, 'below')).mistake).toContain(
      'cannot be written: a part of the path is a file',
    );
    expect(openOutFolder(join(folder, 'x'.repeat(300))).mistake).toContain('the name is too long');
    expect(openOutFolder(join(folder, 'new', 'x'.repeat(300))).mistake).toContain('cannot be written');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it.runIf(existsSync('/proc/self'))(
    'refuses a file system of the kernel, where mkdir would try for ever',
    () => {
      expect(openOutFolder('/proc/nonesuch/results').mistake).toContain('the folder cannot be created there');
    },
  );
});
