import type { MeasuredTrial } from '../../reports/result.js';
import type { LiveReading } from '../../runner/observer.js';
import type { Plan } from '../../runner/plan.js';

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
  measure(lab: PaperLab): Promise<ClaimFindings>;
}

/** A server of a claim's own: its host's entry file and what the page says of it. */
export interface PaperServer {
  readonly entry: string;
  readonly description: string;
}

/** A trial that a claim asks for; what it leaves out is small and plain. */
export interface TrialWish {
  readonly scenario: string;
  readonly clients: number;
  readonly plan: Partial<Omit<Plan, 'scenarios' | 'clients' | 'limits' | 'overridden'>>;
  /** Another server than the reference one. */
  readonly server?: PaperServer;
  /** Counts and bytes only: the health rules, which are about times, are off. */
  readonly bytesOnly?: boolean;
  readonly onReading?: (reading: LiveReading) => void;
}

/** Where claims get their numbers from. */
export interface PaperLab {
  /** The full size, or the small one of `--quick`. */
  size<T>(full: T, quick: T): T;
  /** Runs a trial and keeps a record of it. @returns null when it was void or failed: such a one gives no figure */
  run(wish: TrialWish): Promise<MeasuredTrial | null>;
}

/** A trial as the page lists it. */
export interface TrialRecord {
  /** Of `npm run bench`, for the same trial. */
  readonly options: string;
  /** What was served, where it was not the reference server. */
  readonly server?: string;
  readonly rules: 'in force' | 'off';
  readonly status: 'completed' | 'void' | 'failed';
  /** Codes, as docs/metrics.md explains them. */
  readonly reasons: readonly string[];
}

/** The machine, without what would tell which one it was. */
export interface PaperEnvironment {
  readonly node: string;
  readonly os: string;
  readonly kernel: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly allowedCores: number | null;
  readonly memoryBytes: number;
  readonly pinned: boolean;
}

/** A claim as docs/paper-vs-ours.json keeps it. */
export interface ClaimRecord extends ClaimFindings {
  readonly id: string;
  readonly title: string;
  readonly mode: 'full' | 'quick';
  /** ISO date and time. */
  readonly measuredAt: string;
  readonly seconds: number;
  readonly environment: PaperEnvironment;
  readonly trials: readonly TrialRecord[];
}

export const PAPER_SCHEMA = 'pushbench/paper@1';

/** docs/paper-vs-ours.json. */
export interface PaperDocument {
  readonly schema: typeof PAPER_SCHEMA;
  readonly claims: readonly ClaimRecord[];
}
