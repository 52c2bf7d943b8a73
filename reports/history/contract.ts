/** Name and version of the document that `pushbench trend --json` writes. */
export const TREND_SCHEMA = 'pushbench/trend@1';

/** Numbers of one contestant of one run: the median over its completed trials, by dotted path. */
export interface ContestantValues {
  readonly scenario: string;
  readonly title: string;
  /** Place in the registry: its colour. */
  readonly order: number;
  readonly workload: string;
  readonly clients: number;
  readonly trials: number;
  readonly values: ReadonlyMap<string, number>;
}

/** What may differ between runs of one group and may explain a change. */
export interface RunLabels {
  /** Path of the document, from the folder that was read. */
  readonly file: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly version: string;
  readonly node: string;
  readonly kernel: string;
}

/** What a trend needs of a result, and no more: documents are large and many. */
export interface RunFacts extends RunLabels {
  /** Equal for runs that can be compared: the same load on the same kind of machine. */
  readonly likeness: string;
  /** The load and the machine in words. */
  readonly load: string;
  readonly machine: string;
  readonly contestants: readonly ContestantValues[];
}

/** The values from one change to the next. */
export interface Level {
  /** Index of its first and last point in `points`. */
  readonly first: number;
  readonly last: number;
  readonly median: number;
}

export interface Change {
  /** Index in `points` of the first value of the new level. */
  readonly point: number;
  /** Index of its run in `runs`. */
  readonly run: number;
  /** Medians of the levels before and after. */
  readonly before: number;
  readonly after: number;
  /** (after / before - 1) x 100; null from zero. */
  readonly percent: number | null;
  /** See `changePoints`. */
  readonly p: number;
  /** What else changed between the run before and this one, a phrase each. */
  readonly beside: readonly string[];
}

/** One metric of one contestant over the runs of a group. */
export interface Series {
  readonly scenario: string;
  readonly title: string;
  readonly order: number;
  readonly workload: string;
  readonly clients: number;
  /** Dotted path. */
  readonly metric: string;
  /** In the order of time; runs without this number have no point. */
  readonly points: readonly { readonly run: number; readonly value: number }[];
  readonly levels: readonly Level[];
  readonly changes: readonly Change[];
}

/** Runs of the same load on the same kind of machine. */
export interface TrendGroup {
  readonly load: string;
  readonly machine: string;
  /** By `startedAt`. */
  readonly runs: readonly RunLabels[];
  readonly series: readonly Series[];
}

/** What a folder of results says over time. */
export interface TrendDocument {
  readonly schema: typeof TREND_SCHEMA;
  /** Documents that were used. */
  readonly results: number;
  /** Files that were not, a sentence each. */
  readonly skipped: readonly string[];
  readonly metrics: readonly string[];
  /** How changes were found. */
  readonly method: {
    readonly name: string;
    readonly level: number;
    readonly leastValues: number;
    readonly shuffles: number;
    readonly seed: number;
  };
  /** The one with most runs first. */
  readonly groups: readonly TrendGroup[];
  /** Series that were left out because there are too many. */
  readonly seriesLeftOut: number;
}
