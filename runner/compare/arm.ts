/** What an arm of a comparison can be, in the order in which a name without a prefix is looked for. */
export const ARM_KINDS = ['result', 'scenario', 'target', 'git', 'cmd'] as const;
export type ArmKind = (typeof ARM_KINDS)[number];

/** How arms are typed, in sentences for people; only the base can be an earlier result. */
export const ARM_FORMS = 'scenario:<id>, target:<name>, cmd:<command line> or git:<ref>';
export const RESULT_FORM = 'result:<file> of an earlier run';

/** An arm as it was given: `git:main`, or a word without a prefix, whose kind is not known yet. */
export interface GivenArm {
  readonly kind: ArmKind | null;
  /** Behind the prefix. */
  readonly value: string;
}

/** An arm whose kind is known. */
export interface Arm {
  readonly kind: ArmKind;
  readonly value: string;
}

/** The prefix of an arm, as it is typed. */
export function armText({ kind, value }: Arm): string {
  return `${kind}:${value}`;
}

/** Takes the prefix off; what stands before a colon that is no prefix belongs to the word. */
export function parseArm(text: string): GivenArm {
  const at = text.indexOf(':');
  const kind = ARM_KINDS.find((each) => each === text.slice(0, Math.max(0, at)));
  return kind === undefined ? { kind: null, value: text.trim() } : { kind, value: text.slice(at + 1).trim() };
}
