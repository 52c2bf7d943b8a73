import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../scripts/lock.mjs';
import { ROOT } from './project-files.js';

describe('withLock', () => {
  let folder = '';
  let lock = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pushbench-lock-'));
    lock = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back what the work gave and leaves no lock, also after a failure', async () => {
    expect(await withLock(lock, async () => 7)).toBe(7);
    expect(existsSync(lock)).toBe(false);
    await expect(
      withLock(lock, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over the lock of a process that died', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    writeFileSync(lock, String(dead));
    expect(await withLock(lock, async () => 'mine')).toBe('mine');
  });

  it('lets one process at a time in', async () => {
    const log = join(folder, 'log');
    const script = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as wait } from 'node:timers/promises';
      const { withLock } = await import(${JSON.stringify(`${ROOT}scripts/lock.mjs`)});
      await withLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, 'in ');
        await wait(30);
        appendFileSync(${JSON.stringify(log)}, 'out ');
      });`;
    // The lock of a dead process on top: all four see it, one may remove it.
    writeFileSync(lock, String(spawnSync(process.execPath, ['--version']).pid));
    const codes = await Promise.all(
      Array.from({ length: 4 }, () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
        return new Promise((resolve) => child.once('exit', resolve));
      }),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(4));
  });
});
