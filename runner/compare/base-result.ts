import { basename } from 'node:path';
import { asBase, baseScenarios } from '../../reports/comparison/record.js';
import { listed } from '../../reports/listed.js';
import { plainText } from '../../reports/plain-text.js';
import type { Result } from '../../reports/result.js';
import { readResult, UnreadableResultError } from '../../reports/result-file.js';
import { takeApart } from '../options/arguments.js';
import { compareOptions } from '../options/compare-table.js';
import type { Source } from '../options/resolve.js';
import { benchOptions } from '../options/tables.js';
import type { StoredSide } from './arm-side.js';

/** An earlier result as the base of a comparison, or why it cannot be one. */
export type BaseResult =
  | {
      readonly side: StoredSide;
      /** The options of that run that shape a trial: what a comparison with it does unless told otherwise. */
      readonly source: Source;
    }
  | { readonly mistake: string };

/** Options that the earlier run had, and a comparison has for itself. */
const NOT_INHERITED: ReadonlySet<string> = new Set([
  'base',
  'head',
  'pairs',
  'budget',
  'no-aa',
  'gate',
  'config',
  'out',
  'json',
  'quiet',
  'no-color',
  'dry-run',
  'strict',
  'seed',
]);

/**
 * Reads an earlier result to compare with.
 * @param headScenario of the registry, where the head is one: of a result with several it is the one to take
 */
export async function readBaseResult(
  label: string,
  path: string,
  headScenario: string | null,
): Promise<BaseResult> {
  let result: Result;
  try {
    result = await readResult(path);
  } catch (error) {
    if (!(error instanceof UnreadableResultError)) throw error;
    return { mistake: `${label}: ${error.message}` };
  }
  const scenarios = baseScenarios(result);
  const [only] = scenarios;
  if (only === undefined) return { mistake: `${label}: "${path}" holds no trials.` };
  const scenario = scenarios.length === 1 ? only : scenarios.find((each) => each === headScenario);
  if (scenario === undefined) {
    const names = listed(scenarios.map((name) => plainText(name, 60)));
    return {
      mistake: `${label}: "${path}" holds several scenarios (${names}); the head must be one of them.`,
    };
  }
  if (!result.trials.some((trial) => trial.scenario === scenario && trial.status === 'completed')) {
    return { mistake: `${label}: "${path}" has no completed trial of ${plainText(scenario, 60)}.` };
  }
  return {
    side: {
      kind: 'stored',
      arm: { kind: 'result', value: path },
      label: `result:${path}`,
      result: asBase(result, scenario),
      scenario,
    },
    source: sourceOf(result, path),
  };
}

/** What the earlier run was told, read from the arguments that repeat it. Values are checked as any source's are. */
function sourceOf(result: Result, path: string): Source {
  const shapes = new Map(
    Object.entries({ ...benchOptions, ...compareOptions }).map(
      ([name, { kind }]) => [name, kind === 'flag' ? 'flag' : 'value'] as const,
    ),
  );
  const { given } = takeApart(result.command, shapes);
  const inherited = [...given].filter(
    ([name]) => Object.hasOwn(compareOptions, name) && !NOT_INHERITED.has(name),
  );
  const file = basename(path);
  return { label: (name) => `--${name} of ${file}`, given: new Map(inherited) };
}
