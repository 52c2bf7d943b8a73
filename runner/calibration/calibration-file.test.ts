import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calibrationFile, keepCeilings, readCeilings } from './calibration-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ceiling = (deliveriesPerSecond: number) => ({
  deliveriesPerSecond,
  utilization: 0.7,
  measuredAt: '2026-01-01T00:00:00.000Z',
});

describe('where calibrations are kept', () => {
  const home = (): string => '/home/me';

  it.each([
    [{ PUSHBENCH_CACHE: 'here', XDG_CACHE_HOME: '/xdg' }, 'here/calibration.json'],
    [{ PUSHBENCH_CACHE: '', XDG_CACHE_HOME: '/xdg' }, '/xdg/pushbench/calibration.json'],
    [{ XDG_CACHE_HOME: 'relative' }, '/home/me/.cache/pushbench/calibration.json'],
    [{}, '/home/me/.cache/pushbench/calibration.json'],
  ])('follows from %j: %s', (env, path) => {
    expect(calibrationFile(env, home)).toBe(path);
  });
});

describe('kept calibrations', () => {
  it('are found again for their environment only, and those of others stay', async () => {
    const path = join(folder, 'deep', 'calibration.json');
    await keepCeilings(path, 'one', { sse: ceiling(1) });
    await keepCeilings(path, 'two', { sse: ceiling(2) });
    await keepCeilings(path, 'one', { websocket: ceiling(3) });
    expect(await readCeilings(path, 'one')).toEqual({ sse: ceiling(1), websocket: ceiling(3) });
    expect(await readCeilings(path, 'two')).toEqual({ sse: ceiling(2) });
    expect(await readCeilings(path, 'three')).toEqual({});
    expect(readdirSync(join(folder, 'deep'))).toEqual(['calibration.json']);
  });

  it('forget the environment that was not renewed for the longest time', async () => {
    const path = join(folder, 'calibration.json');
    for (let n = 0; n < 21; n++) {
      await keepCeilings(path, `machine ${n}`, { sse: ceiling(n + 1) });
      if (n > 0) await keepCeilings(path, 'machine 0', { sse: ceiling(1) });
    }
    expect(await readCeilings(path, 'machine 0')).not.toEqual({});
    expect(await readCeilings(path, 'machine 1')).toEqual({});
    expect(await readCeilings(path, 'machine 20')).not.toEqual({});
  });

  it.each([
    '',
    '{"schema":"pushbench/calibration@1","environments":[{"ke',
    '{"schema":"pushbench/calibration@2","environments":[]}',
    '{"schema":"pushbench/calibration@1","environments":[{"key":"one","ceilings":{"sse":{"deliveriesPerSecond":0}}}]}',
    'null',
  ])('of a broken file are none, and the next are kept all the same: %s', async (text) => {
    const path = join(folder, 'calibration.json');
    writeFileSync(path, text);
    expect(await readCeilings(path, 'one')).toEqual({});
    await keepCeilings(path, 'one', { sse: ceiling(5) });
    expect(await readCeilings(path, 'one')).toEqual({ sse: ceiling(5) });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schema: 'pushbench/calibration@1' });
  });

  it('cannot be written where a file stands in the way of the folder, which is an error of keeping alone', async () => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'calibration.json');
    expect(await readCeilings(path, 'one')).toEqual({});
    await expect(keepCeilings(path, 'one', { sse: ceiling(1) })).rejects.toThrow();
  });
});
