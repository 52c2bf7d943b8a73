import type { BenchEnvironment, TrialLab, TrialRecord } from '../trials/contract.js';

/** The languages of the page: English, and Chinese for the article's readers. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
/** The same in each language, with the same numbers. Plain Markdown where a page shows it, plain text in charts. */
export type Text = Readonly<Record<Language, string>>;

/** What the data say of a claim; `open` where a trial that it rests on was not valid. */
export type Verdict = 'holds' | 'condition' | 'fails' | 'open';

/** Transports as charts colour them. */
export type TransportId = 'polling' | 'longpoll' | 'iframe' | 'sse' | 'websocket' | 'polling-close';

/** Horizontal bars from zero, each with its value beside it. */
export interface BarChart {
  readonly kind: 'bars';
  readonly title: Text;
  /** What the parts of a bar are, from the left; with one part the bars have their transport's colour. */
  readonly parts?: readonly Text[];
  readonly bars: readonly {
    readonly label: Text;
    readonly transport?: TransportId;
    /** None where there is no valid trial. */
    readonly values: readonly number[] | null;
    readonly shown: Text;
  }[];
  /** A line across the bars. */
  readonly mark?: { readonly at: number; readonly label: Text };
}

export interface Axis {
  readonly label: Text;
  readonly scale: 'linear' | 'log';
}

/** Lines over a common axis, each with its name at its end. */
export interface LineChart {
  readonly kind: 'lines';
  readonly title: Text;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly {
    readonly name: Text;
    readonly transport?: TransportId;
    readonly dashed?: boolean;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

export type Chart = BarChart | LineChart;

export interface Table {
  readonly heads: readonly Text[];
  /** How many columns, from the left, hold words. */
  readonly texts: number;
  readonly rows: readonly (readonly Text[])[];
}

/** What follows from a claim's data, by its rule. */
export interface Conclusion {
  readonly verdict: Verdict;
  /** The number, in one line. */
  readonly figure: Text;
  /** What was measured, with which sizes. */
  readonly method: Text;
  /** The first says why the verdict is what it is. */
  readonly sentences: readonly Text[];
  readonly tables: readonly Table[];
  readonly charts: readonly Chart[];
}

/** A claim of the article and how it is put to the test. */
export interface Claim {
  /** For `--only`, and the name of its charts' files. */
  readonly id: string;
  /** The claim in a line. */
  readonly title: Text;
  /** When it holds, and when with a condition; otherwise it does not. */
  readonly rule: { readonly holds: Text; readonly condition: Text };
  /** The condition in plain words, for a verdict that has one. */
  readonly plainCondition: Text;
  /** What the numbers leave out, whatever they are. */
  readonly notes: readonly Text[];
  /** @returns plain data, all that `conclude` needs */
  measure(lab: TrialLab): Promise<unknown>;
  /** Pure. @throws ClaimDataError when the data are not this claim's */
  conclude(data: unknown): Conclusion;
}

/** A claim as docs/claims.json keeps it. */
export interface ClaimRecord {
  readonly id: string;
  readonly data: unknown;
  /** The trials it rests on, as places in the document's list; several claims share some. */
  readonly trials: readonly number[];
}

export const CLAIMS_SCHEMA = 'pushbench/claims@1';

/** docs/claims.json: one run. */
export interface ClaimsDocument {
  readonly schema: typeof CLAIMS_SCHEMA;
  readonly tool: { readonly name: string; readonly version: string };
  readonly mode: 'full' | 'quick';
  readonly seed: number;
  /** ISO date and time. */
  readonly measuredAt: string;
  readonly seconds: number;
  readonly environment: BenchEnvironment;
  readonly claims: readonly ClaimRecord[];
  readonly trials: readonly TrialRecord[];
}
