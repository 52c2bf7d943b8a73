import type { GateOutcome } from '../reports/gate/contract.js';

/**
 * What the process's exit code says. docs/exit-codes.md explains each for people.
 */
export const EXIT = {
  /** Everything asked for was done. */
  done: 0,
  /** A gate failed, or messages were lost under `--strict`. */
  gateFailed: 1,
  /** Wrong usage or configuration, an unreadable input file or an unwritable output folder; nothing was started. */
  usage: 2,
  /** A scenario is left without a valid trial, or a gate is inconclusive. */
  noValidTrial: 3,
  /** A fault of the tool, the target or the machine: a dead child, a full disk. */
  fault: 4,
  /** Interrupted by SIGINT; a partial result was written and marked. */
  interrupted: 130,
  /** Terminated by SIGTERM; a partial result was written and marked. */
  terminated: 143,
} as const;

/** What a gate says in the process's exit code. */
export const GATE_EXIT: Readonly<Record<GateOutcome['outcome'], number>> = {
  pass: EXIT.done,
  fail: EXIT.gateFailed,
  inconclusive: EXIT.noValidTrial,
};

/** From harmless to worst: an interruption says least about the run, so it hides no fault but every lesser code. */
const SEVERITY: readonly number[] = [0, 1, 3, 2, 130, 143, 4];

/**
 * The worst of several exit codes.
 *
 * Worst first: 4 (fault), 143, 130 (interrupted: the run is incomplete, whatever else it says), 2 (usage),
 * 3 (no valid trial: nothing can be claimed), 1 (a gate failed), 0. A code outside the table counts as a fault.
 */
export function worstExitCode(...codes: readonly number[]): number {
  let worst = 0;
  for (const code of codes) {
    const known = SEVERITY.includes(code) ? code : EXIT.fault;
    if (SEVERITY.indexOf(known) > SEVERITY.indexOf(worst)) worst = known;
  }
  return worst;
}

/** The exit code of a run that a signal ended: 128 + the signal's number. */
export function exitCodeOfSignal(signal: 'SIGINT' | 'SIGTERM'): number {
  return signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
}
