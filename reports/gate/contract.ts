/** How much noise a metric has, and so how it may be judged: see docs/gate.md. */
export type Level =
  /** No tolerance and no statistics: every trial of both sides has the same value, or the gate says which has not. */
  | 'exact'
  /** Small noise, a tolerance of a few percent. */
  | 'near'
  /** Judged only by the interval of the ratio over at least ten interleaved pairs. */
  | 'noisy';

/** Which way a metric gets worse. `both`: any change counts, as of bytes. */
export type Direction = 'lower is better' | 'higher is better' | 'both';

/** One line of a gate. */
export interface Rule {
  /** Dotted path, as in a result's summary: `latencyUs.p50`. */
  readonly metric: string;
  readonly direction: Direction;
  /** Percent of the base's value that the metric may get worse by; 0 of `exact`. */
  readonly tolerancePercent: number;
  readonly level: Level;
  /** A metric that cannot be judged makes the gate inconclusive, and not merely `not judged`. */
  readonly required: boolean;
}

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'not judged';

/** The ratio head / base of one metric over pairs, and its interval. */
export interface RatioOfPairs {
  readonly ratio: number;
  /** Null with too few pairs. */
  readonly low: number | null;
  readonly high: number | null;
  readonly pairs: number;
}

/** What the gate says of one metric of one contestant. It keeps every value it saw. */
export interface RuleVerdict {
  readonly rule: Rule;
  readonly scenario: string;
  readonly workload: string;
  readonly clients: number;
  readonly verdict: Verdict;
  /** One sentence, with the numbers. */
  readonly message: string;
  /** A value a trial, in the order of the rounds. */
  readonly base: readonly number[];
  readonly head: readonly number[];
  readonly ratio: RatioOfPairs | null;
  /** The same base against itself, of the same run; null where it was not measured. */
  readonly aa: RatioOfPairs | null;
  /** What a person would say of the change; null where nobody can. */
  readonly word: 'better' | 'worse' | 'same' | 'cannot tell' | null;
}

/** The outcome of a gate: the worst of its verdicts, `fail` before `inconclusive` before `pass`. */
export interface GateOutcome {
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** How the two sides are called: a label of an arm, or the name of a file. */
  readonly base: string;
  readonly head: string;
  readonly rules: readonly RuleVerdict[];
  /** A sentence each: what the reader should know of the whole. */
  readonly notes: readonly string[];
}
