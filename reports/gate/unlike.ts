import { plainText } from '../plain-text.js';
import type { Environment, Result } from '../result.js';
import { unlikeTargets } from './unlike-targets.js';

/** Two runs did not measure the same, so no gate can compare them. One sentence a field. */
export class UnlikePlansError extends Error {
  override readonly name = 'UnlikePlansError';

  constructor(readonly differences: readonly string[]) {
    super(differences.join(' '));
  }
}

type Plan = Result['plan'];

/** Fields of a plan that do not change what a trial measures, only how often, in which order, or what becomes of it. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'seed',
  'trials',
  'auto',
  'aa',
  'arms',
  'slopes',
  'limits',
  'overridden',
  'contenders',
  'budgetSeconds',
]);

/** What a field means that a plan leaves out. */
const ABSENT: Readonly<Record<string, unknown>> = {
  content: 'text',
  cookieBytes: 0,
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  verifyWire: false,
};

/** Whose order says nothing. */
const SETS: ReadonlySet<string> = new Set(['scenarios', 'clients']);

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, canonical(part)]),
  );
}

function textOf(plan: Plan, field: string): string {
  const value = Object.hasOwn(plan, field) ? plan[field] : undefined;
  const meant = value ?? ABSENT[field] ?? null;
  const list = SETS.has(field) && Array.isArray(meant) ? [...new Set(meant.map(String))].sort() : meant;
  return JSON.stringify(canonical(list));
}

function shown(text: string): string {
  return text === 'null' ? 'nothing' : plainText(text, 80);
}

/** A sentence for each field in which two plans would measure something else. */
export function unlikePlans(old: Plan, fresh: Plan): string[] {
  const fields = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (field) => !ELSEWHERE.has(field),
  );
  const ofTargets = unlikeTargets(old, fresh);
  const ofFields = fields.flatMap((field) => {
    const [before, after] = [textOf(old, field), textOf(fresh, field)];
    if (before === after) return [];
    return [
      `The plans differ in ${plainText(field, 60)}: ${shown(before)} in the baseline, ${shown(after)} in the new result.`,
    ];
  });
  return [...ofFields, ...ofTargets];
}

const MACHINE: readonly (readonly [keyof Environment, string])[] = [
  ['cpuModel', 'processor'],
  ['cores', 'number of cores'],
  ['allowedCores', 'number of allowed cores'],
  ['cpuQuotaCores', 'CPU quota'],
  ['os', 'operating system'],
  ['kernel', 'kernel'],
  ['node', 'Node version'],
  ['pinned', 'pinning'],
];

/** What differs between two machines, with both values; empty for like ones. */
export function unlikeMachines(old: Environment, fresh: Environment): string[] {
  return MACHINE.filter(([field]) => old[field] !== fresh[field]).map(
    ([field, name]) =>
      `${name} (${plainText(String(old[field]), 60)}, now ${plainText(String(fresh[field]), 60)})`,
  );
}
