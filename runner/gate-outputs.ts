import { appendFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GateOutcome } from '../reports/gate/contract.js';
import { UnwritableError, writeFileAtomically } from '../reports/result-file.js';
import type { gateOutputOptions } from './options/gate-output-table.js';
import type { OptionValues } from './options/option.js';
import { openOutFiles } from './out-file.js';
import type { Terminal } from './terminal.js';

export type GateOutputValues = OptionValues<typeof gateOutputOptions>;

/** Where a gate's verdicts go beside the terminal. */
export interface GateOutputs {
  /** Sentences on files that cannot be written; known before anything starts. */
  readonly mistakes: readonly string[];
  /** Removes what the check created. */
  undo(): void;
  /**
   * Writes all of them.
   * @throws UnwritableError where the system refuses after all
   */
  write(outcome: GateOutcome): Promise<void>;
}

const JOB_SUMMARY = 'GITHUB_STEP_SUMMARY';

/** The file that GitHub reads a step's summary from, where one is wanted. */
function jobSummaryOf(values: GateOutputValues, env: Terminal['env']): string | undefined {
  if (values.github !== true || values.summary !== undefined) return undefined;
  return env[JOB_SUMMARY] || undefined;
}

/** Bytes of a file, 0 where it is not there yet. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Other programs of the step write into it, too: it is added to and never replaced. */
async function appendJobSummary(path: string, outcome: GateOutcome): Promise<void> {
  const { JOB_SUMMARY_BYTES, renderJobSummary } = await import('../reports/ci/job-summary.js');
  try {
    const before = sizeOf(path);
    const text = renderJobSummary(outcome, JOB_SUMMARY_BYTES - before - 1);
    // What another program wrote may end without a line break, and would swallow the heading.
    if (text !== '') appendFileSync(path, before > 0 ? `\n${text}` : text);
  } catch (error) {
    throw new UnwritableError(`${JOB_SUMMARY} cannot be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Outputs that are asked for by name, though nothing is judged: a sentence each. */
export function withoutGate(values: GateOutputValues): readonly string[] {
  return (['junit', 'summary', 'annotations', 'github'] as const)
    .filter((name) => values[name] !== undefined && values[name] !== false)
    .map((name) => `--${name} needs --gate: without it a comparison ends without a verdict.`);
}

/** Checks where the verdicts shall go; nothing is written but folders. */
export function openGateOutputs(values: GateOutputValues, terminal: Terminal): GateOutputs {
  const { env, stderr } = terminal;
  const jobSummary = jobSummaryOf(values, env);
  const files = openOutFiles([
    { path: values.junit, label: '--junit' },
    { path: values.summary, label: '--summary' },
    { path: jobSummary, label: JOB_SUMMARY },
  ]);
  const isAnnotated = values.annotations ?? (values.github === true || env.GITHUB_ACTIONS === 'true');
  return {
    ...files,
    async write(outcome) {
      if (values.junit !== undefined) {
        const { renderJunit } = await import('../reports/ci/junit.js');
        await writeFileAtomically(resolve(values.junit), [renderJunit(outcome)]);
      }
      if (values.summary !== undefined) {
        const { renderJobSummary } = await import('../reports/ci/job-summary.js');
        await writeFileAtomically(resolve(values.summary), [renderJobSummary(outcome)]);
      }
      if (jobSummary !== undefined) await appendJobSummary(resolve(jobSummary), outcome);
      if (isAnnotated) {
        const { renderAnnotations } = await import('../reports/ci/annotations.js');
        // GitHub reads commands from both streams; stdout may be a document.
        for (const line of renderAnnotations(outcome)) stderr.write(`${line}\n`);
      }
    },
  };
}
