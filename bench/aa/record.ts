import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Verdict } from './tally.js';

const AA_SCHEMA = 'pushbench/aa@1';

/** What makes real runs comparable; runs of other settings do not go into one count. */
export interface AaSettings {
  readonly scenario: string;
  readonly clients: number;
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  readonly rounds: number;
  readonly cpuModel: string;
  readonly node: string;
}

export interface AaRun {
  readonly seed: number;
  readonly trials: number;
  /** Trials that were completed, of `trials`. */
  readonly completed: number;
  readonly verdicts: readonly Verdict[];
}

/** Real A/A runs that were done, written after each of them: half an hour should not be lost to one Ctrl-C. */
export interface AaRecord {
  readonly schema: typeof AA_SCHEMA;
  readonly settings: AaSettings;
  readonly runs: readonly AaRun[];
}

/** A record that cannot be gone on with, in a sentence for people. */
export class AaRecordError extends Error {}

/**
 * The record in a file; an empty one where there is no file.
 * @throws AaRecordError when the file is something else, or of other settings
 */
export function readRecord(path: string, settings: AaSettings): AaRecord {
  if (!existsSync(path)) return { schema: AA_SCHEMA, settings, runs: [] };
  const record = parse(readFileSync(path, 'utf8'));
  if (record === null) {
    throw new AaRecordError(
      `${path} is no record of A/A runs ("${AA_SCHEMA}"). Remove it, or name another file with --out.`,
    );
  }
  for (const name of Object.keys(settings) as (keyof AaSettings)[]) {
    if (record.settings[name] === settings[name]) continue;
    throw new AaRecordError(
      `${path} has runs with ${name} ${record.settings[name]}, not ${settings[name]}: they are not counted together. ` +
        'Remove it, or name another file with --out.',
    );
  }
  return record;
}

function parse(text: string): AaRecord | null {
  try {
    const record = JSON.parse(text) as Partial<AaRecord>;
    const isOurs =
      record.schema === AA_SCHEMA && typeof record.settings === 'object' && Array.isArray(record.runs);
    return isOurs ? (record as AaRecord) : null;
  } catch {
    return null;
  }
}

/** Writes the record whole or not at all; the folder is made when it is missing. */
export function writeRecord(path: string, record: AaRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
