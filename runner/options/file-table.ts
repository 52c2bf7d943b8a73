import { compareOptions } from './compare-table.js';
import type { OptionTable } from './option.js';
import { benchOptions } from './tables.js';

/** What a configuration file may say: one file serves runs and comparisons, and each passes over what only the other knows. */
export const fileOptions = {
  ...benchOptions,
  ...compareOptions,
  // What both know a file says as it does to a run.
  ...benchOptions,
} as const satisfies OptionTable;
