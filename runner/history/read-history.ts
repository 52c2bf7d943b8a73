import { join } from 'node:path';
import type { RunFacts } from '../../reports/history/contract.js';
import { runFacts, whyNot } from '../../reports/history/run-facts.js';
import { plainText } from '../../reports/plain-text.js';
import { readResult, UnreadableResultError } from '../../reports/result-file.js';
import { findJsonFiles, SEARCH_LIMITS, type SearchLimits } from './find-results.js';

/** Largest document that is read, bytes; a run of an hour with every second in it has a tenth of it. */
export const LARGEST_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** What a folder holds. */
export interface History {
  readonly facts: readonly RunFacts[];
  /** Every metric that any of the results has. */
  readonly known: ReadonlySet<string>;
  /** A sentence for each file that is not used. */
  readonly skipped: readonly string[];
}

/**
 * Reads every result document below a folder, one after another, and keeps of each what a trend needs. A file that is no
 * result, or one that says nothing of time, is skipped with a sentence; a second copy of a run is, too.
 *
 * @param metrics dotted paths that are kept of each
 * @throws the system's error where the folder cannot be read
 */
export async function readHistory(
  folder: string,
  metrics: readonly string[],
  limits: SearchLimits = SEARCH_LIMITS,
): Promise<History> {
  const { files, skipped: passed } = await findJsonFiles(folder, limits);
  const facts: RunFacts[] = [];
  const known = new Set<string>();
  const skipped = [...passed];
  const seen = new Map<string, string>();
  for (const file of files) {
    const shown = plainText(file, 300);
    try {
      const result = await readResult(join(folder, file), LARGEST_DOCUMENT_BYTES);
      const why = whyNot(result);
      const key = JSON.stringify([result.startedAt, result.plan.seed, result.trials.length]);
      const twin = seen.get(key);
      if (why !== null) skipped.push(`${shown} is not used: ${why}.`);
      else if (twin !== undefined) skipped.push(`${shown} is not used: it is the same run as ${twin}.`);
      else {
        seen.set(key, shown);
        for (const summary of result.summary)
          for (const path of Object.keys(summary.metrics)) known.add(path);
        facts.push(runFacts(result, file, metrics));
      }
    } catch (error) {
      if (!(error instanceof UnreadableResultError)) throw error;
      // It names the file by its whole path; below the folder its own is enough.
      skipped.push(error.message.replace(plainText(join(folder, file)), shown));
    }
  }
  return { facts, known, skipped };
}
