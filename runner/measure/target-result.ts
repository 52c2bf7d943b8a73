import type { EncodedHistogram } from './histogram.js';

/** What clients of a server that is not ours told besides, from the window's opening to its close. */
export interface TargetResult {
  readonly unmarked: number;
  readonly otherRuns: number;
  /** Where the server publishes by itself. */
  readonly self?: {
    /** From a client's message to its next, microseconds. */
    readonly gaps: EncodedHistogram;
    /** Messages whose time was ahead of this machine's clock; null where messages carry none. */
    readonly backwards: number | null;
    /** Messages by row of the timeline. */
    readonly rows: readonly number[];
  };
}
