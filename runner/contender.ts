import type { Arm } from '../reports/result.js';
import type { TargetSpec } from './target/contract.js';

/**
 * What runs under a name of `plan.scenarios`. Most names are those of the registry and stand for themselves; a plan may
 * give others a meaning of their own, such as the two arms of a comparison. Plain data.
 */
export interface ReferenceContender {
  readonly kind: 'reference';
  /** For people, where it is not the scenario's own title. */
  readonly title: string;
  /** Of the registry: how its clients behave, and which server its host starts. */
  readonly scenario: string;
  /** Another host's entry file than that of the reference servers. */
  readonly hostEntry?: string;
}

/** A server of the user's. */
export interface TargetContender {
  readonly kind: 'target';
  readonly title: string;
  readonly target: TargetSpec;
  /** Of the run's markers, eight lower-case hex digits; every trial has one of its own, which follows from it. */
  readonly run: string;
}

export type Contender = ReferenceContender | TargetContender;

/** Who runs once in every round, at each number of clients. */
export interface Entrant {
  readonly scenario: string;
  /** In an A/A run or a comparison. */
  readonly arm?: Arm;
}

/** The part of a plan that says what its names mean. */
export interface Contending {
  /** What names mean that are not of the registry; left out without such names. */
  readonly contenders?: Readonly<Record<string, Contender>>;
}
