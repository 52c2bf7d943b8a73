import type { Result } from '../../reports/result.js';
import type { Contender } from '../contender.js';
import type { Arm } from './arm.js';
import type { GitRepository } from './git-repository.js';
import type { SetupCommand } from './setup-command.js';

/** What must be there before an arm of a git ref can be started. */
export interface Checkout {
  readonly repository: GitRepository;
  readonly commit: string;
  /** What makes a fresh tree ready; its folder is that of the user's checkout. Null where nothing has to be done. */
  readonly setup: SetupCommand | null;
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
  readonly result: Result;
}

export type Side = MeasuredSide | StoredSide;
