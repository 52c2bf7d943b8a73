import type { Trial } from '../reports/result.js';
import type { Contestant } from './plan.js';

/** Steps of a trial, in order. */
export type Phase =
  | 'starting'
  | 'connecting'
  | 'settling'
  | 'warming up'
  | 'measuring'
  | 'draining'
  | 'stopping';

/** What can be seen of a trial while it runs; sent a few times a second. */
export interface LiveReading {
  readonly phase: Phase;
  readonly connected: number;
  /** Messages delivered so far in this trial, over all clients. */
  readonly delivered: number;
  /** p99 of the measure window so far, microseconds; null before the first delivery. */
  readonly p99Us: number | null;
}

/** Watches a run: the progress display implements it, tests record with it. Calls never throw. */
export interface RunObserver {
  runStarted(contestants: readonly Contestant[], estimateSeconds: number): void;
  trialStarted(contestant: Contestant): void;
  trialReading(contestant: Contestant, reading: LiveReading): void;
  trialEnded(contestant: Contestant, trial: Trial): void;
  /** A sentence for people, such as "autocannon measures the polling server's ceiling (2 s)". */
  note(message: string): void;
  runEnded(): void;
}
