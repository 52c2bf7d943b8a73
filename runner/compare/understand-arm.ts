import { existsSync } from 'node:fs';
import { nearest } from '../options/suggest.js';
import { splitCommand, UnfinishedCommand } from '../target/split-command.js';
import {
  ARM_FORMS,
  ARM_KINDS,
  type Arm,
  type ArmKind,
  armText,
  type GivenArm,
  parseArm,
  RESULT_FORM,
} from './arm.js';

/** What names may mean where the command was called. */
export interface Surroundings {
  readonly scenarios: readonly string[];
  /** Of the configuration; empty without one. */
  readonly targets: readonly string[];
  isFile(path: string): boolean;
  /** Null outside a repository. */
  readonly git: {
    commitOf(ref: string): Promise<string | null>;
    names(): Promise<readonly string[]>;
  } | null;
  /** With `git` null: what git said, where there may be a repository that it cannot read; null outside any. */
  readonly gitFault: string | null;
}

/** An arm that is understood, or why it is not. */
export type Understood =
  | {
      readonly arm: Arm;
      /** What a word without a prefix was taken for; null where there was nothing to guess. */
      readonly note: string | null;
    }
  | { readonly mistake: string };

const KIND_NAMES: Readonly<Record<ArmKind, string>> = {
  result: 'an earlier result',
  scenario: 'a scenario',
  target: 'a target of the configuration',
  git: 'a git ref',
  cmd: 'a command',
};
const FORMS = `${ARM_FORMS}; of the base also ${RESULT_FORM}`;

/** For real: files of the file system. */
export const isFile = (path: string): boolean => existsSync(path);

/**
 * What an arm means. A word without a prefix is looked for as a .json file, a scenario, a target and a git ref; found as
 * two of them it is refused.
 */
export async function understandArm(flag: string, text: string, around: Surroundings): Promise<Understood> {
  const given = parseArm(text);
  const label = `${flag}: "${text}"`;
  if (given.value === '') return { mistake: `${label} names nothing; allowed: ${FORMS}.` };
  if (given.kind !== null) {
    const arm = { ...given, kind: given.kind };
    const mistake = await mistakeIn(arm, label, around);
    return mistake === null ? { arm, note: null } : { mistake };
  }
  return guess(given, flag, label, around);
}

async function guess(
  { value }: GivenArm,
  flag: string,
  label: string,
  around: Surroundings,
): Promise<Understood> {
  const kinds: ArmKind[] = [];
  for (const kind of ARM_KINDS) if (await isOne({ kind, value }, around)) kinds.push(kind);
  const [first, ...others] = kinds;
  if (first === undefined) return { mistake: await unknown(value, label, around) };
  if (others.length > 0) {
    const forms = kinds.map((kind) => `${armText({ kind, value })} (${KIND_NAMES[kind]})`);
    return {
      mistake: `${label} may be ${KIND_NAMES[first]} or ${KIND_NAMES[others[0]!]}: write ${forms.join(' or ')}.`,
    };
  }
  return {
    arm: { kind: first, value },
    note: `${flag} ${value} was understood as ${armText({ kind: first, value })}, ${KIND_NAMES[first]}.`,
  };
}

async function isOne({ kind, value }: Arm, around: Surroundings): Promise<boolean> {
  switch (kind) {
    case 'result':
      return value.endsWith('.json') && around.isFile(value);
    case 'scenario':
      return around.scenarios.includes(value);
    case 'target':
      return around.targets.includes(value);
    case 'git':
      return around.git !== null && (await around.git.commitOf(value)) !== null;
    case 'cmd':
      // A command is never guessed.
      return false;
  }
}

async function mistakeIn(arm: Arm, label: string, around: Surroundings): Promise<string | null> {
  const { kind, value } = arm;
  switch (kind) {
    case 'cmd':
      return commandMistake(value, label);
    // Reading tells more than looking.
    case 'result':
      return null;
    case 'scenario':
      if (await isOne(arm, around)) return null;
      return `${label}: there is no scenario "${value}".${hint(value, around.scenarios, 'scenario')}`;
    case 'target':
      if (await isOne(arm, around)) return null;
      return around.targets.length === 0
        ? `${label}: no targets are known; name the file that has them with --config.`
        : `${label}: there is no target "${value}".${hint(value, around.targets, 'target')}`;
    case 'git':
      if (around.git === null) {
        const why = around.gitFault;
        return `${label}: ${why === null ? 'this is not a git repository.' : `no ref can be looked up; git says: ${why}.`}`;
      }
      if (await isOne(arm, around)) return null;
      return `${label}: git knows no commit by the name "${value}".${hint(value, await around.git.names(), 'git')}`;
  }
}

function commandMistake(command: string, label: string): string | null {
  try {
    return splitCommand(command)[0] ? null : `${label} names no program.`;
  } catch (error) {
    if (!(error instanceof UnfinishedCommand)) throw error;
    return `${label} ${error.message}.`;
  }
}

/** The nearest name, or all of them where there are few. */
function hint(value: string, names: readonly string[], kind: ArmKind): string {
  const near = nearest(value, names);
  if (near !== null) return ` Did you mean ${armText({ kind, value: near })}?`;
  const few = names.length > 0 && names.length <= 12 ? ` Known: ${names.join(', ')}.` : '';
  return kind === 'git' ? `${few} A shallow clone knows few: fetch the ref first.` : few;
}

async function unknown(value: string, label: string, around: Surroundings): Promise<string> {
  const known: [ArmKind, readonly string[]][] = [
    ['scenario', around.scenarios],
    ['target', around.targets],
    ['git', (await around.git?.names()) ?? []],
  ];
  const near = nearest(
    value,
    known.flatMap(([, names]) => names),
  );
  const kind = known.find(([, names]) => near !== null && names.includes(near))?.[0];
  const meant = near === null || kind === undefined ? '' : ` Did you mean ${armText({ kind, value: near })}?`;
  const places = [
    value.endsWith('.json') ? 'a file that exists' : null,
    'a scenario',
    around.targets.length > 0 ? 'a target' : null,
    around.git === null ? null : 'a git ref',
  ].filter((place) => place !== null);
  const doubt =
    around.gitFault === null ? '' : ` No git ref could be looked up; git says: ${around.gitFault}.`;
  return `${label} is neither ${places.join(' nor ')}; allowed: ${FORMS}.${meant}${doubt}`.replace(
    'is neither a scenario;',
    'is no scenario;',
  );
}
