import type { BenchEnvironment, TrialLab, TrialRecord } from '../trials/contract.js';

/** Where a published figure stands. */
export interface Source {
  /** Who, what, when. */
  readonly name: string;
  readonly url?: string;
}

/** A published figure: one number, or the two ends of the range they give. */
export type Published = number | readonly [low: number, high: number];

/** One published figure beside the same quantity of ours. */
export interface Comparison {
  readonly what: string;
  /** As printed behind the numbers; empty for plain numbers. */
  readonly unit: string;
  /** Null where they give none. */
  readonly theirs: Published | null;
  /** Null where there is none; `absent` says why. */
  readonly ours: number | null;
  readonly absent?: string;
  /** Ours by theirs; null where either is missing. For a range by its nearer end, and 1 inside it. */
  readonly ratio: number | null;
  /** Whether ours was measured at this size, or computed from what was measured at another. */
  readonly origin: 'measured' | 'model';
}

/** What a claim's function returns. Sentences are plain Markdown. */
export interface ClaimFindings {
  readonly source: Source;
  readonly theirFigure: string;
  readonly theirWorkload: string;
  readonly ourWorkload: string;
  /** The first is the headline. */
  readonly comparisons: readonly Comparison[];
  /** What follows from our numbers, written from them. */
  readonly findings: readonly string[];
  /** Why the two differ: what is different in kind, whatever the numbers of a run are. */
  readonly why: readonly string[];
}

/** One published claim and how it is measured here. */
export interface Claim {
  /** For `--only`. */
  readonly id: string;
  readonly title: string;
  measure(lab: TrialLab): Promise<ClaimFindings>;
}

/** A claim as docs/paper-vs-ours.json keeps it. */
export interface ClaimRecord extends ClaimFindings {
  readonly id: string;
  readonly title: string;
  readonly mode: 'full' | 'quick';
  /** ISO date and time. */
  readonly measuredAt: string;
  readonly seconds: number;
  readonly environment: BenchEnvironment;
  readonly trials: readonly TrialRecord[];
}

export const PAPER_SCHEMA = 'pushbench/paper@1';

/** docs/paper-vs-ours.json. */
export interface PaperDocument {
  readonly schema: typeof PAPER_SCHEMA;
  readonly claims: readonly ClaimRecord[];
}
