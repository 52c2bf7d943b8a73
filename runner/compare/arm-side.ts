import type { Result } from '../../reports/result.js';
import type { Contender } from '../contender.js';
import type { Arm } from './arm.js';
import type { GitRepository } from './git-repository.js';
import type { SetupCommand } from './setup-command.js';

/** What must be there before an arm of a git ref can be started. */
export interface Checkout {
  readonly repository: GitRepository;
  readonly commit: string;
  /** The arm as it runs in that tree instead of the user's, and what makes the tree ready, null where nothing must be done. */
  relocate(tree: string): { readonly contender: Contender; readonly setup: SetupCommand | null };
}

/** An arm that runs. */
export interface MeasuredSide {
  readonly kind: 'measured';
  readonly arm: Arm;
  /** For people: `git:main (c0ffee123456)`. */
  readonly label: string;
  readonly contender: Contender;
  readonly checkout: Checkout | null;
}

/** An arm that ran before. */
export interface StoredSide {
  readonly kind: 'stored';
  readonly arm: Arm;
  readonly label: string;
  /** Its trials of one scenario. */
  readonly result: Result;
  /** The name of that scenario: the head runs under the same, so that the two results can be compared again. */
  readonly scenario: string;
}

export type Side = MeasuredSide | StoredSide;
