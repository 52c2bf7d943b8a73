import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AaRecord, type AaSettings, readRecord, writeRecord } from './record.js';

const SETTINGS: AaSettings = {
  scenario: 'websocket',
  clients: 200,
  ratePerSecond: 50,
  durationSeconds: 2,
  rounds: 8,
  cpuModel: 'some processor',
  node: 'v20.0.0',
};

describe('the record of real A/A runs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pushbench-aa-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is empty where there is no file, and what was written where there is one', () => {
    const path = join(folder, 'deep', 'aa.json');
    const empty = readRecord(path, SETTINGS);
    expect(empty.runs).toEqual([]);
    const one: AaRecord = { ...empty, runs: [{ seed: 1, trials: 16, completed: 15, verdicts: [] }] };
    writeRecord(path, one);
    expect(readRecord(path, SETTINGS)).toEqual(one);
  });

  it('does not go on with runs of other settings, and names the one that differs', () => {
    const path = join(folder, 'aa.json');
    writeRecord(path, readRecord(path, SETTINGS));
    expect(() => readRecord(path, { ...SETTINGS, rounds: 10 })).toThrow(/rounds 8, not 10.*--out/);
  });

  it.each(['', '{', '{}', 'null', '{"schema":"pushbench/aa@1"}'])('refuses a file that is %j', (text) => {
    const path = join(folder, 'aa.json');
    writeFileSync(path, text);
    expect(() => readRecord(path, SETTINGS)).toThrow(/no record of A\/A runs/);
  });
});
